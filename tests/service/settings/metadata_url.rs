//! The metadata's address on the settings page: what is there is shown first, as what is pasted is,
//! and what is new there later waits for a yes (rows G6, H10).

use saml_edge::{FetchError, Fetched};

use crate::account::refresh::{publish, replaced, rolled_over};
use crate::common::{METADATA, NOW};
use crate::settings::changes::{
    confirm, edit, edit_and_confirm, hidden, metadata, prove, settings, world, world_of_nobody,
};
use crate::settings::page::form_token;
use crate::settings::setup_links::SETTINGS;
use crate::support::seen::Seen;
use crate::support::world::World;

const URL: &str = "https://idp.example/metadata.xml";

const FOLLOW: [(&str, &str); 3] =
    [("edit", "metadata_url"), ("metadata_url", URL), ("new_certificates", "approve")];
pub(crate) const APPROVE: &str = r#"{"metadata_url":"https://idp.example/metadata.xml"}"#;

/// A browser in which a setup link was opened, of an account that follows an address.
pub(crate) fn following() -> World {
    let mut world = world();
    world.add("acme", METADATA, Some(APPROVE));
    publish(&mut world, METADATA);
    world
}

/// The same, where something else waits for a yes. Returns its id, too.
pub(crate) fn waiting(published: &str) -> (World, String) {
    let mut world = following();
    publish(&mut world, published);
    assert_eq!(act(&mut world, &[("action", "look")]).answer.status, 303);
    let id = hidden(&world.get(SETTINGS), "staged");
    (world, id)
}

pub(crate) fn act(world: &mut World, fields: &[(&str, &str)]) -> Seen {
    edit(world, fields)
}

/// What a review carries back, but for what [`confirm`] sends itself.
pub(crate) fn agree(world: &mut World, shown: &Seen) -> Seen {
    let names = ["edit", "metadata_url", "new_certificates", "metadata"];
    let fields: Vec<_> = names.map(|name| (name, hidden(shown, name))).to_vec();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    confirm(world, shown, &fields)
}

fn asked(world: &World) -> usize {
    world.web.asked.borrow().len()
}

#[test]
fn an_address_is_fetched_shown_and_then_followed() {
    let mut world = world_of_nobody();
    publish(&mut world, METADATA);
    let shown = edit(&mut world, &FOLLOW);
    for said in ["Switch single sign-on on?", "To https://idp.example/metadata.xml", "SHA-256"] {
        assert!(shown.answer.body.contains(said), "{said}");
    }
    assert_eq!(metadata(&world), None, "nothing is changed yet");
    // What was shown is stored, whatever is published meanwhile.
    publish(&mut world, &replaced());
    assert_eq!(agree(&mut world, &shown).header("location"), "/sso/acme/settings?done=saved");
    assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
    assert_eq!(settings(&world).as_deref(), Some(APPROVE));
    assert_eq!(asked(&world), 1);
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains("Follows the metadata address") && page.contains(URL));
}

#[test]
fn a_yes_to_an_address_is_for_what_was_shown_there() {
    let mut world = world();
    publish(&mut world, &replaced());
    let shown = edit(&mut world, &FOLLOW);
    let other = rolled_over();
    let seen =
        confirm(&mut world, &shown, &[FOLLOW[0], FOLLOW[1], FOLLOW[2], ("metadata", &other)]);
    assert!(seen.answer.body.contains("Something has changed since this page was shown."));
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

#[test]
fn an_address_that_cannot_be_used_is_said_and_kept_to_be_mended() {
    let moved = |to: &str| Fetched { status: 302, location: Some(to.into()), octets: vec![] };
    let answer = |status, text: &str| Fetched { status, location: None, octets: text.into() };
    let mut world = world();
    for (url, answer, said) in [
        ("", Err(FetchError::Unreachable), "Type the address first."),
        ("http://idp.example/", Err(FetchError::Unreachable), "This address cannot be used"),
        ("https://127.0.0.1/&\"", Err(FetchError::Unreachable), "This address cannot be used"),
        (URL, Err(FetchError::Unreachable), "the address gives no document"),
        (URL, Ok(answer(404, "")), "the address gives no document."),
        (URL, Ok(moved("https://x.example/")), "the address leads to another host"),
        (URL, Err(FetchError::TooLarge), "What is published there cannot be used"),
        (URL, Ok(answer(200, "<html></html>")), "What is published there cannot be used"),
    ] {
        world.web.answers.insert(URL.to_owned(), answer);
        let seen =
            edit(&mut world, &[FOLLOW[0], ("metadata_url", url), ("new_certificates", "accept")]);
        let body = &seen.answer.body;
        assert_eq!(seen.answer.status, 400, "{said}");
        assert!(body.contains(said) && !body.contains("404"), "{said}");
        assert!(body.contains(
            "aria-invalid=\"true\" aria-describedby=\"metadata_url_problem metadata_url"
        ));
        assert_eq!(hidden(&seen, "metadata_url"), url);
        assert!(body.contains("value=\"accept\" aria-describedby=\"new_accept_hint\" checked"));
    }
    assert_eq!((metadata(&world).as_deref(), settings(&world)), (Some(METADATA), None));
    world.web.answers.insert(URL.to_owned(), Ok(answer(418, "")));
    let seen = edit(&mut world, &FOLLOW);
    assert_eq!(seen.logged("detail"), "the address gives no document: status 418");
    assert!(!seen.answer.body.contains("418"), "whoever names an address cannot ask servers by it");
}

#[test]
fn an_address_that_is_trusted_unseen_is_warned_of() {
    let warning = "anyone who controls the server at the metadata address decides who can sign in";
    let mut world = world();
    publish(&mut world, METADATA);
    let accept = [FOLLOW[0], FOLLOW[1], ("new_certificates", "accept")];
    let shown = edit(&mut world, &accept);
    assert!(shown.answer.body.contains(warning));
    assert_eq!(agree(&mut world, &shown).answer.status, 303);
    assert!(settings(&world).expect("settings").contains(r#""new_certificates":"accept""#));
    // The way back is no danger, and asks nobody: the address stays as it is.
    let shown = edit(&mut world, &FOLLOW);
    assert!(shown.answer.body.contains("Change the metadata address?"));
    assert!(shown.answer.body.contains("From They are trusted at once"));
    assert!(!shown.answer.body.contains(warning));
    confirm(&mut world, &shown, &FOLLOW);
    assert_eq!(settings(&world).as_deref(), Some(APPROVE));
    assert_eq!(asked(&world), 1);
}

#[test]
fn whoever_says_what_is_trusted_follows_no_address_any_more() {
    let other = replaced();
    for fields in [
        &[("edit", "metadata"), ("metadata", &*other)][..],
        &[("edit", "delete")],
        &[("edit", "metadata_url"), ("metadata_url", "")],
    ] {
        let mut world = following();
        let shown = edit(&mut world, fields);
        assert!(
            shown.answer.body.contains("From https://idp.example/metadata.xml</dd><dd>To none")
        );
        confirm(&mut world, &shown, fields);
        assert_eq!(settings(&world), None);
        assert!(!world.get(SETTINGS).answer.body.contains("Follows the metadata address"));
    }
    // An address that is emptied leaves in force what is.
    let mut world = following();
    edit_and_confirm(&mut world, &[("edit", "metadata_url"), ("metadata_url", "")]);
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

/// What is new there may be trusted at once by looking.
#[test]
fn looking_and_dismissing_take_a_fresh_proof_and_a_form_of_ours() {
    let mut world = World::new();
    world.add("acme", METADATA, Some(APPROVE));
    prove(&mut world, "_1");
    let token = form_token(&world.get(SETTINGS).answer.body);
    for action in ["look", "dismiss"] {
        let fields = [("action", action), ("staged", "x")];
        let seen = world.submit(SETTINGS, &fields);
        assert_eq!(seen.refusal(), "form_token_invalid");
        world.fetch_site = Some("cross-site");
        let all = [("form_token", &*token), fields[0], fields[1]];
        assert_eq!(world.submit(SETTINGS, &all).refusal(), "cross_site_form");
        world.fetch_site = Some("same-origin");
        world.now = world.now.plus(30 * 60);
        assert_eq!(world.submit(SETTINGS, &all).refusal(), "reauthentication_due");
        world.now = NOW;
    }
    assert_eq!(asked(&world), 0);
    // Buttons that would be of no use are not there.
    world.now = world.now.plus(30 * 60);
    assert!(!world.get(SETTINGS).answer.body.contains("Fetch it now"));
}

/// Row G6: whoever has an address asked makes this service ask it, and each answer may be news.
#[test]
fn addresses_are_asked_so_often_and_no_more() {
    let mut world = following();
    for number in 0..9 {
        assert_eq!(act(&mut world, &[("action", "look")]).answer.status, 303, "{number}");
    }
    // One that is typed anew counts as well.
    let other = "https://idp.example/other.xml";
    let follow = |url| [FOLLOW[0], ("metadata_url", url), FOLLOW[2]];
    assert_eq!(edit(&mut world, &follow(other)).answer.status, 400);
    assert_eq!(asked(&world), 10);
    for fields in [&[("action", "look")][..], &follow(other)] {
        let seen = edit(&mut world, fields);
        assert_eq!((seen.answer.status, seen.logged("code").as_str()), (429, "too_many_changes"));
        assert_eq!(seen.header("retry-after"), "300");
        assert!(seen.answer.body.contains("it can be done again in 5 minutes"));
    }
    assert_eq!(asked(&world), 10);
    world.now = NOW.plus(300);
    assert_eq!(act(&mut world, &[("action", "look")]).answer.status, 303);
    assert_eq!(asked(&world), 11);
}

#[test]
fn a_look_that_may_trust_somebody_counts_as_a_change() {
    let mut world = world();
    let accept =
        r#"{"metadata_url":"https://idp.example/metadata.xml","new_certificates":"accept"}"#;
    world.add("acme", METADATA, Some(accept));
    publish(&mut world, METADATA);
    for number in 0..20 {
        world.now = NOW.plus(number * 60);
        assert_eq!(act(&mut world, &[("action", "look")]).answer.status, 303, "{number}");
    }
    world.now = NOW.plus(30 * 60);
    assert_eq!(act(&mut world, &[("action", "look")]).answer.status, 429);
    let (mut world, id) = waiting(&rolled_over());
    let before = world.ledger.turns();
    assert_eq!(act(&mut world, &[("action", "dismiss"), ("staged", &id)]).answer.status, 303);
    assert_eq!(world.ledger.turns(), before + 1, "a no is kept as a change is");
}
