//! What a document holds, by the tree, and the limits that are just wide enough for it. Only what
//! the tree does not tell is read in the source: declarations in a start tag whose place the tree
//! gives, and what stands outside the root.

use saml_verify::internals::{Document, Element, Event, Walk};
use saml_verify::limits::XmlLimits;

/// Wide enough for all that is tried here.
const WIDE: XmlLimits = XmlLimits {
    octets: 1 << 20,
    angle_brackets: 1 << 20,
    equals_signs: 1 << 20,
    nodes: 1 << 20,
    depth: 1 << 20,
    attributes: 1 << 20,
    attributes_of_one: 256,
    namespaces_in_scope: 256,
    namespaces: 1 << 20,
    namespace_steps: 1 << 30,
    signatures: 1 << 20,
    asides: true,
    other_labels: false,
};

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether `text` can be parsed; and if it can, that limits of exactly what it holds take it, and
/// that no limit one lower does.
pub(crate) fn limits_are_exact(text: &str) -> bool {
    let Ok(document) = Document::parse(text, &WIDE) else { return false };
    let exact = held(&document, text);
    let outcome = |limits| Document::parse(text, &limits).map(drop).map_err(|it| it.code());
    assert_eq!(outcome(exact), Ok(()), "{exact:?}: {text:?}");
    for (limits, code) in one_lower(exact) {
        assert_eq!(outcome(limits), Err(code), "{limits:?}: {text:?}");
    }
    if exact.asides {
        let refusal = outcome(XmlLimits { asides: false, ..exact });
        let codes = ["comment_forbidden", "instruction_forbidden"];
        assert!(refusal.is_err_and(|it| codes.contains(&it)), "{refusal:?}: {text:?}");
    }
    true
}

fn held(document: &Document<'_>, text: &str) -> XmlLimits {
    let root = document.root();
    let outside = [text.get(..root.range().start), text.get(root.range().end..)];
    let outside: u32 = outside.map(|it| asides(it.expect("a border"))).iter().sum();
    let mut held = XmlLimits {
        octets: text.len(),
        angle_brackets: text.matches('<').count(),
        equals_signs: text.matches('=').count(),
        nodes: outside,
        depth: 0,
        attributes: 0,
        attributes_of_one: 0,
        namespaces_in_scope: 0,
        namespaces: 0,
        namespace_steps: 0,
        signatures: 0,
        asides: false,
        other_labels: false,
    };
    let mut declared = Vec::new();
    for event in Walk::over(root) {
        held.nodes += u32::from(!matches!(event, Event::End(_)));
        match event {
            Event::Start(element) => {
                let (attributes, namespaces) = attributes(element, text);
                declared.push(namespaces);
                held.attributes += attributes;
                held.attributes_of_one = held.attributes_of_one.max(attributes);
                held.namespaces += namespaces;
                let in_scope = declared.iter().sum();
                held.namespaces_in_scope = held.namespaces_in_scope.max(in_scope);
                if namespaces > 0 {
                    held.namespace_steps += in_scope * in_scope;
                }
                held.depth = held.depth.max(declared.len());
                held.signatures += usize::from(element.name().local == "Signature");
            }
            Event::End(_) => drop(declared.pop()),
            Event::Text(_) => {}
            Event::Comment | Event::Instruction { .. } => held.asides = true,
        }
    }
    held
}

/// Attributes of a start tag, declarations among them, and declarations alone.
fn attributes(element: Element<'_>, text: &str) -> (usize, usize) {
    let mut rest = text.get(element.range()).expect("an element");
    let (mut attributes, mut declarations) = (0, 0);
    while let Some(at) = rest.find(['"', '\'', '>']) {
        let (before, from) = rest.split_at(at);
        let quote = from.chars().next().expect("found");
        if quote == '>' {
            break;
        }
        let name = before.trim_end_matches('=').trim_end_matches(SPACE).trim_end_matches('=');
        let name = name.trim_end_matches(SPACE).rsplit(SPACE).next().expect("a part");
        attributes += 1;
        declarations += usize::from(name == "xmlns" || name.starts_with("xmlns:"));
        (_, rest) = from.get(1..).and_then(|value| value.split_once(quote)).expect("a value");
    }
    assert_eq!(element.attributes().count() + declarations, attributes, "{text:?}");
    (attributes, declarations)
}

/// Comments and processing instructions outside the root.
fn asides(outside: &str) -> u32 {
    let mut count = 0;
    let mut rest = outside.trim_start_matches('\u{feff}');
    if rest.strip_prefix("<?xml").is_some_and(|it| it.starts_with(' ')) {
        (_, rest) = rest.split_once("?>").expect("an end");
    }
    loop {
        rest = rest.trim_start_matches(SPACE);
        let aside = rest.strip_prefix("<!--").map(|it| it.split_once("-->"));
        let aside = aside.or_else(|| rest.strip_prefix("<?").map(|it| it.split_once("?>")));
        let Some(aside) = aside else { break };
        (_, rest) = aside.expect("an end");
        count += 1;
    }
    assert_eq!(rest, "", "{outside:?}");
    count
}

fn one_lower(exact: XmlLimits) -> Vec<(XmlLimits, &'static str)> {
    let mut lower = vec![
        (XmlLimits { octets: exact.octets - 1, ..exact }, "message_too_large"),
        (XmlLimits { angle_brackets: exact.angle_brackets - 1, ..exact }, "xml_too_many_nodes"),
        (XmlLimits { nodes: exact.nodes - 1, ..exact }, "xml_too_many_nodes"),
        (XmlLimits { depth: exact.depth - 1, ..exact }, "xml_too_deep"),
    ];
    if let Some(equals_signs) = exact.equals_signs.checked_sub(1) {
        lower.push((XmlLimits { equals_signs, ..exact }, "xml_too_many_attributes"));
    }
    if let Some(attributes) = exact.attributes.checked_sub(1) {
        lower.push((XmlLimits { attributes, ..exact }, "xml_too_many_attributes"));
        let attributes_of_one = exact.attributes_of_one - 1;
        lower.push((XmlLimits { attributes_of_one, ..exact }, "xml_too_many_attributes"));
    }
    if let Some(namespaces) = exact.namespaces.checked_sub(1) {
        lower.push((XmlLimits { namespaces, ..exact }, "xml_too_many_namespaces"));
        let namespace_steps = exact.namespace_steps - 1;
        lower.push((XmlLimits { namespace_steps, ..exact }, "xml_too_many_namespaces"));
        let namespaces_in_scope = exact.namespaces_in_scope - 1;
        lower.push((XmlLimits { namespaces_in_scope, ..exact }, "xml_too_many_namespaces"));
    }
    if let Some(signatures) = exact.signatures.checked_sub(1) {
        lower.push((XmlLimits { signatures, ..exact }, "signature_misplaced"));
    }
    lower
}
