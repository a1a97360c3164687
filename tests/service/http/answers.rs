//! Headers and pages: what strangers learn, and what they do not.

use saml_edge::{AccountId, Config, Entropy, Fault, paths};

use crate::common::{METADATA, Scenario};
use crate::support::config::config_with;
use crate::support::form::{answering, form};
use crate::support::seen::Seen;
use crate::support::world::World;

fn refused(change: fn(Scenario) -> Scenario) -> Seen {
    World::new().sign_in(change)
}

/// The page without its reference.
fn page(seen: &Seen) -> String {
    let reference = seen.logged("reference");
    assert_eq!(reference.len(), 16);
    assert!(seen.answer.body.contains(&reference));
    seen.answer.body.replace(&reference, "")
}

#[test]
fn every_trust_failure_looks_the_same() {
    let first = refused(|it| it.in_message("Ada Lovelace", "Eve Lovelace"));
    let changes: [fn(Scenario) -> Scenario; 5] = [
        Scenario::signed_by_another_key,
        |it| it.in_assertion("2026-11-24T10:04:30Z", "2026-11-24T09:00:00Z"),
        |it| it.in_assertion("https://edge.example/sso/acme/metadata", "urn:other"),
        |it| it.in_response("status:Success", "status:Responder"),
        |it| it.in_message("ID=\"_assertion\"", "ID=\"_other\""),
    ];
    for change in changes {
        let other = refused(change);
        assert_eq!(other.answer.status, first.answer.status);
        assert_eq!(page(&other), page(&first), "{}", other.refusal());
        assert_ne!(other.refusal(), first.refusal());
    }
}

#[test]
fn nothing_of_the_message_is_shown_or_logged() {
    let changes: [fn(Scenario) -> Scenario; 4] = [
        |it| it.in_message("Ada Lovelace", "<x>Eve</x>"),
        |it| it.in_assertion(">developer<", ">overlord<"),
        |it| it.in_assertion(">acme<", ">umbrella<"),
        |it| it.in_assertion("ada@acme.example", "ada@@evil.example"),
    ];
    for change in changes {
        let seen = refused(change);
        let said = format!("{} {:?}", seen.answer.body, seen.log);
        for text in ["Ada", "Eve", "ada@", "overlord", "umbrella", "evil", "samlp"] {
            assert!(!said.contains(text), "{text}: {said}");
        }
    }
}

#[test]
fn claims_that_must_be_mended_are_named() {
    let roles =
        ["account_administrator", "developer", "finance"].map(|it| format!("<li>{it}</li>"));
    let roles = ["“role”", &roles[0], &roles[1], &roles[2]];
    for (from, to, names) in [
        (">developer<", ">owner<", &roles[..]),
        (">acme<", ">other<", &["“account_id”"]),
        ("ada@acme.example", "ada", &["“NameID”"]),
    ] {
        let seen = World::new().sign_in(|it| it.in_assertion(from, to));
        for name in names {
            assert!(seen.answer.body.contains(name), "{name}");
        }
    }
}

/// Nothing but settings that came past the API can leave an account without a role.
#[test]
fn an_account_that_may_grant_no_role_is_told_so() {
    let mut world = World::new();
    world.add("acme", METADATA, Some(r#"{"roles":["boss"]}"#));
    let seen = world.sign_in(|it| it);
    assert_eq!(seen.refusal(), "role_not_allowed");
    assert!(seen.answer.body.contains("This account may grant no role"), "{}", seen.answer.body);
    assert!(!seen.answer.body.contains("listed below"), "{}", seen.answer.body);
}

#[test]
fn the_way_on_is_offered_where_there_is_one() {
    let mut world = World::new();
    let retry = "<a class=\"button\" href=\"/sso/acme/login\">Sign in to acme</a>";
    let seen = world.sign_in(|it| it.in_message("Ada Lovelace", "Eve Lovelace"));
    assert!(seen.answer.body.contains(retry), "{}", seen.answer.body);
    let test = "<a href=\"/sso/acme/settings/test\">Test the sign-in to acme</a>";
    assert!(seen.answer.body.contains(test), "{}", seen.answer.body);
    // A role may be mended while its user looks at the page.
    let seen = world.sign_in(|it| it.in_assertion(">developer<", ">owner<"));
    assert!(seen.answer.body.contains(retry) && !seen.answer.body.contains(test));
    let seen = world.sign_in(|it| it.in_assertion(">acme<", ">other<"));
    assert!(!seen.answer.body.contains("button\""));
    let seen = world.get("/sso/nobody/login");
    assert!(seen.answer.body.contains("href=\"/sso/login\">Go to the login page</a>"));
}

#[test]
fn a_bad_configuration_is_reported_by_name() {
    let error = Config::parse(|name| (name == "BASE_URL").then(|| "ftp://secret".to_owned()));
    let fault = Fault::from(error.err().expect("an error"));
    let reply = saml_edge::fault_reply(fault, &Entropy::default());
    assert_eq!(reply.answer.status, 500);
    let log = reply.log.expect("a line");
    assert!(log.contains("\"event\":\"fault\",\"code\":\"config_invalid\""), "{log}");
    for text in [&reply.answer.body, &log] {
        assert!(text.contains("BASE_URL must be") && text.contains("ROLES is missing"), "{text}");
        assert!(!text.contains("ftp:"), "{text}");
    }
    assert!(!reply.answer.body.contains("button\""));
}

/// What only the platform or a broken key could bring about.
#[test]
fn other_faults_are_logged_and_not_shown() {
    let entropy = Fault::EntropyUnavailable("the pool is dry".to_owned());
    for (fault, code) in [(entropy, "entropy_unavailable"), (Fault::KeyUnusable, "key_unusable")] {
        let reply = saml_edge::fault_reply(fault, &Entropy::default());
        assert_eq!(reply.answer.status, 500);
        let log = reply.log.expect("a line");
        assert!(log.contains(&format!("\"code\":\"{code}\"")), "{log}");
        assert!(!reply.answer.body.contains("the pool"), "{}", reply.answer.body);
    }
}

#[test]
fn pages_load_and_run_nothing() {
    let mut world = World::new();
    let id = world.start("/");
    let refused = world.post("acme", &form(&answering(&id).in_message("Ada", "Eve")));
    world.post("acme", &form(&answering(&id)));
    let signed_in = world.get("/sso/");
    let login = world.get("/sso/login");
    let missing = world.get("/nothing");
    for seen in [&refused, &signed_in, &login, &missing] {
        let policy = seen.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        // A form that changes a session must be known for ours.
        let is_start_page = std::ptr::eq(seen, &raw const signed_in);
        let referrer = if is_start_page { "same-origin" } else { "no-referrer" };
        assert_eq!(seen.header("referrer-policy"), referrer);
        assert_eq!(seen.header("cache-control"), "no-store");
        assert_eq!(seen.header("content-type"), "text/html; charset=utf-8");
        let body = &seen.answer.body;
        for forbidden in ["<script", "<img", "<link", "<iframe", " style=", " onclick", "http:"] {
            assert!(!body.contains(forbidden), "{forbidden}");
        }
    }
    assert!(login.header("content-security-policy").contains("form-action 'self' https:;"));
    assert!(refused.header("content-security-policy").contains("form-action 'none'"));
}

/// On this host alone: its siblings may have reasons of their own.
#[test]
fn our_answers_ask_for_https_from_then_on() {
    let acme = AccountId::parse("acme").expect("an id");
    let others = ["/nothing", "/sso/api/v1/accounts"].map(str::to_owned);
    let addresses = paths(&acme).into_iter().map(|(path, _)| path).chain(others);
    let plain = [("BASE_URL", "http://localhost:8787")];
    for address in addresses {
        for (vars, asked) in [(&[][..], "max-age=31536000"), (&plain, "")] {
            let mut world = World { config: config_with(vars), ..World::new() };
            let seen = world.get(&address);
            assert_eq!(seen.header("strict-transport-security"), asked, "{address}");
        }
    }
}

#[test]
fn the_policy_names_the_style_of_the_page() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let seen = World::new().get("/sso/login");
    let (_, rest) = seen.answer.body.split_once("<style>").expect("a style");
    let (style, _) = rest.split_once("</style>").expect("an end");
    let hash = sha2::Sha256::digest(style);
    let hash = base64::engine::general_purpose::STANDARD.encode(hash);
    assert!(seen.header("content-security-policy").contains(&format!("'sha256-{hash}'")));
}

#[test]
fn names_are_escaped() {
    let mut world = World::new();
    world.sign_in(|it| it.in_assertion("Ada Lovelace", "&lt;script&gt;\"'&amp;"));
    let page = world.get("/sso/").answer.body;
    assert!(!page.contains("<script"));
    assert!(page.contains("&#60;script&#62;&#34;&#39;&#38;"), "{page}");
}
