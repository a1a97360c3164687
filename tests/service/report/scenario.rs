//! A test of the sign-in, and the steps of its report.

use crate::common::sealing::Sealing;
use crate::common::{SP_KEY_PEM, Scenario, public_key};
use crate::settings::page::{form_token, sign_in_as};
use crate::support::form::{answering_with, form};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

pub(crate) const TEST: &str = "/sso/acme/settings/test";

/// A test's steps, as the page calls them, in their order.
pub(crate) const STEPS: [&str; 18] = [
    "Stored metadata",
    "Message",
    "Status",
    "One assertion",
    "Encryption",
    "Signature and certificate",
    "Destination",
    "Issuer",
    "Subject and conditions",
    "Recipient",
    "Request (InResponseTo)",
    "Time",
    "Audience",
    "Account claim",
    "Role claim",
    "E-mail address",
    "Session",
    "Used once",
];

/// One thing that is broken: where, by which code, and how.
type Break = (&'static str, &'static str, fn(Scenario) -> Scenario);

pub(crate) const BREAKS: [Break; 16] = [
    ("Message", "version_unsupported", |it| it.in_response("Version=\"2.0\"", "Version=\"1.1\"")),
    ("Status", "status_not_success", |it| it.in_response("status:Success", "status:Responder")),
    ("One assertion", "assertion_count", |it| {
        let second = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
        it.in_response("{assertion}", &format!("{{assertion}}{second}"))
    }),
    ("Encryption", "assertion_encrypted", |it| it.sealed(sealing())),
    ("Signature and certificate", "signature_invalid", Scenario::signed_by_another_key),
    ("Destination", "destination_mismatch", |it| {
        it.in_response("Destination=\"https://edge.example", "Destination=\"https://evil.example")
    }),
    ("Issuer", "issuer_mismatch", |it| {
        it.in_assertion("https://idp.example/", "https://idp.evil/")
    }),
    ("Subject and conditions", "condition_unknown", |it| {
        it.in_assertion("<saml:AudienceRestriction>", "<saml:X></saml:X><saml:AudienceRestriction>")
    }),
    ("Recipient", "recipient_mismatch", |it| {
        it.in_assertion("Recipient=\"https://edge.example", "Recipient=\"https://evil.example")
    }),
    ("Request (InResponseTo)", "in_response_to_unknown", |it| {
        it.in_assertion(
            "SubjectConfirmationData InResponseTo=\"",
            "SubjectConfirmationData InResponseTo=\"x",
        )
    }),
    ("Time", "confirmation_expired", |it| it.in_assertion("T10:04:30Z", "T08:04:30Z")),
    ("Audience", "audience_mismatch", |it| it.in_assertion("/sso/acme/metadata", "/sso/other/")),
    ("Account claim", "account_mismatch", |it| it.in_assertion(">acme<", ">other<")),
    ("Role claim", "role_not_listed", |it| it.in_assertion(">developer<", ">owner<")),
    ("E-mail address", "email_invalid", |it| it.in_assertion("ada@acme.example", "ada")),
    ("Session", "session_too_large", |it| {
        it.in_assertion("Ada Lovelace", &"Ada Lovelace ".repeat(120))
    }),
];

/// The Response's Issuer is read before its Destination is compared, and that of the Assertion
/// later.
pub(crate) const ISSUER_FORMAT: Break = ("Issuer", "issuer_format", |it| {
    it.in_response("<saml:Issuer xmlns", "<saml:Issuer Format=\"urn:x\" xmlns")
});

pub(crate) fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

/// A browser in which an administrator is signed in.
pub(crate) fn administrator(mut world: World) -> World {
    sign_in_as(&mut world, "account_administrator");
    world
}

/// Starts a test and gives the ID of its request.
pub(crate) fn start(world: &mut World) -> String {
    let token = form_token(&world.get(TEST).answer.body);
    let seen = world.submit(TEST, &[("form_token", &token), ("action", "start")]);
    assert_eq!((seen.answer.status, &*seen.logged("event")), (302, "test_started"));
    seen.request_id()
}

/// Runs a whole test.
pub(crate) fn test(world: &mut World, change: impl FnOnce(Scenario) -> Scenario) -> Seen {
    let id = start(world);
    let assertion = format!("_test_{}", world.drawn);
    world.post("acme", &form(&change(answering_with(&id, &assertion))))
}

pub(crate) fn inspect(world: &mut World, response: &str, at: &str) -> Seen {
    let token = form_token(&world.get(TEST).answer.body);
    let fields =
        [("form_token", &*token), ("action", "inspect"), ("response", response), ("at", at)];
    world.submit(TEST, &fields)
}

/// The steps of a report with what is said of them.
pub(crate) fn steps(seen: &Seen) -> Vec<(String, String)> {
    let headings = seen.answer.body.split("<h3>").skip(1);
    let steps = headings.map(|it| {
        let (heading, _) = it.split_once("</h3>").expect("a heading");
        let (title, standing) = heading.rsplit_once(": ").expect("a standing");
        (title.to_owned(), standing.to_owned())
    });
    steps.collect()
}

/// Sees that nobody was signed in by it, and that nothing keeps it.
pub(crate) fn assert_report(seen: &Seen) {
    assert_eq!(seen.answer.status, 200, "{:?}", seen.log);
    assert_eq!(seen.header("cache-control"), "no-store");
    assert!(!seen.headers("set-cookie").any(|cookie| cookie.starts_with(SESSION)));
    assert!(steps(seen).iter().map(|(title, _)| title).eq(STEPS.iter()));
}
