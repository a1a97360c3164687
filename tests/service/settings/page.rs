//! The settings page: whom it is for, and what it shows.

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::common::METADATA;
use crate::settings::setup_links::{
    SETTINGS, {self},
};
use crate::support::config::{BASE_URL, config_with};
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

/// Signs `world`'s browser in as somebody with `role`.
pub(crate) fn sign_in_as(world: &mut World, role: &str) {
    let seen = world.sign_in(|it| it.in_assertion(">developer<", &format!(">{role}<")));
    assert_eq!(seen.answer.status, 303);
}

/// What the forms of a page carry back.
pub(crate) fn form_token(body: &str) -> String {
    let (_, rest) = body.split_once("name=\"form_token\" value=\"").expect("a form");
    rest.split('"').next().expect("a token").to_owned()
}

fn leads_to_login(seen: &Seen) -> bool {
    seen.answer.status == 303
        && seen.header("location") == "/sso/acme/login?return_to=%2Fsso%2Facme%2Fsettings"
}

#[test]
fn an_administrator_sees_the_settings() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    let seen = world.get(SETTINGS);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("Single sign-on is on"));
    assert!(seen.answer.body.contains("You are signed in as Ada Lovelace"));
}

#[test]
fn nobody_is_sent_to_the_login_first() {
    let mut world = World::new();
    assert!(leads_to_login(&world.get(SETTINGS)));
    let seen = world.submit(SETTINGS, &[("action", "leave")]);
    assert!(leads_to_login(&seen));
}

/// Of an account that does not exist it is said as of another one's.
#[test]
fn others_are_told_the_same_of_every_account() {
    let mut world = World::new();
    sign_in_as(&mut world, "developer");
    let own = world.get(SETTINGS);
    assert_eq!((&*own.refusal(), own.answer.status), ("settings_forbidden", 403));
    assert_eq!(own.logged("event"), "settings_refused");
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    world.add("other", METADATA, None);
    let mut seen = Vec::new();
    for account in ["other", "nobody"] {
        let page = world.get(&format!("/sso/{account}/settings"));
        assert_eq!((&*page.refusal(), page.answer.status), ("settings_forbidden", 403));
        let reference = page.logged("reference");
        seen.push(page.answer.body.replace(account, "").replace(&reference, ""));
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn the_roles_of_administrators_are_configured() {
    let mut world = World { config: config_with(&[("ADMIN_ROLES", "finance")]), ..World::new() };
    sign_in_as(&mut world, "account_administrator");
    assert_eq!(world.get(SETTINGS).refusal(), "settings_forbidden");
    let mut world = World { config: config_with(&[("ADMIN_ROLES", "finance")]), ..World::new() };
    sign_in_as(&mut world, "finance");
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    // Without that role there is nobody.
    let mut world =
        World { config: config_with(&[("ROLES", "developer,finance")]), ..World::new() };
    sign_in_as(&mut world, "developer");
    assert_eq!(world.get(SETTINGS).refusal(), "settings_forbidden");
}

/// The cookie would stand on its own for five minutes.
#[test]
fn a_session_that_was_ended_elsewhere_is_none() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    world.ledger.run("DELETE FROM sessions");
    assert!(leads_to_login(&world.get(SETTINGS)));
}

#[test]
fn nobody_is_let_in_unasked() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    world.ledger.broken.set(true);
    let seen = world.get(SETTINGS);
    assert_eq!((&*seen.refusal(), seen.answer.status), ("ledger_unreachable", 503));
    let mut world = setup_links::world();
    setup_links::enter(&mut world);
    world.ledger.broken.set(true);
    assert_eq!(world.get(SETTINGS).refusal(), "ledger_unreachable");
}

#[test]
fn a_form_must_come_from_a_page_of_ours() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    world.fetch_site = Some("same-site");
    assert_eq!(world.submit(SETTINGS, &[("action", "leave")]).refusal(), "cross_site_form");
    (world.fetch_site, world.origin) = (None, Some("https://evil.example"));
    assert_eq!(world.submit(SETTINGS, &[("action", "leave")]).refusal(), "cross_site_form");
}

/// Neither a token of another browser, nor of another account, nor none.
#[test]
fn a_form_must_carry_this_browsers_token() {
    let mut world = setup_links::world();
    setup_links::enter(&mut world);
    let body = world.get(SETTINGS).answer.body;
    let own = form_token(&body);
    setup_links::enter(&mut world);
    for token in ["", "x", &own, own.split_at(42).0] {
        let seen = world.submit(SETTINGS, &[("form_token", token), ("action", "leave")]);
        assert_eq!((&*seen.refusal(), seen.answer.status), ("form_token_invalid", 403));
    }
    let seen = world.submit(SETTINGS, &[("action", "leave")]);
    assert_eq!(seen.refusal(), "form_token_invalid");
    let own = form_token(&world.get(SETTINGS).answer.body);
    let seen = world.submit(SETTINGS, &[("form_token", &own), ("action", "leave")]);
    assert_eq!(seen.answer.status, 303);
}

#[test]
fn the_page_is_kept_by_nobody_and_shown_in_no_frame() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    let seen = world.get(SETTINGS);
    assert_eq!(seen.header("cache-control"), "no-store");
    let policy = seen.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
    assert!(!policy.contains("script-src"), "{policy}");
}

#[test]
fn shows_what_to_enter_at_the_identity_provider() {
    let mut world = World::with_settings(
        r#"{"entity_id":"https://edge.example/sso/metadata#acme","acs":"shared",
            "claims":{"role":"memberOf"},"roles":["finance"],"domains":["acme.example"]}"#,
    );
    world.config = config_with(&[("DEFAULT_ACS", "shared")]);
    setup(&mut world);
    let body = world.get(SETTINGS).answer.body;
    for value in [
        format!("{BASE_URL}/sso/metadata#acme"),
        format!("{BASE_URL}/sso/acs#acme"),
        format!("{BASE_URL}/sso/acme/slo"),
        format!("{BASE_URL}/sso/acme/metadata"),
        format!("{BASE_URL}/sso/acme/login"),
        format!("{BASE_URL}/sso/login"),
        "account_id".to_owned(),
        "full_name".to_owned(),
        "memberOf".to_owned(),
    ] {
        assert!(body.contains(&format!("value=\"{value}\" readonly")), "{value}");
    }
    assert!(body.contains("<code>finance</code>") && !body.contains("<code>developer</code>"));
    assert!(body.contains("acme.example"));
}

/// Opens a link that somebody has made.
fn setup(world: &mut World) {
    let config = setup_links::world().config;
    let own = std::mem::replace(&mut world.config, config);
    setup_links::enter(world);
    world.config = own;
}

#[test]
fn says_how_long_certificates_last() {
    let mut world = World::new();
    setup(&mut world);
    let body = world.get(SETTINGS).answer.body;
    let (_, rest) = body.split_once("valid until ").expect("a validity");
    let end = rest.split('<').next().expect("a day");
    let end = UnixTime::parse(&format!("{end}T00:00:00Z")).expect("a day");
    let mut words = Vec::new();
    for days in [62, 40, 5, 1, 0, -3] {
        world.now = end.plus(-days * 24 * 60 * 60);
        setup(&mut world);
        let body = world.get(SETTINGS).answer.body;
        let (_, rest) = body.split_once("<dt>Signing certificate").expect("a certificate");
        let (_, rest) = rest.split_once("<p").expect("a validity");
        let (attributes, rest) = rest.split_once('>').expect("a validity");
        let urgent = if attributes.is_empty() { "" } else { "!" };
        let said = rest.split(',').next().expect("words").split('<').next().expect("words");
        words.push(format!("{urgent}{said}"));
    }
    let (until, rest) = words.split_first().expect("words");
    assert!(until.starts_with("valid until "), "{until}");
    for (said, begin) in rest.iter().zip([
        "expires within 4",
        "!expires within ",
        "!expires ",
        "!expire",
        "!expired 2 days",
    ]) {
        assert!(said.starts_with(begin), "{words:?}");
    }
}

/// As the product hears it by webhook, at the same second.
#[test]
fn says_what_to_do_before_the_last_certificate_expires() {
    let mut world = World::new();
    let idp = IdpMetadata::parse(METADATA).expect("metadata");
    let end = idp.last_certificate().expect("a certificate").not_after();
    let mut said = |left: i64| {
        world.now = end.plus(-left);
        setup(&mut world);
        let body = world.get(SETTINGS).answer.body;
        let words = body.split_once("The signing certificate ")?.1.split(',').next()?;
        Some(words.split(" on ").next()?.to_owned())
    };
    assert_eq!(said(60 * 86_400 + 1), None);
    for (left, words) in [
        (60 * 86_400, "expires within 60 days"),
        (86_401, "expires within 2 days"),
        (86_400, "expires within 1 day"),
        (0, "expires within 1 day"),
        (-1, "expired"),
    ] {
        assert_eq!(said(left).as_deref(), Some(words), "{left}");
    }
}

/// Of each user the last one; and who they are is for the account's own people.
#[test]
fn lists_the_last_sign_ins() {
    let mut world = World::new();
    let refused = world.sign_in(|it| it.in_assertion(">developer<", ">owner<"));
    assert_eq!(refused.refusal(), "role_not_listed");
    world.now = world.now.plus(60);
    let id = world.start("/");
    let scenario = answering_with(&id, "_2").in_assertion(">developer<", ">account_administrator<");
    assert_eq!(world.post("acme", &form(&scenario)).answer.status, 303);
    let body = world.get(SETTINGS).answer.body;
    let (_, list) = body.split_once("Last sign-ins").expect("a list");
    let (first, second) = list.split_once("</div>").expect("two lines");
    assert!(first.contains("2026-11-24 10:01 UTC") && first.contains("ada@acme.example signed in"));
    assert!(second.contains("2026-11-24 10:00 UTC") && second.contains("<code>role_not_listed"));
    world.jar.clear();
    setup(&mut world);
    let body = world.get(SETTINGS).answer.body;
    assert!(body.contains("A person signed in") && !body.contains("ada@acme.example"));
}

#[test]
fn the_start_page_leads_administrators_to_the_settings() {
    for (role, leads) in [("account_administrator", true), ("developer", false)] {
        let mut world = World::new();
        sign_in_as(&mut world, role);
        assert_eq!(world.get("/sso/").answer.body.contains(SETTINGS), leads, "{role}");
    }
}

/// What an IdP calls itself is somebody's text.
#[test]
fn nothing_of_the_metadata_is_markup() {
    let mut world = World::new();
    let odd = METADATA.replace(
        "https://idp.example/metadata",
        "https://idp.example/&lt;script&gt;alert(1)&lt;/script&gt;",
    );
    world.add("acme", &odd, None);
    setup(&mut world);
    let seen = world.get(SETTINGS);
    assert!(!seen.answer.body.contains("<script"), "{}", seen.answer.body);
    assert!(seen.answer.body.contains("alert(1)"));
    assert_eq!(seen.log, None);
}

#[test]
fn says_when_the_stored_metadata_cannot_be_used() {
    let mut world = World::new();
    world.add("acme", "<x/>", None);
    setup(&mut world);
    let seen = world.get(SETTINGS);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("cannot be used"));
    world.store.broken.set(true);
    assert_eq!(world.get(SETTINGS).refusal(), "store_unreachable");
}
