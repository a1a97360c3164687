//! The AuthnRequest, and what is kept of it.

use saml_edge::Stored;
use saml_verify::time::UnixTime;

use crate::acs::idp_initiated::without_endpoint;
use crate::common::{METADATA, Scenario};
use crate::fakes::Octets;
use crate::support::form::{answering, form};
use crate::support::seen::PENDING;
use crate::support::world::World;

#[test]
fn sends_the_request_to_the_idp() {
    let mut world = World::new();
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.answer.status, 302);
    assert_eq!(seen.header("cache-control"), "private, no-store");
    assert_eq!(seen.logged("event"), "login_started");
    let id = seen.request_id();
    assert_eq!(
        seen.request_xml(),
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"2026-11-24T10:00:00Z\" Destination=\"https://idp.example/sso\" \
             AssertionConsumerServiceURL=\"https://edge.example/sso/acme/acs\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
             <saml:Issuer>https://edge.example/sso/acme/metadata</saml:Issuer></samlp:AuthnRequest>"
        )
    );
    // An NCName of 128 random bits.
    assert!(id.starts_with('_') && id.len() == 33, "{id}");
}

#[test]
fn escapes_what_the_settings_say() {
    let mut world = World::with_settings(r#"{"entity_id":"urn:a&b<c>\"d\""}"#);
    let xml = world.get("/sso/acme/login").request_xml();
    assert!(xml.contains("<saml:Issuer>urn:a&amp;b&lt;c&gt;&quot;d&quot;</saml:Issuer>"), "{xml}");
}

#[test]
fn keeps_the_query_of_the_endpoint() {
    let mut world = World::new();
    let metadata =
        METADATA.replace("https://idp.example/sso\"", "https://idp.example/sso?a=b%2Fc\"");
    world.add("acme", &metadata, None);
    let seen = world.get("/sso/acme/login");
    let location = seen.header("location");
    assert!(location.starts_with("https://idp.example/sso?a=b%2Fc&SAMLRequest="), "{location}");
}

#[test]
fn keeps_the_request_for_a_cross_site_post() {
    let mut world = World::new();
    let seen = world.get("/sso/acme/login");
    let cookie = seen.header("set-cookie");
    assert!(cookie.starts_with(PENDING), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=600"), "{cookie}");
    // Sealed: nothing of it can be read.
    let value = world.jar.values().next().expect("a cookie");
    assert!(!value.contains("acme") && !value.contains(&seen.request_id()));
}

/// Row H18.
#[test]
fn a_start_writes_nothing() {
    let mut world = World::new();
    world.ledger.broken.set(true);
    let id = world.start("/media");
    let page = world.get("/sso/login");
    assert_eq!((page.answer.status, world.pending()), (200, 1));
    world.ledger.broken.set(false);
    assert!(world.ledger.used_requests().is_empty());
    assert_eq!(world.post("acme", &form(&answering(&id))).header("location"), "/media");
}

/// Row H18: a browser says how it loads what another page has in it.
#[test]
fn only_a_navigation_starts_a_login() {
    let sub_resources = [
        [Some("image"), Some("no-cors")],
        [Some("empty"), Some("cors")],
        [Some("empty"), Some("no-cors")],
        [Some("empty"), Some("same-origin")],
        [Some("script"), Some("cors")],
        [None, Some("no-cors")],
        [Some("websocket"), Some("websocket")],
    ];
    for fetched in sub_resources {
        let mut world = World { fetched, ..World::new() };
        let seen = world.get("/sso/acme/login");
        assert_eq!((&*seen.refusal(), seen.answer.status), ("not_a_navigation", 403));
        assert_eq!(seen.headers("set-cookie").count(), 0);
        // Nor does a form, or what the IdP sends to be replaced by a login of ours.
        let seen = world.submit("/sso/login", &[("account", "acme")]);
        assert_eq!(seen.refusal(), "not_a_navigation");
        let seen = world.post("acme", &form(&Scenario::unsolicited()));
        assert_eq!(seen.refusal(), "not_a_navigation");
        assert_eq!(world.pending(), 0);
    }
    let navigations = [
        [Some("document"), Some("navigate")],
        [Some("iframe"), Some("navigate")],
        // Older browsers, and programs.
        [None, None],
        [None, Some("cors")],
    ];
    for fetched in navigations {
        let mut world = World { fetched, ..World::new() };
        assert_eq!(world.get("/sso/acme/login").answer.status, 302, "{fetched:?}");
    }
}

#[test]
fn the_oldest_of_nine_logins_goes() {
    for pause in [0, 1] {
        let mut world = World::new();
        let mut begun = Vec::new();
        for number in 0..9 {
            world.now = world.now.plus(pause);
            let cookies: Vec<_> = begun.iter().map(|it: &(String, String)| it.1.clone()).collect();
            let seen =
                world.send("GET", "/sso/acme/login", None, &cookies.join("; "), Octets::of(""));
            let set: Vec<_> = seen.headers("set-cookie").collect();
            let cleared = set.iter().filter(|it| it.ends_with("Max-Age=0"));
            let cleared: Vec<_> = cleared.map(|it| it.split('=').next().expect("a name")).collect();
            let expected = begun.first().filter(|_| number == 8).map(|it| it.0.as_str());
            assert_eq!(cleared, Vec::from_iter(expected), "{number}");
            let kept = set.last().and_then(|it| it.split_once(';')).expect("a cookie").0;
            let name = kept.split('=').next().expect("a name");
            begun.push((name.to_owned(), kept.to_owned()));
        }
    }
}

#[test]
fn asks_no_ledger_for_an_unknown_account() {
    let mut world = World::new();
    world.store.accounts.borrow_mut().insert("ghost".to_owned(), Stored::default());
    for account in ["ghost", "nobody"] {
        let seen = world.get(&format!("/sso/{account}/login"));
        assert_eq!(seen.refusal(), "sso_not_enabled");
    }
    assert_eq!(world.pending(), 0);
}

#[test]
fn refuses_an_idp_that_takes_no_request() {
    let mut world = World::new();
    world.add("acme", &without_endpoint(), None);
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.refusal(), "sso_endpoint_missing");
    assert_eq!(seen.answer.status, 403);
    assert_eq!(world.pending(), 0);
}

/// An AuthnRequest must say when it was made, and a year past 9999 cannot be written.
#[test]
fn refuses_to_start_by_a_clock_that_is_wrong() {
    let mut world = World::new();
    world.now = UnixTime::from_seconds(300_000_000_000);
    let seen = world.get("/sso/acme/login");
    assert_eq!((seen.answer.status, seen.refusal().as_str()), (500, "clock_unusable"));
}
