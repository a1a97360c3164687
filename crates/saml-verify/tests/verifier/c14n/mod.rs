//! Canonicalization against two that others wrote: the crate bergshamra-c14n, and the program
//! xmlsec1.

mod corpus;
mod forms;
mod generate;
mod wellformed;
mod worst;
mod xmlsec1;

use self::forms::{Bergshamra, LIMITS, METHODS, Method, WITH_COMMENTS, apexes, ours};
use saml_verify::error::Refusal;
use saml_verify::internals::{Attribute, Document, Event, Walk, name, with_line_feeds};
use saml_verify::limits::{CANONICAL_XML, MESSAGE_XML, XmlLimits};

/// Documents written by people, then by the generator, each with its name.
fn documents(generated: u64) -> impl Iterator<Item = (String, String)> {
    let generated = (0..generated).map(|seed| (format!("seed {seed}"), generate::document(seed)));
    corpus::documents().into_iter().chain(generated)
}

#[test]
fn agrees_with_bergshamra() {
    let (mut equal, mut refused, mut unread) = (0, 0, 0);
    for (name, text) in documents(600) {
        let text = with_line_feeds(&text);
        let Ok(document) = Document::parse(&text, &LIMITS) else {
            unread += 1;
            continue;
        };
        let text = forms::with_attributes_normalized(&text);
        let theirs = Bergshamra::read(&text).expect("what roxmltree reads");
        for apex in apexes(&document) {
            for method in METHODS.into_iter().chain(WITH_COMMENTS) {
                match ours(&document, apex, method) {
                    Ok(form) if forms::agreed_on(&document, apex, method) => {
                        assert_eq!(form, theirs.form(apex, method), "{name}, {apex}, {method:?}");
                        equal += 1;
                    }
                    Ok(_) => {}
                    Err(refusal) => {
                        let text = format!("{name}, {apex}, {method:?}: {refusal}");
                        assert!(is_justified(refusal, method, &document), "{text}");
                        refused += 1;
                    }
                }
            }
        }
    }
    println!("bergshamra: {equal} forms equal, {refused} refused, {unread} documents not parsed");
    assert!(equal > 30_000, "only {equal} forms");
}

/// Whether the document holds what we refuse and bergshamra does not.
fn is_justified(refusal: Refusal, method: Method, document: &Document<'_>) -> bool {
    let mut elements = document.root().descendants();
    match refusal {
        Refusal::CommentForbidden => {
            let mut events = Walk::over(document.root());
            WITH_COMMENTS.contains(&method) && events.any(|it| it == Event::Comment)
        }
        Refusal::CanonicalizationUnsupported => {
            let is_base = |it: Attribute<'_>| it.namespace == name::XML && it.local == "base";
            method.uri.contains("c14n11") && elements.any(|it| it.attributes().any(is_base))
        }
        Refusal::NamespaceRelative => elements
            .any(|it| it.prefixes_in_scope().any(|prefix| !it.namespace_of(prefix).contains(':'))),
        _ => false,
    }
}

#[test]
fn agrees_with_xmlsec1() {
    let documents = documents(500).filter_map(|(name, text)| xmlsec1::Forms::of(name, text));
    let (equal, forms) = xmlsec1::compare(documents);
    println!("xmlsec1: {forms} forms of {equal} documents equal");
    assert!(equal >= 400, "only {equal} documents");
}

/// Row B7: what is read from canonical octets is canonical itself, so no second reading can differ.
#[test]
fn canonical_forms_are_canonical() {
    const CANONICAL: XmlLimits = XmlLimits { signatures: 100, asides: true, ..CANONICAL_XML };
    for (name, text) in documents(600) {
        let text = with_line_feeds(&text);
        let Ok(document) = Document::parse(&text, &LIMITS) else { continue };
        for apex in apexes(&document) {
            for method in METHODS {
                let Ok(form) = ours(&document, apex, method) else { continue };
                let again = Document::parse(&form, &CANONICAL).expect("well-formed");
                assert_eq!(ours(&again, 0, method).as_ref(), Ok(&form), "{name}, {apex}");
            }
        }
    }
}

/// Row C10: the largest messages, in the shapes that cost most. What bounds the work is asserted
/// here; how long it takes, small against large, `cargo bench --bench c14n` tells.
#[test]
fn the_largest_messages_stay_within_their_bounds() {
    for (name, text) in worst::documents(MESSAGE_XML.octets) {
        assert!(text.len() > MESSAGE_XML.octets / 2, "{name}");
        let document = Document::parse(&text, &MESSAGE_XML).expect("within the limits");
        for method in METHODS {
            let outcome = ours(&document, 0, method).map(|form| form.len());
            let is_bounded = match outcome {
                Ok(octets) => octets <= CANONICAL_XML.octets,
                Err(refusal) => refusal == Refusal::CanonicalFormTooLarge,
            };
            assert!(is_bounded, "{name}, {method:?}: {outcome:?}");
        }
    }
}
