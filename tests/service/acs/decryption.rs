//! What is encrypted for one account, in the hands of another (row E2).
//!
//! All accounts share the keys that assertions are encrypted to, and every account's IdP can sign
//! around another account's ciphertext. Here the account `acme` has an IdP of its own that does so.

use std::collections::BTreeSet;

use crate::account::entity_id_claim::other_key;
use crate::common::sealing::{CBC_256, GCM_256, Sealing};
use crate::common::{METADATA, OTHER_KEY_PEM, SP_KEY_PEM, Scenario, Signed, public_key};
use crate::settings::page::form_token;
use crate::settings::setup_links;
use crate::support::config::{config_with, secret, sp_key};
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

const TEST: &str = "/sso/acme/settings/test";

const SHARED: &str = r#"{"acs":"shared"}"#;

/// The addresses of `acme`, by its settings.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) settings: &'static str,
    pub(crate) entity_id: &'static str,
    pub(crate) acs_url: &'static str,
}

pub(crate) const OWN: Mode = Mode {
    settings: "{}",
    entity_id: "https://edge.example/sso/acme/metadata",
    acs_url: "https://edge.example/sso/acme/acs",
};

pub(crate) const SHARED_MODE: Mode = Mode {
    settings: SHARED,
    entity_id: "https://edge.example/sso/metadata",
    acs_url: "https://edge.example/sso/acs",
};

impl Mode {
    /// `acme` with an IdP that calls itself as the victim's does, and whose key is its own. The
    /// product hears of what happens, and the browser holds a setup link.
    pub(crate) fn world(self) -> World {
        let config = config_with(&[
            ("ADMIN_TOKEN", &secret(9)),
            ("SP_KEYS", &sp_key()),
            ("WEBHOOK_URL", "https://app.example/hook"),
            ("WEBHOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("EVENTS", "bound"),
        ]);
        let mut world = World { config, ..World::with_sp_key("{}") };
        world.add("acme", &other_key(), Some(self.settings));
        world.add("victim", METADATA, Some(self.settings));
        setup_links::enter(&mut world);
        world
    }

    /// A passing assertion of `account` at these addresses.
    pub(crate) fn says(self, scenario: Scenario, account: &str) -> Scenario {
        scenario
            .in_response(OWN.acs_url, self.acs_url)
            .in_assertion(OWN.acs_url, self.acs_url)
            .in_assertion(OWN.entity_id, self.entity_id)
            .in_assertion(">acme<", &format!(">{account}<"))
    }

    pub(crate) fn path(self) -> &'static str {
        self.acs_url.strip_prefix("https://edge.example").expect("our site")
    }
}

pub(crate) fn sealing(data: &'static str) -> Sealing {
    Sealing { data, ..Sealing::to(&public_key(SP_KEY_PEM)) }
}

/// The Assertion in a message.
fn assertion_of(scenario: &Scenario) -> String {
    let xml = scenario.xml();
    let (_, rest) = xml.split_once("<saml:Assertion ").expect("an assertion");
    let (inside, _) = rest.split_once("</saml:Assertion>").expect("its end");
    format!("<saml:Assertion {inside}</saml:Assertion>")
}

/// What is inside the ciphertext, each in one way that does not name `acme`, with the code that
/// the operator's log has for it. The first is what the victim's own IdP sent.
fn contents(mode: Mode, id: &str) -> Vec<(&'static str, String)> {
    let victim = || mode.says(answering_with(id, "_victims"), "victim");
    let unsigned = || mode.says(answering_with(id, "_victims"), "victim").signed(Signed::Nothing);
    let name_id = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
                   ada@acme.example</saml:NameID>";
    let claim = |account: &str| {
        format!(
            "<saml:Attribute Name=\"account_id\"><saml:AttributeValue>{account}\
             </saml:AttributeValue></saml:Attribute>"
        )
    };
    let unnamed = if mode.settings == SHARED {
        ["encrypted_assertion_unsigned"; 3]
    } else {
        ["account_mismatch", "account_claim_missing", "account_mismatch"]
    };
    let texts = [
        ("signature_invalid", victim()),
        ("sha1_refused", victim().with_sha1()),
        ("signature_invalid", victim().in_message("Ada Lovelace", "Eve Lovelace")),
        ("name_id_missing", unsigned().in_assertion(name_id, "")),
        (
            "condition_unknown",
            unsigned().in_assertion("<saml:AudienceRes", "<saml:X></saml:X><saml:AudienceRes"),
        ),
        ("audience_mismatch", unsigned().in_assertion(mode.entity_id, "https://other.example")),
        ("confirmation_expired", unsigned().in_assertion("T10:04:30Z", "T08:04:30Z")),
        ("time_malformed", unsigned().in_assertion("T10:04:30Z", "T10:04")),
        ("version_unsupported", unsigned().in_assertion("Version=\"2.0\"", "Version=\"1.1\"")),
        (unnamed[0], unsigned()),
        (unnamed[1], unsigned().in_assertion(&claim("victim"), "")),
        (unnamed[2], unsigned().in_assertion(&claim("victim"), &(claim("acme") + &claim("b")))),
    ];
    let texts = texts.into_iter().map(|(code, scenario)| (code, assertion_of(&scenario)));
    let others = [
        ("decryption_failed", "no XML".to_owned()),
        ("decryption_failed", "<saml:Assertion".to_owned()),
        ("decryption_failed", String::new()),
        (
            "issuer_missing",
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                             ID=\"_a\" IssueInstant=\"2026-11-24T09:59:30Z\" Version=\"2.0\"/>"
                .to_owned(),
        ),
    ];
    texts.chain(others).collect()
}

/// A Response that the IdP of `acme` signs around `plain`, encrypted.
fn wrapped(mode: Mode, id: &str, plain: &str, sealing: Sealing) -> Scenario {
    mode.says(answering_with(id, "_"), "acme")
        .sealed_text(sealing, plain)
        .signed(Signed::Response)
        .signed_by_another_key()
}

/// All of an answer that could differ.
fn told(seen: &Seen, id: &str) -> (u16, Vec<(&'static str, String)>, String) {
    let reference = seen.logged("reference");
    let body = seen.answer.body.replace(&reference, "").replace(id, "");
    (seen.answer.status, seen.answer.headers.clone(), body)
}

/// Every ciphertext that does not name `acme`, as a Response to its request `id`, and as the log
/// has it: each of the contents by both kinds of algorithm, what is encrypted to somebody else, and
/// what has been changed on the way, padding and all.
fn messages(mode: Mode, id: &str) -> Vec<(&'static str, Scenario)> {
    let mut messages = Vec::new();
    for data in [GCM_256, CBC_256] {
        for (code, plain) in contents(mode, id) {
            messages.push((code, wrapped(mode, id, &plain, sealing(data))));
        }
        let plain = contents(mode, id).swap_remove(0).1;
        let other = Sealing { data, ..Sealing::to(&public_key(OTHER_KEY_PEM)) };
        messages.push(("decryption_failed", wrapped(mode, id, &plain, other)));
    }
    // As long as a block: the last octet of what it decrypts to counts the padding.
    for cipher in ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAA", ""] {
        let sealing = Sealing { cipher: Some(cipher), ..sealing(CBC_256) };
        messages.push(("decryption_failed", wrapped(mode, id, "", sealing)));
    }
    messages
}

#[test]
fn what_is_encrypted_for_others_has_one_answer() {
    for mode in [OWN, SHARED_MODE] {
        let mut world = mode.world();
        let mut answers = Vec::new();
        let count = messages(mode, "").len();
        for number in 0..count {
            let id = world.get("/sso/acme/login").request_id();
            let (code, message) = messages(mode, &id).swap_remove(number);
            let seen = world.post_to(mode.path(), &form(&message));
            assert_eq!(seen.logged("event"), "login_refused");
            assert_eq!(seen.logged("code"), code, "{number}: for the operator alone");
            assert_eq!(seen.logged("account"), "acme");
            answers.push(told(&seen, &id));
            world.jar.retain(|name, _| !name.starts_with(crate::support::seen::PENDING));
        }
        assert_eq!(answers[0].0, 403, "{answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // Nor is it told later.
        assert!(world.ledger.past_refusals().is_empty());
        assert!(world.ledger.events().iter().all(|it| !it.body.contains("login.refused")));
        assert!(world.ledger.assertions().is_empty(), "and nothing was used up");
        assert!(world.ledger.pairs().is_empty());
    }
}

#[test]
fn what_is_encrypted_for_others_has_one_report() {
    for mode in [OWN, SHARED_MODE] {
        let mut world = mode.world();
        let mut reports = Vec::new();
        for (code, message) in messages(mode, "_request") {
            let token = form_token(&world.get(TEST).answer.body);
            let response = message.xml();
            let fields = [("form_token", &*token), ("action", "inspect"), ("response", &response)];
            let seen = world.submit(TEST, &fields);
            assert_eq!((&*seen.logged("event"), &*seen.logged("code")), ("test_refused", code));
            reports.push(told(&seen, &token));
        }
        let report = &reports[0].2;
        assert!(report.contains("<code>decryption_failed</code>"));
        assert!(!report.contains("Lovelace") && !report.contains("as signed</dt>"));
        let differing: BTreeSet<_> = reports.iter().map(|(_, _, body)| body).collect();
        assert_eq!(differing.len(), 1, "{differing:?}");
        assert!(reports.iter().all(|report| *report == reports[0]));
    }
}

#[test]
fn what_is_encrypted_for_others_fails_a_test_in_one_way() {
    for mode in [OWN, SHARED_MODE] {
        let mut world = mode.world();
        let mut reports = Vec::new();
        for number in 0..messages(mode, "").len() {
            let token = form_token(&world.get(TEST).answer.body);
            let started = world.submit(TEST, &[("form_token", &token), ("action", "start")]);
            let id = started.request_id();
            let (code, message) = messages(mode, &id).swap_remove(number);
            let seen = world.post_to(mode.path(), &form(&message));
            assert_eq!((&*seen.logged("event"), &*seen.logged("code")), ("test_refused", code));
            reports.push(told(&seen, &id));
            world.jar.retain(|name, _| !name.starts_with(crate::support::seen::PENDING));
        }
        assert!(reports.iter().all(|report| *report == reports[0]), "{reports:?}");
    }
}

/// What names the account is told as ever: who encrypts does not have to do without a report.
#[test]
fn what_names_the_account_is_reported() {
    for mode in [OWN, SHARED_MODE] {
        let mut world = mode.world();
        let own = mode
            .says(answering_with("_request", "_own"), "acme")
            .signed(Signed::Both)
            .signed_by_another_key();
        let token = form_token(&world.get(TEST).answer.body);
        for (scenario, code) in
            [(own.clone(), ""), (own.in_assertion(">developer<", ">owner<"), "role_not_listed")]
        {
            for data in [GCM_256, CBC_256] {
                let response = scenario.clone().sealed(sealing(data)).xml();
                let fields =
                    [("form_token", &*token), ("action", "inspect"), ("response", &response)];
                let seen = world.submit(TEST, &fields);
                assert_eq!(seen.logged("code"), code);
                assert!(seen.answer.body.contains("Ada Lovelace"));
            }
        }
    }
}
