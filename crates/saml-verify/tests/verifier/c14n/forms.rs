//! The canonical forms of a document, ours and bergshamra's, under one numbering of its elements.

use std::iter;

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::{NodeKind, NodeSet, uppsala};
use saml_verify::error::Refusal;
use saml_verify::internals::{Attribute, Canonicalization, Document, Element, canonicalize, name};
use saml_verify::limits::{CANONICAL_OCTETS, MESSAGE_XML, XmlLimits};

/// The limits of a message, without those that refuse it before C14N.
pub(crate) const LIMITS: XmlLimits = XmlLimits { signatures: 100, asides: true, ..MESSAGE_XML };

/// A canonicalization method as XML-DSig names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) uri: &'static str,
    pub(crate) prefix_list: &'static [&'static str],
}

const fn method(uri: &'static str) -> Method {
    Method { uri, prefix_list: &[] }
}

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Every method, the exclusive one with and without a PrefixList.
pub(crate) const METHODS: [Method; 4] = [
    method("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    method("http://www.w3.org/2006/12/xml-c14n11"),
    method(EXCLUSIVE),
    Method { uri: EXCLUSIVE, prefix_list: &["#default", "p", "xs", "ds", "saml", "absent"] },
];

/// The methods that write comments.
pub(crate) const WITH_COMMENTS: [Method; 3] = [
    method("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"),
    method("http://www.w3.org/2006/12/xml-c14n11#WithComments"),
    method("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
];

/// Which elements are taken as apex: all of them, or sixteen in even steps.
pub(crate) fn apexes(document: &Document<'_>) -> Vec<usize> {
    let count = document.root().descendants().count();
    let taken = count.min(16);
    (0..taken).map(|step| step * count / taken).collect()
}

/// Our canonical form of the element with the number `apex`.
pub(crate) fn ours(
    document: &Document<'_>,
    apex: usize,
    method: Method,
) -> Result<String, Refusal> {
    let mut parsed = Canonicalization::from_uri(method.uri).expect("a known method");
    if let Canonicalization::Exclusive { prefix_list, .. } = &mut parsed {
        let prefix = |token: &&str| if *token == "#default" { "" } else { *token }.to_owned();
        prefix_list.extend(method.prefix_list.iter().map(prefix));
    }
    canonicalize(element(document, apex), None, &parsed, CANONICAL_OCTETS)
}

fn element<'d>(document: &'d Document<'_>, number: usize) -> Element<'d> {
    document.root().descendants().nth(number).expect("an element")
}

/// False where bergshamra-c14n 0.11.1 departs from C14N 1.1 §2.4 and libxml2 does not: it gives the
/// apex every `xml:*` attribute of its ancestors, and not xml:lang and xml:space alone.
pub(crate) fn agreed_on(document: &Document<'_>, apex: usize, method: Method) -> bool {
    let ancestors = iter::successors(element(document, apex).parent(), |it| it.parent());
    let is_other =
        |it: &Attribute<'_>| it.namespace == name::XML && !matches!(it.local, "lang" | "space");
    !method.uri.contains("c14n11")
        || !ancestors.flat_map(Element::attributes).any(|it| is_other(&it))
}

/// Bergshamra's reading of a document.
pub(crate) struct Bergshamra<'t> {
    document: uppsala::Document<'t>,
    elements: Vec<uppsala::NodeId>,
}

impl<'t> Bergshamra<'t> {
    pub(crate) fn read(text: &'t str) -> Result<Self, String> {
        let document = uppsala::parse(text).map_err(|error| error.to_string())?;
        let mut elements = document.descendants(document.root());
        elements.retain(|id| matches!(document.node_kind(*id), Some(NodeKind::Element(_))));
        Ok(Self { document, elements })
    }

    pub(crate) fn form(&self, apex: usize, method: Method) -> String {
        let mode = C14nMode::from_uri(method.uri).expect("a known method");
        let apex = *self.elements.get(apex).expect("an element");
        let nodes = if mode.with_comments() {
            NodeSet::tree_with_comments(apex, &self.document)
        } else {
            NodeSet::tree_without_comments(apex, &self.document)
        };
        let octets = canonicalize_doc(&self.document, mode, Some(&nodes), method.prefix_list);
        String::from_utf8(octets.expect("canonical")).expect("UTF-8")
    }
}

/// `text` with the white space in its attribute values made spaces, as XML §3.3.3 wants it and
/// bergshamra's parser leaves it.
pub(crate) fn with_attributes_normalized(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, markup)) = rest.split_once('<') {
        normalized.push_str(before);
        normalized.push('<');
        let (begin, end) = match markup.as_bytes() {
            [b'!', b'-', b'-', ..] => ("!--", "-->"),
            [b'!', b'[', ..] => ("![CDATA[", "]]>"),
            [b'?', ..] => ("?", "?>"),
            _ => ("", ""),
        };
        let inside = markup.get(begin.len()..).and_then(|inside| inside.find(end));
        let end = begin.len() + inside.expect("well-formed") + end.len();
        let (skipped, mut tag) = markup.split_at(end);
        normalized.push_str(skipped);
        while let Some(at) = tag.find(['"', '\'', '>']).filter(|_| end == 0) {
            let (between, from) = tag.split_at(at);
            normalized.push_str(between);
            let quote = from.chars().next().expect("found");
            normalized.push(quote);
            tag = from.get(1..).expect("ASCII");
            if quote == '>' {
                break;
            }
            let (value, behind) = tag.split_once(quote).expect("well-formed");
            normalized.push_str(&value.replace("\r\n", " ").replace(['\t', '\n', '\r'], " "));
            normalized.push(quote);
            tag = behind;
        }
        rest = tag;
    }
    normalized + rest
}
