//! The figures in the documentation are those of the limits.

use std::collections::BTreeSet;

use saml_edge::limits::{
    ACCOUNTS_OF_EMAIL, ENTRY_AGE, ERASED_USERS, OWN_FORM_OCTETS, SETTINGS_FORM_OCTETS,
    STORED_METADATA_OCTETS,
};
use saml_verify::limits::{
    ASSERTION_AGE, CANONICAL_OCTETS, CERTIFICATES, ENCRYPTED_KEYS, ENTITY_ID_OCTETS, FORM_FIELDS,
    FORM_OCTETS, LISTED, LOGOUT_AGE, MESSAGE_OCTETS, MESSAGE_XML, METADATA_XML, PREFIX_LIST,
    RSA_BITS, SIGNING_KEYS, SKEW,
};

use crate::docs::{CODES, OPERATORS, README, between};

/// A number as the pages write it.
pub(crate) fn figure(number: impl ToString) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// A small number as the pages write it.
fn word(number: usize) -> String {
    let words =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// A size as the pages write it.
fn size(octets: usize) -> String {
    let kibibytes = octets / 1024;
    assert_eq!(kibibytes * 1024, octets, "pages have no octets");
    match kibibytes.checked_rem(1024) {
        Some(0) => format!("{} MiB", kibibytes / 1024),
        _ => format!("{kibibytes} KiB"),
    }
}

/// What the rows of some codes say, as far as it is a figure.
fn figures_of_codes() -> Vec<(&'static str, String)> {
    let xml = MESSAGE_XML;
    let rsa = (figure(*RSA_BITS.start()), figure(*RSA_BITS.end()));
    vec![
        ("canonical_form_too_large", format!("would write more than {}.", size(CANONICAL_OCTETS))),
        ("encrypted_key_count", format!("or more than {}.", word(ENCRYPTED_KEYS))),
        (
            "message_too_large",
            format!("More than {} of form, or {} of XML.", size(FORM_OCTETS), size(MESSAGE_OCTETS)),
        ),
        ("xml_too_deep", format!("nested more than {} deep.", xml.depth)),
        (
            "xml_too_many_attributes",
            format!(
                "One element has more than {} attributes, or the message more than {}, or \
                 more than {} `=`.",
                xml.attributes_of_one,
                figure(xml.attributes),
                figure(xml.equals_signs)
            ),
        ),
        (
            "xml_too_many_namespaces",
            format!(
                "More than {} namespace declarations are in scope, more than {} stand",
                xml.namespaces_in_scope,
                figure(xml.namespaces)
            ),
        ),
        (
            "xml_too_many_nodes",
            format!(
                "More than {} elements and texts, or more than {} `<`.",
                figure(xml.nodes),
                figure(xml.angle_brackets)
            ),
        ),
        ("form_field_count", format!("has more than {FORM_FIELDS} fields.")),
        ("canonicalization_unsupported", format!("PrefixList of more than {PREFIX_LIST} names")),
        ("logout_expired", format!("more than {} minutes old", word(minutes(LOGOUT_AGE)))),
        ("certificate_count", format!("more than {CERTIFICATES} certificates and keys")),
        (
            "endpoint_count",
            format!("more than {LISTED} SingleSignOnServices, or more than {LISTED} "),
        ),
        ("name_id_format_count", format!("more than {LISTED} NameIDFormats.")),
        ("entity_id_invalid", format!("longer than {} octets.", figure(ENTITY_ID_OCTETS))),
        ("signing_key_count", format!("more than {} signing keys.", word(SIGNING_KEYS))),
        ("signing_key_unsupported", format!("RSA of {} to {} bits", rsa.0, rsa.1)),
        ("conditions_expired", format!("up to {SKEW} in `CLOCK_SKEW_SECONDS`")),
        ("conditions_not_yet_valid", format!("up to {SKEW} in `CLOCK_SKEW_SECONDS`")),
        (
            "body_too_large",
            format!(
                "{} of metadata, {} of JSON",
                size(STORED_METADATA_OCTETS),
                size(OWN_FORM_OCTETS)
            ),
        ),
    ]
}

fn minutes(seconds: i64) -> usize {
    usize::try_from(seconds / 60).expect("positive")
}

#[test]
fn the_codes_have_the_figures_of_the_limits() {
    let figures = figures_of_codes();
    for (code, figure) in &figures {
        let row = CODES.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
        let row = row.expect("a row");
        assert!(row.contains(figure), "{figure} is not in {row}");
    }
    let (_, group) = CODES.split_once("## The message is over a limit\n").expect("the group");
    let (group, _) = group.split_once("\n## ").expect("the next");
    let known: BTreeSet<_> = figures.iter().map(|(code, _)| *code).collect();
    let rest: Vec<_> = between(group, "| `", "` |").difference(&known).copied().collect();
    assert!(rest.is_empty(), "no figure is held to its limit of {rest:?}");
}

#[test]
fn the_pages_have_the_figures_of_the_limits() {
    let xml = MESSAGE_XML;
    assert_eq!(ASSERTION_AGE, 24 * 60 * 60, "the README says a day");
    assert_eq!(xml.attributes.to_string(), xml.nodes.to_string(), "as many");
    let readme = [
        format!(
            "| Message | a form of {} with {} of XML; {} nodes and as many attributes, {} deep, \
             {} attributes an element, {} namespaces in scope |",
            size(FORM_OCTETS),
            size(MESSAGE_OCTETS),
            figure(xml.nodes),
            xml.depth,
            xml.attributes_of_one,
            xml.namespaces_in_scope
        ),
        format!(
            "| Metadata | {} in KV, {} by settings page, API and address;",
            size(METADATA_XML.octets),
            size(STORED_METADATA_OCTETS)
        ),
        format!("clock difference of 0 to {SKEW} seconds |"),
        format!("| Keys | up to {} signing keys,", word(SIGNING_KEYS)),
        format!("({} to {} bits)", RSA_BITS.start(), RSA_BITS.end()),
    ];
    let operators = [
        format!("at most {} accounts, each", word(ACCOUNTS_OF_EMAIL)),
        format!("each is over after {} days", ENTRY_AGE / (24 * 60 * 60)),
        format!("each erases at most {ERASED_USERS} users"),
        format!("is tried, {} at most.", word(SIGNING_KEYS)),
        format!("be at most {} minutes old", word(minutes(LOGOUT_AGE))),
        format!("Up to {} octets without white space.", figure(ENTITY_ID_OCTETS)),
        format!("within {} megabytes.", word(SETTINGS_FORM_OCTETS >> 20)),
        format!("It may have {}.", size(STORED_METADATA_OCTETS)),
        format!("with at most {}.", size(STORED_METADATA_OCTETS)),
    ];
    for (page, sentences) in [(README, &readme[..]), (OPERATORS, &operators)] {
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for sentence in sentences {
            assert!(page.contains(sentence), "there is no “{sentence}”");
        }
    }
}
