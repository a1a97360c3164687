//! `saml-edge kv-bulk`: a folder that passes, and folders with one thing broken.

use serde_json::{Value, json};

use crate::common::{METADATA, in_utf_16};
use crate::{folder, run};

const CHILD: &str = r##"{"acs":"shared","entity_id":"https://app.example.com/sso/metadata#kid"}"##;
const SHARED: &str = r#"{"acs":"shared"}"#;
const SAME: &str = r#"{"acs":"shared","entity_id":"urn:example:product"}"#;

fn kv_bulk<T: AsRef<[u8]>>(name: &str, files: &[(&str, T)]) -> (Option<i32>, String, String) {
    let folder = folder(name, files);
    let (code, said, complaints) = run(&["kv-bulk", folder.to_str().expect("UTF-8")]);
    (code, said, complaints.replace(&format!("{}/", folder.display()), ""))
}

/// Expects nothing on standard output, and these problems in order.
fn refuses(name: &str, files: &[(&str, &str)], problems: &[&str]) {
    let (code, said, complaints) = kv_bulk(name, files);
    assert_eq!((code, said.as_str()), (Some(1), ""), "{complaints}");
    let mut lines = complaints.lines();
    for problem in problems {
        let line = lines.next().unwrap_or_default();
        assert!(line.starts_with(problem), "{problem}: {complaints}");
    }
    assert_eq!(lines.next(), None, "{complaints}");
}

#[test]
fn prints_what_wrangler_takes() {
    let settings = r#"{ "domains": ["acme.example", "acme.test"], "roles": ["finance"] }"#;
    let files = [
        ("acme.xml", METADATA),
        ("acme.json", settings),
        ("agency.xml", METADATA),
        ("agency.json", SHARED),
        ("kid.xml", METADATA),
        ("kid.json", CHILD),
        ("plain.xml", METADATA),
        (".hidden", ""),
    ];
    let (code, said, complaints) = kv_bulk("passes", &files);
    assert_eq!((code, complaints.as_str()), (Some(0), ""));
    let printed: Value = serde_json::from_str(&said).expect("JSON");
    let pair = |key: &str, value: &str| json!({"key": key, "value": value});
    let expected = json!([
        pair("account:acme", settings),
        pair("account:agency", SHARED),
        pair("account:kid", CHILD),
        pair("domain:acme.example", "acme"),
        pair("domain:acme.test", "acme"),
        pair("metadata:acme", METADATA),
        pair("metadata:agency", METADATA),
        pair("metadata:kid", METADATA),
        pair("metadata:plain", METADATA),
    ]);
    assert_eq!(printed, expected);
}

/// KV reads what it holds as UTF-8.
#[test]
fn metadata_in_utf_16_is_printed_as_text() {
    let (files, text) = in_utf_16(METADATA);
    for file in files {
        let (code, said, complaints) = kv_bulk("utf-16", &[("acme.xml", file)]);
        assert_eq!((code, complaints.as_str()), (Some(0), ""));
        let printed: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(printed, json!([{"key": "metadata:acme", "value": text}]));
    }
    refuses(
        "utf-16-settings",
        &[("acme.xml", METADATA), ("acme.json", "\u{feff}{}")],
        &["acme.json: "],
    );
}

#[test]
fn lists_every_problem_with_its_file() {
    let expired = METADATA.replace("entityID=", "validUntil=\"2020-01-01T00:00:00Z\" entityID=");
    let files = [
        ("a.json", "{}"),
        ("b c.xml", METADATA),
        ("d.xml", "<html/>"),
        ("d.json", "{\"acs\":\"both\"}"),
        ("e.xml", &expired),
        ("f.xml", METADATA),
        ("f.json", r#"{"roles":["owner","finance"]}"#),
        ("g.xml", METADATA),
        ("g.json", r##"{"entity_id":"urn:x#f"}"##),
        ("good.xml", METADATA),
        ("notes.txt", ""),
    ];
    let problems = [
        "a.json: there is no metadata",
        "b c.xml: the name is no account id",
        "d.xml: not_metadata: ",
        "d.json: settings_invalid: ",
        "e.xml: metadata_expired: ",
        "f.json: roles: owner is none of ROLES",
        "g.json: settings_invalid: ",
        "notes.txt: it is neither",
    ];
    refuses("problems", &files, &problems);
    refuses("empty", &[], &[""]);
}

/// Row G2, before anything is stored.
#[test]
fn refuses_one_entity_id_for_two_accounts_of_an_idp() {
    let other = METADATA.replace("https://idp.example/metadata", "https://other.example/metadata");
    for settings in [SHARED, SAME] {
        let files = |second| {
            [("a.xml", METADATA), ("a.json", settings), ("b.xml", second), ("b.json", settings)]
        };
        refuses("taken", &files(METADATA), &["b.xml: entity_id_taken: "]);
        assert_eq!(kv_bulk("two-idps", &files(&other)).0, Some(0));
    }
    // By another account's settings, and by the var's default.
    let default = r#"{"acs":"shared","entity_id":"https://app.example.com/sso/metadata"}"#;
    let files =
        |second| [("a.xml", METADATA), ("a.json", SHARED), ("b.xml", second), ("b.json", default)];
    refuses("taken-default", &files(METADATA), &["b.xml: entity_id_taken: "]);
    // Each of Entra's applications has a key of its own.
    assert_eq!(kv_bulk("two-keys", &files(&other_key())).0, Some(0));
    // At a Reply URL of its own nobody is taken for another account.
    let own = default.replace("shared", "own");
    let files = [("a.xml", METADATA), ("a.json", &own), ("b.xml", METADATA), ("b.json", &own)];
    assert_eq!(kv_bulk("own-reply-urls", &files).0, Some(0));
    let own = r#"{"entity_id":"https://app.example.com/sso/a/metadata"}"#;
    let files = [("a.xml", METADATA), ("b.xml", METADATA), ("b.json", own)];
    refuses("taken-own", &files, &["b.json: settings_invalid: "]);
}

fn other_key() -> String {
    let (before, rest) = METADATA.split_once("X509Certificate>").expect("a certificate");
    let (_, after) = rest.split_once("</").expect("an end");
    let certificate = include_str!("../common/other.certificate.b64");
    format!("{before}X509Certificate>{certificate}</{after}")
}

#[test]
fn refuses_one_domain_for_two_accounts() {
    let settings = r#"{"domains":["acme.example"]}"#;
    let files =
        [("a.xml", METADATA), ("a.json", settings), ("b.xml", METADATA), ("b.json", settings)];
    refuses("domain", &files, &["the domain acme.example is that of a, b"]);
    let twice = r#"{"domains":["acme.example","acme.example"]}"#;
    assert_eq!(kv_bulk("twice", &[("a.xml", METADATA), ("a.json", twice)]).0, Some(0));
}

/// People of an agency sign in to it and to its child accounts, all by one IdP.
#[test]
fn a_domain_of_child_accounts_leads_to_their_parent() {
    let settings = |rest: &str| format!(r#"{{"domains":["acme.example"],"acs":"shared"{rest}}}"#);
    let child = |id: &str| settings(&format!(r##","entity_id":"urn:x#{id}""##));
    let (a, b, m) = (child("a"), child("b"), settings(""));
    let other = METADATA.replace("https://idp.example/metadata", "https://other.example/metadata");
    let files = |parent| {
        [
            ("a.xml", METADATA),
            ("a.json", &*a),
            ("b.xml", METADATA),
            ("b.json", &*b),
            ("m.xml", parent),
            ("m.json", &*m),
        ]
    };
    let (code, said, complaints) = kv_bulk("agency", &files(METADATA));
    assert_eq!((code, complaints.as_str()), (Some(0), ""));
    assert!(said.contains(r#"{"key":"domain:acme.example","value":"m"}"#), "{said}");
    // Not from one IdP to another, and not to one of two.
    let [a_xml, a_json, b_xml, b_json, ..] = files(METADATA);
    let children = [a_xml, a_json, b_xml, b_json];
    refuses("children", &children, &["the domain acme.example is that of a, b"]);
    refuses("two-parents", &files(&other), &["the domain acme.example is that of a, b, m"]);
}

#[test]
fn warnings_stop_nothing() {
    let logout = "<SingleLogoutService \
                  Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
                  Location=\"http://idp.example/slo\"/><NameIDFormat>";
    let unusable = METADATA.replace("<NameIDFormat>", logout);
    let (code, said, complaints) = kv_bulk("warnings", &[("a.xml", &unusable)]);
    assert_eq!(code, Some(0));
    assert!(complaints.starts_with("a.xml: warning: "), "{complaints}");
    assert!(said.contains("metadata:a"));
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    for arguments in [
        &["kv-bulk", "/nowhere"][..],
        &["kv-bulk", "--env", "prod", "."],
        &["kv-bulk", "--config", "/nowhere", "."],
        &["kv-bulk"],
    ] {
        let (code, said, _) = run(arguments);
        assert_eq!((code, said.as_str()), (Some(2), ""), "{arguments:?}");
    }
}
