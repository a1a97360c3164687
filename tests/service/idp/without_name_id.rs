//! Users whom no NameID names, but the address in the claim that their account has for it.

use std::collections::BTreeSet;

use crate::acs::refusals::attribute;
use crate::common::{IDP, METADATA, Scenario};
use crate::logout::encrypted_name_id::{sealed, sealing, told_by};
use crate::logout::message::{
    NAME_ID, REQUEST, endpoint, metadata, parameters, query, redirected, replaced, sessions,
};
use crate::support::form::{answering_with, form};
use crate::support::seen::SESSION;
use crate::support::world::World;

const SETTINGS: &str = r#"{"claims":{"email":"mail"}}"#;
const SIGNED_NAME_ID: &str = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:\
                              emailAddress\">ada@acme.example</saml:NameID>";
const END: &str = "</saml:AttributeStatement>";

/// Code, settings, and what is broken.
type Break<'a> = (&'static str, &'a str, &'a dyn Fn(Scenario) -> Scenario);

/// Its subject has no NameID, and `mail` is this.
fn nameless(scenario: Scenario, mail: &str) -> Scenario {
    let mail = attribute("mail", mail);
    scenario.in_assertion(SIGNED_NAME_ID, "").in_assertion(END, &format!("{mail}{END}"))
}

fn ada(scenario: Scenario) -> Scenario {
    nameless(scenario, "ada@acme.example")
}

/// Ada is signed in to `acme`, whose IdP has `endpoints`.
fn signed_in(endpoints: &str, settings: &str) -> World {
    let mut world = World::with_sp_key(settings);
    world.add("acme", &metadata(endpoints), Some(settings));
    let seen = world.sign_in(ada);
    assert_eq!((seen.answer.status, seen.header("location")), (303, "/media"), "{:?}", seen.log);
    world
}

/// What the product knows the user by who signs in so.
fn sub(world: &mut World, assertion: &str, change: impl FnOnce(Scenario) -> Scenario) -> String {
    world.jar.clear();
    let id = world.start("/");
    let seen = world.post("acme", &form(&change(answering_with(&id, assertion))));
    assert_eq!(seen.answer.status, 303, "{:?}", seen.log);
    let session = world.session();
    session.get("sub").and_then(|it| it.as_str()).expect("a sub").to_owned()
}

#[test]
fn the_address_in_the_claim_is_the_key() {
    let mut world = World::with_settings(SETTINGS);
    let first = sub(&mut world, "_1", ada);
    assert_eq!(world.session()["email"], "ada@acme.example");
    assert_eq!(sub(&mut world, "_2", ada), first);
    assert_eq!(sub(&mut world, "_3", |it| nameless(it, "ada@ACME.example")), first);
    assert_ne!(sub(&mut world, "_4", |it| nameless(it, "eve@acme.example")), first);
    // Nor is the same address of another IdP anybody's.
    let other = "https://other.example/metadata";
    world.add("acme", &METADATA.replace(IDP, other), Some(SETTINGS));
    let at_other =
        sub(&mut world, "_5", |it| ada(it).in_response(IDP, other).in_assertion(IDP, other));
    assert_ne!(at_other, first);
}

#[test]
fn no_name_id_is_taken_for_an_address() {
    let mut world = World::with_settings(SETTINGS);
    let nameless = sub(&mut world, "_1", ada);
    for (assertion, name_id) in [("_2", "ada@acme.example"), ("_3", "EmailClaim")] {
        let named = sub(&mut world, assertion, |it| {
            let mail = attribute("mail", "ada@acme.example");
            it.in_assertion(">ada@acme.example</saml:NameID>", &format!(">{name_id}</saml:NameID>"))
                .in_assertion(END, &format!("{mail}{END}"))
        });
        assert_ne!(named, nameless);
    }
}

#[test]
fn one_thing_broken_is_refused() {
    let listed = r#"{"claims":{"email":"mail"},"domains":["other.example"]}"#;
    let empty = SIGNED_NAME_ID.replace("ada@acme.example", " ");
    let base = "<saml:BaseID></saml:BaseID>";
    let with_mail = |it: Scenario, name_id: &str| {
        let mail = attribute("mail", "ada@acme.example");
        it.in_assertion(SIGNED_NAME_ID, name_id).in_assertion(END, &format!("{mail}{END}"))
    };
    let two = |it| {
        let more = attribute("mail", "eve@acme.example");
        ada(it).in_assertion(END, &format!("{more}{END}"))
    };
    let cases: [Break<'_>; 8] = [
        ("name_id_missing", "{}", &ada),
        ("name_id_missing", r#"{"claims":{"name":"mail"}}"#, &ada),
        ("name_id_missing", SETTINGS, &|it| with_mail(it, &empty)),
        ("name_id_missing", SETTINGS, &|it| with_mail(it, base)),
        ("email_invalid", SETTINGS, &|it| it.in_assertion(SIGNED_NAME_ID, "")),
        ("email_invalid", SETTINGS, &|it| nameless(it, "ada")),
        ("email_repeated", SETTINGS, &two),
        ("email_domain_not_listed", listed, &ada),
    ];
    for (code, settings, broken) in cases {
        let mut world = World::with_settings(settings);
        assert_eq!(world.sign_in(broken).refusal(), code);
        assert!(!world.jar.contains_key(SESSION));
    }
    let seen = World::with_settings(SETTINGS).sign_in(|it| it.in_message(SIGNED_NAME_ID, ""));
    assert_eq!(seen.refusal(), "digest_mismatch");
}

#[test]
fn signing_out_is_for_this_service_alone() {
    let unsure = "/sso/logout?elsewhere=unsure";
    for (endpoints, page, event) in [
        (endpoint("HTTP-Redirect", ""), unsure, "logout_unconfirmed"),
        (String::new(), "/sso/logout", "logout_succeeded"),
    ] {
        let mut world = signed_in(&endpoints, SETTINGS);
        let seen = world.submit("/sso/logout", &[]);
        assert_eq!((seen.answer.status, seen.header("location")), (303, page));
        assert_eq!((seen.logged("event").as_str(), sessions(&world)), (event, 0));
        assert!(!world.jar.contains_key(SESSION));
    }
}

/// The IdP ends its session by whatever name it has for the user.
#[test]
fn a_request_means_it_by_its_session_index_alone() {
    let other_name = replaced(REQUEST, "ada@acme.example", "_7c1f");
    let index = "<samlp:SessionIndex>_session</samlp:SessionIndex>";
    for (request, left) in [
        (REQUEST.to_owned(), 0),
        (other_name.clone(), 0),
        (replaced(&other_name, ">_session<", ">_other<"), 1),
        (replaced(REQUEST, index, ""), 1),
    ] {
        let mut world = signed_in(&endpoint("HTTP-Redirect", ""), SETTINGS);
        let seen = redirected(&mut world, &query("SAMLRequest", &request, None));
        assert_eq!((seen.answer.status, seen.logged("event").as_str()), (303, "logout_asked"));
        assert_eq!((sessions(&world), world.jar.contains_key(SESSION)), (left, left == 1));
    }
}

#[test]
fn a_named_session_is_meant_by_no_other_name() {
    let mut world = World::with_settings(SETTINGS);
    let mail = attribute("mail", "ada@acme.example");
    world.sign_in(|it| it.in_assertion(END, &format!("{mail}{END}")));
    let request = replaced(REQUEST, "ada@acme.example", "_7c1f");
    redirected(&mut world, &query("SAMLRequest", &request, None));
    assert_eq!(sessions(&world), 1);
}

#[test]
fn what_nobody_signed_does_not_mean_it() {
    let settings = r#"{"claims":{"email":"mail"},"allow_unsigned_logout":true}"#;
    let mut world = signed_in("", settings);
    let seen = redirected(&mut world, &parameters("SAMLRequest", REQUEST, None));
    assert_eq!((seen.answer.status, sessions(&world)), (200, 1));
}

/// Row E2: else the session of a user of one's own would tell whether another's ciphertext was
/// opened.
#[test]
fn a_name_that_was_decrypted_does_not_mean_it() {
    let mut told = BTreeSet::new();
    for plain in [NAME_ID, "no XML"] {
        let mut world = signed_in(&endpoint("HTTP-Redirect", ""), SETTINGS);
        let request = sealed(REQUEST, plain, &sealing());
        let seen = redirected(&mut world, &query("SAMLRequest", &request, None));
        assert_eq!(sessions(&world), 1);
        told.insert(told_by(&seen));
    }
    assert_eq!(told.len(), 1, "{told:?}");
}
