//! One Identifier and one Reply URL for all accounts, and children with a `#` and their id.

use crate::common::{METADATA, Scenario, Signed};
use crate::world::{SESSION, Seen, World, answering, form, form_with};

const SHARED: &str = "https://edge.example/sso/metadata";
const SHARED_ACS: &str = "https://edge.example/sso/acs";

/// An account as one of the IdP's applications knows it.
#[derive(Clone, Copy, PartialEq)]
struct App {
    account: &'static str,
    identifier: &'static str,
    reply_url: &'static str,
    settings: &'static str,
}

const OWN: App = App {
    account: "acme",
    identifier: "https://edge.example/sso/acme/metadata",
    reply_url: "https://edge.example/sso/acme/acs",
    settings: "{}",
};
const PARENT: App = App {
    account: "agency",
    identifier: SHARED,
    reply_url: SHARED_ACS,
    settings: r#"{"acs":"shared"}"#,
};
const CHILD: App = App {
    account: "kid",
    identifier: "https://edge.example/sso/metadata#kid",
    reply_url: "https://edge.example/sso/acs#kid",
    settings: r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#kid"}"##,
};
const SIBLING: App = App {
    account: "kit",
    identifier: "https://edge.example/sso/metadata#kit",
    reply_url: "https://edge.example/sso/acs#kit",
    settings: r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#kit"}"##,
};
const APPS: [App; 4] = [OWN, PARENT, CHILD, SIBLING];

impl App {
    /// Where the browser posts: a fragment stays in it.
    fn door(self) -> &'static str {
        let (door, _) = self.reply_url.split_once('#').unwrap_or((self.reply_url, ""));
        door.strip_prefix("https://edge.example").expect("our site")
    }

    /// Where the browser ends: an empty fragment keeps that of the Reply URL away from the page.
    fn landing(self, page: &str) -> String {
        let end = if self.reply_url.contains('#') { "#" } else { "" };
        format!("{page}{end}")
    }

    /// `scenario` as this application's own.
    fn says(self, scenario: Scenario) -> Scenario {
        let Self { account, identifier, reply_url, .. } = OWN;
        scenario
            .in_response(reply_url, self.reply_url)
            .in_assertion(reply_url, self.reply_url)
            .in_assertion(identifier, self.identifier)
            .in_assertion(&format!(">{account}<"), &format!(">{}<", self.account))
    }

    /// The same as Entra writes it: no fragment in Audience.
    fn says_as_entra(self, scenario: Scenario) -> Scenario {
        let audience = |identifier: &str| format!("<saml:Audience>{identifier}</saml:Audience>");
        let (stripped, _) = self.identifier.split_once('#').unwrap_or((self.identifier, ""));
        self.says(scenario).in_assertion(&audience(self.identifier), &audience(stripped))
    }
}

/// Four accounts of one directory: the same IdP with the same key.
fn world() -> World {
    let world = World::new();
    for app in APPS {
        world.add(app.account, METADATA, Some(app.settings));
    }
    world
}

fn start(world: &mut World, app: App) -> Seen {
    world.get(&format!("/sso/{}/login?return_to=/media", app.account))
}

fn post(world: &mut World, app: App, scenario: &Scenario) -> Seen {
    world.post_to(app.door(), &form(scenario))
}

#[test]
fn a_login_that_starts_here_ends_signed_in() {
    for app in APPS {
        for says in [App::says, App::says_as_entra] {
            for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
                let mut world = world();
                let started = start(&mut world, app);
                let (xml, id) = (started.request_xml(), started.request_id());
                assert!(xml.contains(&format!("<saml:Issuer>{}<", app.identifier)), "{xml}");
                let acs = format!("AssertionConsumerServiceURL=\"{}\"", app.reply_url);
                assert!(xml.contains(&acs), "{xml}");
                let seen = post(&mut world, app, &says(app, answering(&id)).signed(signed));
                assert_eq!(seen.header("location"), app.landing("/media"), "{}", app.account);
                assert_eq!(seen.logged("account"), app.account);
                assert_eq!(world.session()["account"], app.account);
            }
        }
    }
}

#[test]
fn a_login_that_the_idp_starts_ends_signed_in() {
    for app in APPS {
        let mut world = world();
        let unsolicited = app.says_as_entra(Scenario::unsolicited());
        let seen = world.post_to(app.door(), &form_with(&unsolicited, "/albums"));
        assert_eq!(seen.logged("event"), "login_upgraded", "{}", app.account);
        assert_eq!(seen.logged("account"), app.account);
        let second = app
            .says_as_entra(answering(&seen.request_id()))
            .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
            .in_signed_info("#{id}", "#_second");
        assert_eq!(post(&mut world, app, &second).header("location"), app.landing("/albums"));
        assert_eq!(world.session()["account"], app.account);
    }
}

#[test]
fn a_page_keeps_the_fragment_that_it_has() {
    let mut world = world();
    let id = world.get("/sso/kid/login?return_to=/media%23top").request_id();
    let seen = post(&mut world, CHILD, &CHILD.says(answering(&id)));
    assert_eq!(seen.header("location"), "/media#top");
}

#[test]
fn metadata_is_there_for_each_and_for_all() {
    let mut world = world();
    let paths = APPS.map(|app| (app, format!("/sso/{}/metadata", app.account)));
    for (app, path) in paths.into_iter().chain([(PARENT, "/sso/metadata".to_owned())]) {
        let xml = world.get(&path).answer.body;
        assert!(xml.contains(&format!("entityID=\"{}\"", app.identifier)), "{path}: {xml}");
        assert!(xml.contains(&format!("Location=\"{}\"", app.reply_url)), "{path}: {xml}");
    }
}

#[test]
fn the_default_identifier_is_a_var() {
    let mut world = world();
    world.config = crate::world::config_with(&[("DEFAULT_ENTITY_ID", "urn:example:product")]);
    let started = start(&mut world, PARENT);
    assert!(started.request_xml().contains("<saml:Issuer>urn:example:product<"));
    // An `entity_id` that is removed makes a child one of many parents.
    world.add("kid", METADATA, Some(PARENT.settings));
    let xml = start(&mut world, CHILD).request_xml();
    assert!(xml.contains("<saml:Issuer>urn:example:product<"), "{xml}");
    assert!(xml.contains(&format!("URL=\"{SHARED_ACS}\"")), "{xml}");
    // Accounts of their own do not follow it.
    let xml = start(&mut world, OWN).request_xml();
    assert!(xml.contains(&format!("<saml:Issuer>{}<", OWN.identifier)), "{xml}");
}

/// Metadata alone then enables SSO at the one Reply URL.
#[test]
fn the_shared_mode_is_everybodys_by_a_var() {
    let mut world = world();
    world.config = crate::world::config_with(&[("DEFAULT_ACS", "shared")]);
    world.add("agency", METADATA, None);
    let id = start(&mut world, PARENT).request_id();
    let seen = post(&mut world, PARENT, &PARENT.says(answering(&id)));
    assert_eq!(seen.header("location"), "/media");
    world.jar.clear();
    // An account may still have its own.
    world.add("acme", METADATA, Some(r#"{"acs":"own"}"#));
    let id = start(&mut world, OWN).request_id();
    let scenario = OWN
        .says(answering(&id))
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(post(&mut world, OWN, &scenario).header("location"), "/media");
}

/// Row G1, every account's responses at every other account: in answer to its request, and
/// unsolicited; as they are, and with all that is unsigned changed in the attacker's favour.
#[test]
fn no_response_for_one_account_is_taken_at_another() {
    for (from, at) in APPS.into_iter().flat_map(|from| APPS.map(|at| (from, at))) {
        if from == at {
            continue;
        }
        for says in [App::says, App::says_as_entra] {
            let claimed = |scenario: Scenario| {
                let to = format!("Destination=\"{}\"", at.reply_url);
                scenario.in_message(&format!("Destination=\"{}\"", from.reply_url), &to)
            };
            let forged_unsolicited = claimed(says(from, Scenario::unsolicited()));
            let codes = ["acs_mismatch", "destination_mismatch", "recipient_mismatch"];
            refuses_at(at, |_| forged_unsolicited, &codes);
            let forged = |id: &str| says(from, answering(id));
            refuses_at(at, forged, &["destination_mismatch", "acs_mismatch"]);
            refuses_at(at, |id| claimed(forged(id)), &["recipient_mismatch"]);
        }
    }
}

/// Posts at `at` what `forge` makes of the ID of its request, and expects one of `codes`.
fn refuses_at(at: App, forge: impl FnOnce(&str) -> Scenario, codes: &[&str]) {
    let mut world = world();
    let id = start(&mut world, at).request_id();
    let code = post(&mut world, at, &forge(&id)).refusal();
    assert!(codes.contains(&&*code), "at {}: {code}", at.account);
    assert!(!world.jar.contains_key(SESSION));
    assert!(world.ledger.assertions().is_empty());
}

/// Were the recipient ever the same, the account's claim still would not be.
#[test]
fn the_account_claim_decides_where_all_else_agrees() {
    for (app, claim) in [(PARENT, "kid"), (CHILD, "agency"), (CHILD, "kit"), (OWN, "agency")] {
        let mut world = world();
        let id = start(&mut world, app).request_id();
        let (from, to) = (format!(">{}<", app.account), format!(">{claim}<"));
        let seen = post(&mut world, app, &app.says(answering(&id)).in_assertion(&from, &to));
        assert_eq!(seen.refusal(), "account_mismatch", "{} with {claim}", app.account);
    }
}

/// The claim is a hint and no more: it leads to the child, whose Reply URL is another.
#[test]
fn a_claim_leads_to_no_account_but_its_own() {
    let mut world = world();
    let scenario = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", ">kid<");
    let seen = post(&mut world, PARENT, &scenario);
    assert_eq!(seen.refusal(), "destination_mismatch");
    assert_eq!(seen.logged("account"), "kid");
}

#[test]
fn the_audience_lacks_the_fragment_and_nothing_else() {
    for audience in ["https://edge.example/sso/metadata#", "https://edge.example/sso/metadata#kit"]
    {
        let mut world = world();
        let id = start(&mut world, CHILD).request_id();
        let audience = format!("Audience>{audience}</");
        let scenario = CHILD
            .says(answering(&id))
            .in_assertion(&format!("Audience>{}</", CHILD.identifier), &audience);
        assert_eq!(post(&mut world, CHILD, &scenario).refusal(), "audience_mismatch");
    }
    // And the parent's has none to lack.
    let mut world = world();
    let id = start(&mut world, PARENT).request_id();
    let from = format!("Audience>{SHARED}<");
    let scenario =
        PARENT.says(answering(&id)).in_assertion(&from, &format!("Audience>{}<", CHILD.identifier));
    assert_eq!(post(&mut world, PARENT, &scenario).refusal(), "audience_mismatch");
}

#[test]
fn a_response_comes_in_by_the_account_s_own_door() {
    let mut world = world();
    let id = start(&mut world, CHILD).request_id();
    let scenario = CHILD.says(answering(&id));
    let seen = world.post_to("/sso/kid/acs", &form(&scenario));
    assert_eq!(seen.refusal(), "acs_mismatch");
    assert_eq!(post(&mut world, CHILD, &scenario).answer.status, 303);

    let id = start(&mut world, OWN).request_id();
    let scenario = OWN
        .says(answering(&id))
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    let seen = world.post_to("/sso/acs", &form(&scenario));
    assert_eq!(seen.refusal(), "acs_mismatch");
    assert_eq!(seen.answer.status, 403);
    assert_eq!(post(&mut world, OWN, &scenario).answer.status, 303);
}

#[test]
fn a_response_that_names_no_account_is_nobodys() {
    for account in ["", "no such id", "nobody@x"] {
        let mut world = world();
        let claim = format!(">{account}<");
        let unsolicited = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", &claim);
        let seen = post(&mut world, PARENT, &unsolicited);
        assert_eq!(seen.refusal(), "account_unknown");
        assert_eq!(seen.answer.status, 403);
        assert_eq!(seen.logged("account"), "");
        assert!(seen.answer.body.contains("href=\"/sso/login\""), "{}", seen.answer.body);
    }
    let mut world = world();
    let unsolicited = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", ">nobody<");
    assert_eq!(post(&mut world, PARENT, &unsolicited).refusal(), "sso_not_enabled");
}

#[test]
fn an_answer_to_a_request_that_nobody_made_is_refused() {
    let mut world = world();
    for app in [PARENT, CHILD] {
        let seen = post(&mut world, app, &app.says(Scenario::valid()));
        assert_eq!(seen.refusal(), "in_response_to_unknown");
    }
    // Without a claim to go by, the request was the only hint.
    let claim = "<saml:Attribute Name=\"account_id\"><saml:AttributeValue>agency\
                 </saml:AttributeValue></saml:Attribute>";
    let scenario = PARENT.says(Scenario::valid()).in_assertion(claim, "");
    assert_eq!(post(&mut world, PARENT, &scenario).refusal(), "in_response_to_unknown");
}

/// The unsigned InResponseTo leads to an account of the browser's, and no further.
#[test]
fn the_unsigned_request_id_is_a_hint_only() {
    let mut world = world();
    let (kid, kit) =
        (start(&mut world, CHILD).request_id(), start(&mut world, SIBLING).request_id());
    let claimed = |scenario: Scenario| {
        scenario.in_message(
            &format!("InResponseTo=\"{kid}\" IssueInstant"),
            &format!("InResponseTo=\"{kit}\" IssueInstant"),
        )
    };
    let seen = post(&mut world, SIBLING, &claimed(CHILD.says(answering(&kid))));
    assert_eq!(seen.refusal(), "destination_mismatch");
}

#[test]
fn what_cannot_be_read_has_no_account() {
    let mut world = world();
    for (xml, code) in [("<a", "xml_malformed"), ("<!DOCTYPE a><a/>", "dtd_forbidden")] {
        let form = crate::world::fields(&[("SAMLResponse", &base64(xml))]);
        assert_eq!(world.post_to("/sso/acs", &form).refusal(), code);
    }
}

fn base64(text: &str) -> String {
    saml_edge::encoding::base64_encode(text.as_bytes())
}

// What settings may say.

fn settings_fault(settings: &str) -> String {
    let mut world = World::with_settings(settings);
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.refusal(), "settings_invalid", "{settings}");
    seen.logged("detail")
}

#[test]
fn a_fragment_is_the_account_s_id() {
    for acs in ["own", "shared"] {
        for fragment in ["", "kid", "ACME", "acme#acme", "kid#acme"] {
            let settings = format!(r#"{{"acs":"{acs}","entity_id":"urn:x#{fragment}"}}"#);
            assert!(settings_fault(&settings).contains("entity_id"));
        }
        let settings = format!(r#"{{"acs":"{acs}","entity_id":"urn:x#acme"}}"#);
        assert_eq!(World::with_settings(&settings).get("/sso/acme/login").answer.status, 302);
    }
    // In its own mode an account has its own Reply URL, whatever its entity id.
    let mut world = World::with_settings(r##"{"entity_id":"urn:x#acme"}"##);
    let xml = world.get("/sso/acme/login").request_xml();
    assert!(xml.contains("URL=\"https://edge.example/sso/acme/acs\""), "{xml}");
}

#[test]
fn no_account_takes_the_entity_id_of_another() {
    for acs in ["own", "shared"] {
        for entity_id in ["/sso/kid/metadata", "/sso/kid/metadata#acme"] {
            let settings =
                format!(r#"{{"acs":"{acs}","entity_id":"https://edge.example{entity_id}"}}"#);
            assert!(settings_fault(&settings).contains("another account's"));
        }
    }
}
