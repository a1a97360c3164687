//! Changes on the settings page: shown first, asked about, made once, and by nobody else.

use saml_edge::limits::SETTINGS_FORM_OCTETS;

use crate::common::{METADATA, Scenario};
use crate::settings::page::{form_token, sign_in_as};
use crate::settings::setup_links::{
    SETTINGS, {self},
};
use crate::world::{Seen, World, answering_with, form};

/// Another IdP, with another key.
pub(crate) fn other() -> String {
    let (before, rest) = METADATA.split_once("X509Certificate>").expect("a certificate");
    let (_, after) = rest.split_once("</").expect("an end");
    let certificate = include_str!("../../common/other.certificate.b64");
    let metadata = format!("{before}X509Certificate>{certificate}</{after}");
    metadata.replace("https://idp.example/metadata", "https://other.example/metadata")
}

/// A browser in which a setup link was opened.
pub(crate) fn world() -> World {
    let mut world = setup_links::world();
    setup_links::enter(&mut world);
    world
}

/// The same, of an account of which nothing is stored.
pub(crate) fn world_of_nobody() -> World {
    let mut world = setup_links::world();
    world.store.accounts.borrow_mut().clear();
    setup_links::enter(&mut world);
    world
}

/// Signs in an administrator who has just proved who they are.
pub(crate) fn prove(world: &mut World, assertion: &str) {
    let started = world.get("/sso/acme/login?prompt=login&return_to=/sso/acme/settings");
    assert!(started.request_xml().contains("ForceAuthn=\"true\""));
    let scenario = answering_with(&started.request_id(), assertion)
        .in_assertion(">developer<", ">account_administrator<");
    assert_eq!(world.post("acme", &form(&scenario)).header("location"), SETTINGS);
}

/// What the hidden field `name` of a page holds, as a browser reads it.
pub(crate) fn hidden(seen: &Seen, name: &str) -> String {
    let (_, rest) = seen.answer.body.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    unescaped(rest.split('"').next().expect("a value"))
}

fn unescaped(html: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Posts what a form of the page says, with the page's token.
pub(crate) fn edit(world: &mut World, fields: &[(&str, &str)]) -> Seen {
    let token = form_token(&world.get(SETTINGS).answer.body);
    let mut all = vec![("form_token", &*token)];
    all.extend(fields);
    world.submit(SETTINGS, &all)
}

/// Says yes to what a page shows.
pub(crate) fn confirm(world: &mut World, shown: &Seen, fields: &[(&str, &str)]) -> Seen {
    let (token, tag) = (hidden(shown, "form_token"), hidden(shown, "shown"));
    let mut all = vec![("form_token", &*token), ("shown", &*tag), ("step", "confirm")];
    all.extend(fields);
    world.submit(SETTINGS, &all)
}

pub(crate) fn edit_and_confirm(world: &mut World, fields: &[(&str, &str)]) -> Seen {
    let shown = edit(world, fields);
    assert!(shown.answer.body.contains("Nothing is changed yet"), "{}", shown.answer.body);
    confirm(world, &shown, fields)
}

pub(crate) fn metadata(world: &World) -> Option<String> {
    world.store.accounts.borrow().get("acme").and_then(|it| it.metadata.clone())
}

pub(crate) fn settings(world: &World) -> Option<String> {
    world.store.accounts.borrow().get("acme").and_then(|it| it.settings.clone())
}

#[test]
fn saving_metadata_shows_first_what_will_change() {
    let (mut world, other) = (world(), other());
    let fields = [("edit", "metadata"), ("metadata", &*other)];
    let shown = edit(&mut world, &fields);
    assert_eq!(shown.answer.status, 200);
    for said in [
        "Change the identity provider?",
        "From https://idp.example/metadata",
        "is trusted from now on",
        "is trusted no more",
        "This is another identity provider.",
        "None of the keys that sign today stays.",
        "SHA-256",
    ] {
        assert!(shown.answer.body.contains(said), "{said}");
    }
    assert_eq!(metadata(&world).as_deref(), Some(METADATA), "nothing is changed yet");
    assert_eq!(hidden(&shown, "metadata"), other.trim());
    let done = confirm(&mut world, &shown, &fields);
    assert_eq!(done.header("location"), "/sso/acme/settings?done=saved");
    assert_eq!(done.logged("event"), "settings_changed");
    assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
    let page = world.get("/sso/acme/settings?done=saved");
    assert!(page.answer.body.contains("Your change is saved."));
}

#[test]
fn a_first_upload_switches_single_sign_on_on() {
    let mut world = world_of_nobody();
    let fields = [("edit", "metadata"), ("metadata", METADATA)];
    let shown = edit(&mut world, &fields);
    assert!(shown.answer.body.contains("Switch single sign-on on?"));
    assert!(!shown.answer.body.contains("class=\"problem\""), "{}", shown.answer.body);
    assert_eq!(confirm(&mut world, &shown, &fields).answer.status, 303);
    assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
    sign_in_as(&mut world, "developer");
}

/// Forms end lines with CR LF, whatever was typed.
#[test]
fn keeps_the_line_ends_of_the_file() {
    let (mut world, other) = (world(), other());
    let typed = format!("\r\n{}\r\n", other.replace('\n', "\r\n"));
    edit_and_confirm(&mut world, &[("edit", "metadata"), ("metadata", &typed)]);
    assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
}

#[test]
fn what_cannot_be_used_is_said_and_kept_to_be_mended() {
    let mut world = world();
    let ours = world.get("/sso/acme/metadata").answer.body;
    for (typed, said) in [
        ("", "Paste the metadata or choose its file first."),
        ("<html>&", "This is not metadata that can be used: the metadata is not well-formed XML"),
        ("https://idp.example/metadata", "This is the address of metadata"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n", "This is only a certificate"),
        (
            &*format!("This XML file does not appear to have any style. {METADATA}"),
            "begins with “&#60;”",
        ),
        (&*ours, "This is our own metadata"),
        (&*METADATA.replace("X509Certificate>", "X>"), "This is not metadata that can be used"),
    ] {
        let seen = edit(&mut world, &[("edit", "metadata"), ("metadata", typed)]);
        assert_eq!(seen.answer.status, 400);
        assert!(seen.answer.body.contains(said), "{said}");
        assert!(seen.answer.body.contains("role=\"alert\""));
        assert!(
            seen.answer
                .body
                .contains("aria-invalid=\"true\" aria-describedby=\"metadata_problem metadata")
        );
        let (_, rest) = seen.answer.body.split_once("<textarea id=\"metadata\"").expect("a box");
        let (_, rest) = rest.split_once('>').expect("a box");
        let (kept, _) = rest.split_once("</textarea>").expect("a box");
        assert_eq!(unescaped(kept), typed.trim());
        assert!(!seen.log.is_some_and(|line| line.contains('<')));
    }
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

#[test]
fn what_is_typed_is_never_markup() {
    let mut world = world();
    let typed = "</textarea><script>alert(1)</script>\"'&";
    for fields in [
        [("edit", "metadata"), ("metadata", typed)],
        [("edit", "entity_id"), ("entity_id", typed)],
        [("edit", "choices"), ("domains", typed)],
    ] {
        let seen = edit(&mut world, &fields);
        assert_ne!(seen.answer.status, 303, "{fields:?}");
        assert!(!seen.answer.body.contains("<script"), "{}", seen.answer.body);
    }
    // In what is shown to be confirmed as well.
    let odd = METADATA.replace("https://idp.example/metadata", "urn:&lt;script&gt;&quot;");
    let seen = edit(&mut world, &[("edit", "metadata"), ("metadata", &odd)]);
    assert!(seen.answer.body.contains("Change the identity provider?"));
    assert!(!seen.answer.body.contains("<script"));
    assert_eq!(hidden(&seen, "metadata"), odd.trim());
}

/// Whatever was changed in the meantime, by whomever.
#[test]
fn a_change_that_was_not_shown_is_asked_about_again() {
    let mut world = world();
    let fields = [("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    let shown = edit(&mut world, &fields);
    world.add("acme", METADATA, Some(r#"{"domains":["acme.example"]}"#));
    let seen = confirm(&mut world, &shown, &fields);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("Something has changed since this was shown."));
    assert!(seen.answer.body.contains("urn:acme:sp"), "nothing typed is lost");
    assert_eq!(settings(&world).as_deref(), Some(r#"{"domains":["acme.example"]}"#));
    assert_eq!(confirm(&mut world, &seen, &fields).answer.status, 303);
    let both = r#"{"domains":["acme.example"],"entity_id":"urn:acme:sp"}"#;
    assert_eq!(settings(&world).as_deref(), Some(both));
}

/// A yes counts for the very text that was shown.
#[test]
fn a_yes_is_for_what_was_shown_alone() {
    let mut world = world();
    let shown = edit(&mut world, &[("edit", "metadata"), ("metadata", &other())]);
    let other = METADATA.replace("idp.example", "evil.example");
    let seen = confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &other)]);
    assert!(seen.answer.body.contains("Something has changed since this was shown."));
    let seen = confirm(&mut world, &shown, &[("edit", "delete")]);
    assert!(seen.answer.body.contains("Something has changed since this was shown."));
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

#[test]
fn deleting_says_what_stops_and_asks_once() {
    let mut world = world();
    sign_in_as(&mut world, "developer");
    let shown = edit(&mut world, &[("edit", "delete")]);
    assert!(shown.answer.body.contains("Switch single sign-on off?"));
    assert!(shown.answer.body.contains("Nobody can sign in to this account any more"));
    assert!(
        shown
            .answer
            .body
            .contains("This ends the one session that acme has now, within 5 minutes.")
    );
    assert!(shown.answer.body.contains("All setup links are revoked, too"));
    assert_eq!(world.ledger.sessions().len(), 1);
    let done = confirm(&mut world, &shown, &[("edit", "delete")]);
    assert_eq!((done.answer.status, metadata(&world)), (200, None));
    for said in [
        "Single sign-on is switched off",
        "<dt>Sessions that ended</dt><dd>1</dd>",
        "until its session is next renewed: for up to 5 minutes.",
        "<dt>Setup links that were revoked</dt><dd>1</dd>",
    ] {
        assert!(done.answer.body.contains(said), "{said}: {}", done.answer.body);
    }
    assert!(world.ledger.sessions().is_empty(), "nobody stays signed in");
    assert!(!world.jar.contains_key("__Host-setup"), "nor in the settings");
    // Whoever is let in by a new link begins again.
    setup_links::enter(&mut world);
    let page = world.get(SETTINGS);
    assert!(page.answer.body.contains("Single sign-on is off"));
    assert!(!page.answer.body.contains("value=\"delete\""));
}

#[test]
fn an_entity_id_reverts_where_it_is_emptied() {
    let mut world = world();
    let id = "https://edge.example/sso/acme/metadata#acme";
    let shown = edit(&mut world, &[("edit", "entity_id"), ("entity_id", &format!(" {id} "))]);
    assert!(shown.answer.body.contains("until the identity provider has the new Identifier"));
    confirm(&mut world, &shown, &[("edit", "entity_id"), ("entity_id", id)]);
    assert!(settings(&world).is_some_and(|it| it.contains(id)));
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains(&format!("value=\"{id}\" maxlength")));
    edit_and_confirm(&mut world, &[("edit", "entity_id"), ("entity_id", "")]);
    assert_eq!(settings(&world), None);
    for wrong in ["urn:x y", "https://edge.example/sso/other/metadata", "urn:x#other"] {
        let seen = edit(&mut world, &[("edit", "entity_id"), ("entity_id", wrong)]);
        assert_eq!(seen.answer.status, 400, "{wrong}");
        assert!(seen.answer.body.contains("This Entity ID cannot be used: "), "{wrong}");
    }
}

#[test]
fn choices_are_stored_as_settings() {
    let mut world = world();
    let choices =
        [("edit", "choices"), ("idp_initiated", "off"), ("domains", "Acme.example\r\n@b.example")];
    edit_and_confirm(&mut world, &choices);
    let stored = r#"{"choices":{"domains":["acme.example","b.example"],"idp_initiated":"off"}}"#;
    assert_eq!(settings(&world).as_deref(), Some(stored));
    let again = edit(&mut world, &choices);
    assert!(again.answer.body.contains("That is what is stored already."));
    let none = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "")];
    edit_and_confirm(&mut world, &none);
    assert_eq!(settings(&world), None);
    let odd = [("edit", "choices"), ("idp_initiated", "always"), ("domains", "")];
    assert_eq!(edit(&mut world, &odd).answer.status, 400);
    let wrong = [("edit", "choices"), ("idp_initiated", "off"), ("domains", "b_example")];
    assert_eq!(edit(&mut world, &wrong).answer.status, 400);
}

/// Row G3: an account's own people narrow what operators allow, and widen nothing of it.
#[test]
fn choices_keep_within_what_operators_allow() {
    let mut world = world();
    let allowed = r#"{"domains":["acme.example","b.example"],"roles":["developer"]}"#;
    world.add("acme", METADATA, Some(allowed));
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains("that this product’s operators allow: acme.example, b.example"));
    assert!(page.contains("“Accepted as they are” is for this product’s operators to allow."));
    assert!(!page.contains("id=\"start_on\""));
    for (idp_initiated, domains, said) in [
        ("on", "", "operators do not allow this choice for sign-ins that start"),
        ("upgrade", "victim.example", "not among those that this product’s operators allow"),
        ("off", "acme.example victim.example", "not among those that"),
    ] {
        let fields = [("edit", "choices"), ("idp_initiated", idp_initiated), ("domains", domains)];
        let seen = edit(&mut world, &fields);
        assert_eq!(seen.answer.status, 400);
        assert!(seen.answer.body.contains(said), "{said}");
        assert_eq!(settings(&world).as_deref(), Some(allowed));
    }
    // To clear them is to have all that is allowed.
    let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "b.example")];
    edit_and_confirm(&mut world, &fields);
    let narrowed = r#"{"choices":{"domains":["b.example"]},"domains":["acme.example","b.example"],"roles":["developer"]}"#;
    assert_eq!(settings(&world).as_deref(), Some(narrowed));
    assert_eq!(world.sign_in(|it| it).refusal(), "email_domain_not_listed");
    let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "")];
    edit_and_confirm(&mut world, &fields);
    assert_eq!(settings(&world).as_deref(), Some(allowed));
    let ceo = |it: Scenario| it.in_assertion("ada@acme.example", "ceo@victim.example");
    assert_eq!(world.sign_in(ceo).refusal(), "email_domain_not_listed");
}

/// What an operator takes back is taken back from whoever had chosen it.
#[test]
fn what_operators_allow_holds_whatever_was_chosen() {
    let mut world = world();
    world.add("acme", METADATA, Some(r#"{"idp_initiated":"on"}"#));
    assert!(world.get(SETTINGS).answer.body.contains("id=\"start_on\""));
    let chosen = r#"{"choices":{"domains":["b.example"],"idp_initiated":"on"}}"#;
    world.add("acme", METADATA, Some(chosen));
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.refusal(), "email_domain_not_listed", "and no session of it");
    let chosen = r#"{"choices":{"idp_initiated":"on"}}"#;
    world.add("acme", METADATA, Some(chosen));
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.logged("event"), "login_upgraded");
}

#[test]
fn tells_administrators_that_they_lock_themselves_out() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let choices = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "b.example")];
    let shown = edit(&mut world, &choices);
    assert!(shown.answer.body.contains("Your own e-mail address is in none of these domains"));
    let shown = edit(&mut world, &[("edit", "entity_id"), ("entity_id", "urn:acme:sp")]);
    assert!(shown.answer.body.contains("This includes you"));
    let choices = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "acme.example")];
    let shown = edit(&mut world, &choices);
    assert!(!shown.answer.body.contains("class=\"problem\""));
    let silent = METADATA.replace("SingleSignOnService", "AssertionIDRequestService");
    let shown = edit(&mut world, &[("edit", "metadata"), ("metadata", &silent)]);
    assert!(shown.answer.body.contains("no address where sign-ins can start"));
}

/// A browser that was left open must not be enough.
#[test]
fn changing_takes_a_fresh_proof() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains("Sign in to change") && !page.contains("<textarea"));
    prove(&mut world, "_2");
    let fields = [("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    let token = form_token(&world.get(SETTINGS).answer.body);
    world.now = world.now.plus(30 * 60 - 1);
    let shown = edit(&mut world, &fields);
    assert_eq!(shown.answer.status, 200);
    world.now = world.now.plus(1);
    for seen in [
        world.submit(SETTINGS, &[("form_token", &token), fields[0], fields[1]]),
        confirm(&mut world, &shown, &fields),
    ] {
        assert_eq!((&*seen.refusal(), seen.answer.status), ("reauthentication_due", 403));
        assert!(seen.answer.body.contains("prompt=login"));
        assert!(seen.answer.body.contains("urn:acme:sp"), "nothing typed is lost");
    }
    assert_eq!(settings(&world), None);
}

/// IdPs are known to pass over ForceAuthn.
#[test]
fn a_proof_must_be_as_fresh_as_was_asked_for() {
    let mut world = World::new();
    let started = world.get("/sso/acme/login?prompt=login");
    let scenario = answering_with(&started.request_id(), "_1").in_assertion(
        "AuthnInstant=\"2026-11-24T09:59:00Z\"",
        "AuthnInstant=\"2026-11-24T09:58:59Z\"",
    );
    assert_eq!(world.post("acme", &form(&scenario)).refusal(), "authn_too_old");
}

#[test]
fn a_form_of_an_older_sign_in_is_shown_once_more() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let token = form_token(&world.get(SETTINGS).answer.body);
    prove(&mut world, "_2");
    let fields = [("form_token", &*token), ("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    let seen = world.submit(SETTINGS, &fields);
    assert_eq!((&*seen.refusal(), seen.answer.status), ("form_token_invalid", 403));
    assert!(seen.answer.body.contains("urn:acme:sp"), "nothing typed is lost");
    let fresh = hidden(&seen, "form_token");
    let fields = [("form_token", &*fresh), ("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    assert!(world.submit(SETTINGS, &fields).answer.body.contains("Nothing is changed yet"));
}

/// No other site can have somebody change anything, whatever it knows.
#[test]
fn no_other_site_changes_anything() {
    let mut world = world();
    let fields = [("edit", "delete")];
    let shown = edit(&mut world, &fields);
    for (fetch_site, origin) in [
        (Some("cross-site"), None),
        (Some("same-site"), None),
        (Some("none"), None),
        (None, None),
        (None, Some("https://evil.example")),
        (None, Some("null")),
    ] {
        (world.fetch_site, world.origin) = (fetch_site, origin);
        assert_eq!(confirm(&mut world, &shown, &fields).refusal(), "cross_site_form");
    }
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

#[test]
fn a_form_may_be_as_long_as_metadata_is() {
    let mut world = world();
    let long = "x".repeat(SETTINGS_FORM_OCTETS);
    let seen = edit(&mut world, &[("edit", "metadata"), ("metadata", &long)]);
    assert_eq!((&*seen.refusal(), seen.answer.status), ("message_too_large", 413));
    // Nothing of a stranger's is read.
    world.jar.clear();
    let seen = world.submit(SETTINGS, &[("metadata", &long)]);
    assert_eq!(seen.answer.status, 303);
}

#[test]
fn an_entity_id_that_another_account_has_is_refused() {
    let mut world = world();
    for account in ["acme", "other"] {
        world.add(account, METADATA, Some(r#"{"acs":"shared"}"#));
    }
    let fields = [("edit", "entity_id"), ("entity_id", "urn:taken")];
    world.add("other", METADATA, Some(r#"{"acs":"shared","entity_id":"urn:taken"}"#));
    let id = world.get("/sso/other/login").request_id();
    let scenario = answering_with(&id, "_1")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/metadata", "urn:taken")
        .in_assertion(">acme<", ">other<");
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    // Somebody has signed in to this account too, with the same key.
    let id = world.get("/sso/acme/login").request_id();
    let scenario = answering_with(&id, "_2")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion(
            "https://edge.example/sso/acme/metadata",
            "https://edge.example/sso/metadata",
        );
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    // It is said at the field, before anybody is asked for a yes.
    let seen = edit(&mut world, &fields);
    assert_eq!(seen.answer.status, 400);
    for said in [
        "Another account already has this Identifier at your identity provider",
        "Nothing was changed.",
        "aria-invalid=\"true\" aria-describedby=\"entity_id_problem entity_id_hint\"",
    ] {
        assert!(seen.answer.body.contains(said), "{said}: {}", seen.answer.body);
    }
    assert!(!seen.answer.body.contains("name=\"shown\""));
    assert_eq!(settings(&world).as_deref(), Some(r#"{"acs":"shared"}"#));
    // One that it leaves empty leads to the same place.
    let own = r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#acme"}"##;
    world.add("acme", METADATA, Some(own));
    world.add("other", METADATA, Some(r#"{"acs":"shared"}"#));
    let id = world.get("/sso/other/login").request_id();
    let scenario = answering_with(&id, "_3")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/metadata", "https://edge.example/sso/metadata")
        .in_assertion(">acme<", ">other<");
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    let seen = edit(&mut world, &[("edit", "entity_id"), ("entity_id", "")]);
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("Another account already has this Identifier"));
    assert_eq!(settings(&world).as_deref(), Some(own));
}

/// Metadata is public. Whoever stores that of another company must not learn whether it signs in
/// here, before its key has signed somebody in to their own account.
#[test]
fn who_has_an_entity_id_is_told_to_nobody_without_its_key() {
    let shared = Some(r#"{"acs":"shared"}"#);
    let mut answers = Vec::new();
    for is_customer in [false, true] {
        let mut world = world();
        world.add("acme", &other(), shared);
        if is_customer {
            world.add("other", METADATA, shared);
            let id = world.get("/sso/other/login").request_id();
            let own = "https://edge.example/sso/acme";
            let scenario = answering_with(&id, "_1")
                .in_assertion(&format!("{own}/acs"), "https://edge.example/sso/acs")
                .in_response(&format!("{own}/acs"), "https://edge.example/sso/acs")
                .in_assertion(&format!("{own}/metadata"), "https://edge.example/sso/metadata")
                .in_assertion(">acme<", ">other<");
            assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
            assert_eq!(world.ledger.pairs().len(), 1);
        }
        let seen = edit_and_confirm(&mut world, &[("edit", "metadata"), ("metadata", METADATA)]);
        answers.push((seen.answer.status, seen.header("location").to_owned()));
        assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
        // Nor does it help them.
        assert_eq!(world.ledger.pairs().len(), usize::from(is_customer));
    }
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn earlier_metadata_comes_back() {
    let (mut world, other) = (world(), other());
    assert!(!world.get(SETTINGS).answer.body.contains("Earlier metadata"));
    edit_and_confirm(&mut world, &[("edit", "metadata"), ("metadata", &other)]);
    let page = world.get(SETTINGS);
    // What somebody had put there before, in whatever way.
    assert!(page.answer.body.contains("by this product’s operators"));
    let version = hidden(&page, "version");
    let shown = edit(&mut world, &[("edit", "restore"), ("version", &version)]);
    assert!(shown.answer.body.contains("From https://other.example/metadata"));
    let restored = hidden(&shown, "metadata");
    assert_eq!(restored, METADATA.trim());
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &restored)]);
    assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
    assert!(world.get(SETTINGS).answer.body.contains("by somebody with a setup link"));
    for version in ["", "x", "99", "-1", "9007199254740993"] {
        let seen = edit(&mut world, &[("edit", "restore"), ("version", version)]);
        assert_eq!(seen.answer.status, 400, "{version}");
        assert!(seen.answer.body.contains("That version is not kept any more."));
    }
}

#[test]
fn deleted_metadata_comes_back() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let (form_token, other) = (form_token(&world.get(SETTINGS).answer.body), other());
    let fields = [("form_token", &*form_token), ("edit", "metadata"), ("metadata", &*other)];
    let shown = world.submit(SETTINGS, &fields);
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &other)]);
    // Their session is over with it.
    assert_eq!(world.get(SETTINGS).answer.status, 303);
    world.config = setup_links::world().config;
    setup_links::enter(&mut world);
    edit_and_confirm(&mut world, &[("edit", "delete")]);
    setup_links::enter(&mut world);
    let page = world.get(SETTINGS);
    assert!(page.answer.body.contains("by another administrator"));
    let version = hidden(&page, "version");
    let shown = edit(&mut world, &[("edit", "restore"), ("version", &version)]);
    assert!(shown.answer.body.contains("Switch single sign-on on?"));
    let restored = hidden(&shown, "metadata");
    confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &restored)]);
    assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
}

/// Row G6: what is changed is kept for months, and an hour has room for what people change.
#[test]
fn changes_are_counted_for_all_of_an_account_s_people_together() {
    let mut world = world();
    let choose = |world: &mut World, number: usize| {
        let domains = format!("acme{number}.example");
        let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", &*domains)];
        edit_and_confirm(world, &fields)
    };
    for number in 0..20 {
        assert_eq!(choose(&mut world, number).answer.status, 303, "{number}");
    }
    let before = settings(&world);
    world.now = world.now.plus(125);
    let seen = choose(&mut world, 20);
    assert_eq!((seen.answer.status, seen.logged("code").as_str()), (429, "too_many_changes"));
    assert_eq!(seen.header("retry-after"), "3475");
    assert!(
        seen.answer.body.contains("it can be done again in 58 minutes"),
        "{}",
        seen.answer.body
    );
    assert!(seen.answer.body.contains("acme20.example"), "what was typed stays");
    assert_eq!(settings(&world), before);
    // Nor by another browser, or another way in.
    world.jar.clear();
    setup_links::enter(&mut world);
    assert_eq!(choose(&mut world, 21).answer.status, 429);
    // Operators are not counted, and other accounts are.
    let audit = world.ledger.audit().len();
    let token = format!("Bearer {}", crate::world::secret(9));
    world.authorization = Some(token);
    world.if_match = Some("*".to_owned());
    let path = "/sso/api/v1/accounts/acme";
    let body = crate::fakes::Octets::of("{}");
    let seen = world.send("PUT", path, Some("application/json"), "", body);
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    assert_eq!(world.ledger.audit().len(), audit + 1);
    world.now = world.now.plus(3475);
    assert_eq!(choose(&mut world, 22).answer.status, 303);
}
