//! The product's name, logo and colour, and that the policy lets nothing else in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::support::config::config_with;
use crate::support::seen::Seen;
use crate::support::world::World;

fn branded(changes: &[(&'static str, &str)]) -> World {
    World { config: config_with(changes), ..World::new() }
}

fn policy(seen: &Seen) -> String {
    seen.header("content-security-policy").to_owned()
}

/// Pages of every kind: a form, a notice, a refusal, and one who is signed in.
fn pages(world: &mut World) -> [Seen; 4] {
    world.sign_in(|scenario| scenario);
    ["/sso/login", "/nothing", "/sso/nobody/login", "/sso/"].map(|path| world.get(path))
}

#[test]
fn every_page_bears_the_products_name() {
    for page in pages(&mut branded(&[("PRODUCT_NAME", " R&D <Media> ")])) {
        let body = &page.answer.body;
        assert!(body.contains(" – R&#38;D &#60;Media&#62;</title>"), "{body}");
        let (_, header) = body.split_once("<header>").expect("a header");
        assert!(header.trim_start().starts_with("R&#38;D &#60;Media&#62;"), "{body}");
        assert!(!policy(&page).contains("img-src"));
    }
}

#[test]
fn pages_load_the_logo_and_no_other_image() {
    let logo = "https://cdn.example/logo.svg?v=2";
    let changes = [("PRODUCT_NAME", "Media"), ("LOGO_URL", logo)];
    for page in pages(&mut branded(&changes)) {
        assert!(page.answer.body.contains(&format!("<img src=\"{logo}\" alt=\"Media\">")));
        assert!(policy(&page).ends_with("; img-src https://cdn.example/logo.svg"));
    }
    let inline = "data:image/svg+xml;base64,PHN2Zy8+";
    let page = branded(&[("LOGO_URL", inline)]).get("/sso/login");
    assert!(page.answer.body.contains(&format!("<img src=\"{inline}\" alt=\"\">")));
    assert!(policy(&page).ends_with("; img-src data:"));
}

#[test]
fn the_accent_is_part_of_the_style_that_the_policy_names() {
    for page in pages(&mut branded(&[("ACCENT_COLOR", "#FFCC00")])) {
        let (_, rest) = page.answer.body.split_once("<style>").expect("a style");
        let (style, _) = rest.split_once("</style>").expect("an end");
        assert!(style.contains(":root{--accent:#ffcc00;--on-accent:#000000;--link:#"), "{style}");
        let hash = STANDARD.encode(Sha256::digest(style));
        assert!(policy(&page).contains(&format!("style-src 'sha256-{hash}';")));
    }
}

#[test]
fn without_a_brand_there_is_none() {
    for page in pages(&mut World::new()) {
        assert!(!page.answer.body.contains("<header>"));
        assert!(!page.answer.body.contains('–'));
    }
}

#[test]
fn what_is_no_page_may_load_nothing() {
    let seen = branded(&[("LOGO_URL", "https://cdn.example/logo.svg")]).get("/sso/session");
    assert_eq!(policy(&seen), "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
}
