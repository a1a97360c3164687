//! Changes on the settings page: shown first, asked about, made once, and by nobody else.

use saml_edge::limits::SETTINGS_FORM_OCTETS;

use crate::common::METADATA;
use crate::settings::page::{form_token, sign_in_as};
use crate::settings::setup_links::{
    SETTINGS, {self},
};
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

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
        "is no longer trusted",
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
    assert!(seen.answer.body.contains("Something has changed since this page was shown."));
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
    assert!(seen.answer.body.contains("Something has changed since this page was shown."));
    let seen = confirm(&mut world, &shown, &[("edit", "delete")]);
    assert!(seen.answer.body.contains("Something has changed since this page was shown."));
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
    assert!(shown.answer.body.contains("All setup links are revoked too"));
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
