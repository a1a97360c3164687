//! The login page: from an e-mail address or an account id to the account's IdP.

use saml_edge::Stored;
use saml_edge::encoding::hex;
use sha2::{Digest as _, Sha256};

use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::signin::directory::{entry, stored};
use crate::support::form::{answering, form};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const ADA: &str = "ada@acme.example";

pub(crate) const DAY: i64 = 24 * 60 * 60;

pub(crate) fn digest(email: &str) -> String {
    hex(&Sha256::digest(email))
}

pub(crate) fn submit(world: &mut World, login: &str) -> Seen {
    world.submit("/sso/login", &[("login", login), ("return_to", "/media")])
}

/// That the browser is on its way to the IdP.
pub(crate) fn is_at_idp(seen: &Seen) {
    assert_eq!(seen.answer.status, 302, "{}", seen.answer.body);
    assert!(seen.header("location").starts_with("https://idp.example/"));
    assert_eq!(seen.logged("event"), "login_started");
}

pub(crate) fn says_where_to_begin(seen: &Seen) {
    assert_eq!(seen.answer.status, 200);
    assert_eq!(seen.header("location"), "");
    assert!(seen.answer.body.contains("Please start from your company’s page"));
    assert_eq!(seen.log, None);
}

#[test]
fn an_account_id_leads_to_its_idp() {
    let mut world = World::new();
    is_at_idp(&submit(&mut world, " acme "));
    assert_eq!(submit(&mut world, "nobody").refusal(), "sso_not_enabled");
}

#[test]
fn a_first_login_makes_the_address_known() {
    let mut world = World::new();
    says_where_to_begin(&submit(&mut world, ADA));
    world.sign_in(|scenario| scenario);
    assert_eq!(stored(&world, ADA), entry(&[("acme", NOW)]));
    world.jar.clear();
    let seen = submit(&mut world, " Ada@ACME.example");
    is_at_idp(&seen);
    let id = seen.request_id();
    let second = answering(&id)
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(world.post("acme", &form(&second)).header("location"), "/media");
}

#[test]
fn a_domain_makes_its_addresses_known() {
    let mut world = World::new();
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "acme".to_owned());
    is_at_idp(&submit(&mut world, "anybody@Acme.Example"));
    says_where_to_begin(&submit(&mut world, "anybody@sub.acme.example"));
}

/// Stale entries, and those that no account could have, lead nowhere.
#[test]
fn accounts_without_single_sign_on_are_passed_over() {
    let mut world = World::new();
    let entry = r#"["gone","acme","a.b"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "old".to_owned());
    is_at_idp(&submit(&mut world, ADA));
    world.store.accounts.borrow_mut().insert("acme".to_owned(), Stored::default());
    says_where_to_begin(&submit(&mut world, ADA));
}

#[test]
fn several_accounts_are_asked_about() {
    let mut world = World::new();
    world.add("beta", METADATA, None);
    let entry = r#"["beta","acme"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "acme".to_owned());
    let seen = submit(&mut world, ADA);
    assert_eq!(seen.answer.status, 200);
    let body = &seen.answer.body;
    let (domain, other) = (body.find("value=\"acme\""), body.find("value=\"beta\""));
    assert!(domain.is_some() && domain < other, "the operator's word comes first: {body}");
    assert!(body.contains("name=\"return_to\" value=\"/media\""));
    let fields = [("login", ADA), ("account", "beta"), ("return_to", "/media")];
    let chosen = world.submit("/sso/login", &fields);
    is_at_idp(&chosen);
    assert_eq!(chosen.logged("account"), "beta");
}

/// Nobody learns whether an address is known from what is said of those that are not.
#[test]
fn unknown_addresses_are_all_answered_alike() {
    let mut world = World::new();
    let entry = r#"["gone"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest("former@acme.example"), entry);
    let pages = ["nobody@acme.example", "former@acme.example", "nobody@nowhere.example"]
        .map(|email| submit(&mut world, email).answer);
    for page in &pages {
        assert_eq!(page.status, 200);
        assert_eq!(page.body, pages[0].body);
        assert_eq!(page.headers, pages[0].headers);
    }
}

#[test]
fn addresses_stand_in_no_address_bar_and_no_log() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    for seen in [submit(&mut world, ADA), submit(&mut world, "nobody@acme.example")] {
        assert!(!format!("{:?}", seen.answer.headers).contains("acme.example"));
        assert!(!seen.log.unwrap_or_default().contains('@'));
    }
    assert!(!format!("{:?}", world.store.directory).contains('@'));
}

/// An account that asks for it has its IdP told who is coming; nobody else's is.
#[test]
fn the_idp_is_told_the_address_where_the_account_says_so() {
    let mut world = World::with_settings(r#"{"login_hint":true}"#);
    world.add("beta", METADATA, None);
    let entry = r#"["acme"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    let hint = "&login_hint=Ada%40acme.example";
    assert!(submit(&mut world, "Ada@acme.example").header("location").ends_with(hint));
    let mut choose = |account| {
        let fields = [("login", "Ada@acme.example"), ("account", account)];
        world.submit("/sso/login", &fields).header("location").to_owned()
    };
    assert!(choose("acme").ends_with(hint));
    assert!(!choose("beta").contains("hint"));
    assert!(!submit(&mut world, "acme").header("location").contains("hint"));
}

#[test]
fn what_cannot_be_read_is_given_back_to_be_mended() {
    let mut world = World::new();
    for (login, said) in [
        ("", "Please type"),
        ("ada@", "no complete e-mail address"),
        ("a b", "neither an e-mail address nor"),
        ("\"><script>", "neither an e-mail address nor"),
    ] {
        let seen = submit(&mut world, login);
        assert_eq!(seen.answer.status, 400);
        let body = &seen.answer.body;
        assert!(body.contains(said) && body.contains("role=\"alert\""), "{body}");
        assert!(body.contains("aria-describedby=\"problem hint\""));
        assert!(body.contains("name=\"return_to\" value=\"/media\""));
        assert!(!body.contains("<script"));
    }
    assert!(submit(&mut world, "a b").answer.body.contains("value=\"a b\""));
}

#[test]
fn every_way_keeps_to_pages_of_this_site() {
    let mut world = World::new();
    for login in ["acme", "nobody@acme.example", "a b"] {
        let fields = [("login", login), ("return_to", "//evil.example")];
        let seen = world.submit("/sso/login", &fields);
        assert!(!seen.answer.body.contains("evil"), "{login}");
    }
    let id = submit(&mut world, "acme").request_id();
    assert_eq!(world.post("acme", &form(&answering(&id))).header("location"), "/media");
}

#[test]
fn a_form_of_another_shape_is_refused() {
    let mut world = World::new();
    let text = world.send("POST", "/sso/login", Some("text/plain"), "", Octets::of("login=acme"));
    assert_eq!((text.refusal().as_str(), text.answer.status), ("form_malformed", 400));
    let long = "x".repeat(16 * 1024);
    assert_eq!(submit(&mut world, &long).refusal(), "message_too_large");
}

#[test]
fn nobody_is_looked_up_while_the_store_is_out_of_reach() {
    let mut world = World::new();
    world.store.directory_is_broken.set(true);
    let seen = submit(&mut world, ADA);
    assert_eq!((seen.refusal().as_str(), seen.answer.status), ("store_unreachable", 503));
}

#[test]
fn a_directory_that_fails_stops_no_login() {
    let mut world = World::new();
    world.store.directory_is_broken.set(true);
    let seen = world.sign_in(|scenario| scenario);
    assert_eq!((seen.answer.status, seen.logged("event").as_str()), (303, "login_succeeded"));
    assert!(seen.logged("directory").contains("switched off"));
    assert_eq!(world.session()["email"], ADA);
}

#[test]
fn the_last_account_is_remembered_until_it_is_forgotten() {
    let mut world = World::new();
    assert!(!world.get("/sso/login").answer.body.contains("Forget"));
    let seen = world.sign_in(|scenario| scenario);
    let cookie = seen.headers("set-cookie").find(|it| it.starts_with("__Host-account=acme;"));
    let cookie = cookie.expect("a cookie");
    assert!(cookie.contains("; SameSite=Lax") && cookie.ends_with("; Max-Age=31536000"));
    let page = world.get("/sso/login?return_to=/a?b").answer.body;
    assert!(page.contains("href=\"/sso/acme/login?return_to=%2Fa%3Fb\">Continue to acme</a>"));
    let fields = [("forget", "yes"), ("return_to", "/a?b")];
    let forgotten = world.submit("/sso/login", &fields);
    assert_eq!(forgotten.answer.status, 303);
    assert_eq!(forgotten.header("location"), "/sso/login?return_to=%2Fa%3Fb");
    assert!(!world.get("/sso/login").answer.body.contains("acme"));
    assert_eq!(world.session()["account"], "acme", "the session stays");
}

#[test]
fn an_account_that_could_not_be_is_not_remembered() {
    let mut world = World::new();
    for value in ["", "a.b", "%22%3E", "<b>"] {
        world.jar.insert("__Host-account".to_owned(), value.to_owned());
        assert!(!world.get("/sso/login").answer.body.contains("Forget"), "{value}");
    }
}
