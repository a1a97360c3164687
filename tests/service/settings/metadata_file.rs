//! Metadata as a file on the settings page.

use saml_edge::limits::SETTINGS_FORM_OCTETS;
use saml_verify::limits::FORM_FIELDS;

use crate::common::{METADATA, in_utf_16};
use crate::fakes::Octets;
use crate::settings::changes::{confirm, hidden, metadata, other, world};
use crate::settings::page::form_token;
use crate::settings::setup_links::SETTINGS;
use crate::support::seen::Seen;
use crate::support::world::World;

const MULTIPART: &str = "multipart/form-data; boundary=----x";

/// What a browser sends: a file has a name and a type.
fn part(name: &str, value: &[u8]) -> Vec<u8> {
    let file = "; filename=\"metadata.xml\"\r\nContent-Type: text/xml";
    let file = if name == "metadata_file" { file } else { "" };
    let head = format!("------x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), value, b"\r\n"].concat()
}

fn body(parts: &[Vec<u8>]) -> Vec<u8> {
    [&parts.concat()[..], b"------x--\r\n"].concat()
}

fn post(world: &mut World, content_type: &str, body: &[u8]) -> Seen {
    let cookies = world.cookies("");
    let chunks = body.chunks(1000).map(<[u8]>::to_vec).collect();
    let body = Octets { declared: None, chunks, breaks: false };
    world.send("POST", SETTINGS, Some(content_type), &cookies, body)
}

/// The fields of the form as a browser sends them, with `file` chosen.
fn form(world: &mut World, pasted: &str, file: &[u8]) -> Vec<Vec<u8>> {
    let token = form_token(&world.get(SETTINGS).answer.body);
    vec![
        part("form_token", token.as_bytes()),
        part("metadata", pasted.as_bytes()),
        part("metadata_file", file),
        part("edit", b"metadata"),
    ]
}

fn choose(world: &mut World, pasted: &str, file: &[u8]) -> Seen {
    let form = form(world, pasted, file);
    post(world, MULTIPART, &body(&form))
}

#[test]
fn a_file_is_reviewed_as_what_is_pasted_is() {
    let (mut world, other) = (world(), other());
    let shown = choose(&mut world, "", other.as_bytes());
    assert!(shown.answer.body.contains("Change the identity provider?"), "{}", shown.answer.body);
    assert_eq!(metadata(&world).as_deref(), Some(METADATA), "nothing is changed yet");
    let xml = hidden(&shown, "metadata");
    let fields = [("edit", "metadata"), ("metadata", &*xml)];
    assert_eq!(confirm(&mut world, &shown, &fields).answer.status, 303);
    assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
}

/// Entra's file begins with a byte order mark, and its lines end as on Windows.
#[test]
fn a_file_may_begin_and_end_its_lines_as_it_likes() {
    for (start, end) in [("\u{feff}", "\r\n"), ("\n", "\r"), ("", "\n")] {
        let (mut world, other) = (world(), other());
        let file = format!("{start}{}", other.replace('\n', end));
        let shown = choose(&mut world, "", file.as_bytes());
        let xml = hidden(&shown, "metadata").replace('\n', "\r\n");
        let done = confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &xml)]);
        assert_eq!(done.answer.status, 303, "{}", done.answer.body);
        assert_eq!(metadata(&world).as_deref(), Some(other.trim()));
    }
}

#[test]
fn a_file_may_be_in_utf_16() {
    let (files, text) = in_utf_16(&other());
    for file in files {
        let mut world = world();
        let shown = choose(&mut world, "", &file);
        let xml = hidden(&shown, "metadata");
        let done = confirm(&mut world, &shown, &[("edit", "metadata"), ("metadata", &xml)]);
        assert_eq!(done.answer.status, 303, "{}", done.answer.body);
        assert_eq!(metadata(&world).as_deref(), Some(text.trim()));
    }
}

#[test]
fn a_chosen_file_counts_whatever_is_pasted() {
    let (mut world, other) = (world(), other());
    let shown = choose(&mut world, "<wrong>", other.as_bytes());
    assert_eq!(hidden(&shown, "metadata"), other.trim());
    // A browser sends an empty file where none is chosen.
    let shown = choose(&mut world, &other, b"");
    assert_eq!(hidden(&shown, "metadata"), other.trim());
    let seen = choose(&mut world, "", b"");
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("Paste the metadata or choose its file first."));
}

#[test]
fn a_file_that_is_no_metadata_is_said_to_be_none() {
    let mut world = world();
    let seen = choose(&mut world, "", b"<html></html>");
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("This is not metadata that can be used"));
    assert!(seen.answer.body.contains("&#60;html&#62;"));
}

#[test]
fn refuses_a_form_with_one_thing_broken() {
    let mut world = world();
    let other = other();
    let form = form(&mut world, "", other.as_bytes());
    let whole = body(&form);
    assert_eq!(post(&mut world, MULTIPART, &whole).answer.status, 200);
    let with = |more: &[Vec<u8>]| body(&[&form[..], more].concat());
    let twice = with(&[part("metadata_file", METADATA.as_bytes())]);
    let many: Vec<_> = (form.len()..=FORM_FIELDS).map(|n| part(&n.to_string(), b"")).collect();
    let long = with(&[part("long", &vec![b' '; SETTINGS_FORM_OCTETS])]);
    for (content_type, body, status, code) in [
        (MULTIPART, with(&[part("x", b"\xff\xfe<")]), 400, "not_utf8"),
        (MULTIPART, form.concat(), 400, "form_malformed"),
        ("multipart/form-data; boundary=y", whole.clone(), 400, "form_malformed"),
        ("multipart/form-data", whole.clone(), 400, "form_malformed"),
        ("multipart/mixed; boundary=----x", whole.clone(), 400, "form_malformed"),
        (MULTIPART, twice, 400, "form_malformed"),
        (MULTIPART, with(&many), 400, "form_field_count"),
        (MULTIPART, long, 413, "message_too_large"),
        (MULTIPART, body(&form[1..]), 403, "form_token_invalid"),
    ] {
        let seen = post(&mut world, content_type, &body);
        assert_eq!((seen.answer.status, &*seen.refusal()), (status, code));
    }
    assert_eq!(post(&mut world, MULTIPART, &with(&many[1..])).answer.status, 200);
    world.fetch_site = Some("cross-site");
    assert_eq!(post(&mut world, MULTIPART, &whole).refusal(), "cross_site_form");
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

/// One page takes files, and no other form does.
#[test]
fn other_forms_take_no_files() {
    let mut world = world();
    let form = body(&[part("link", b"x")]);
    let start = format!("{SETTINGS}/start");
    let cookies = world.cookies("");
    let chunks = [form].into();
    let body = Octets { declared: None, chunks, breaks: false };
    let seen = world.send("POST", &start, Some(MULTIPART), &cookies, body);
    assert_eq!((seen.answer.status, &*seen.refusal()), (400, "form_malformed"));
}
