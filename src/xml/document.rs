//! A parsed document, within limits, with unique IDs; trusted for nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memchr;

use super::element::Element;
use super::scan::scan;
use crate::error::Refusal;
use crate::limits::XmlLimits;

/// Well-formed XML 1.0 with namespaces, borrowed from its source text.
#[derive(Debug)]
pub struct Document<'t> {
    tree: roxmltree::Document<'t>,
}

/// XML from outside with its line ends as a parser must see them (XML §2.11). roxmltree does not do
/// this for a carriage return beside a reference or in a processing instruction, and what it left
/// there would be written as `&#xD;` by C14N.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

impl<'t> Document<'t> {
    /// Parses `text` within `limits`: no document type declaration, no version but 1.0, no encoding
    /// but UTF-8, one root, no two elements with the same ID, no ID in a foreign namespace.
    pub fn parse(text: &'t str, limits: &XmlLimits) -> Result<Self, Refusal> {
        scan(text, limits)?;
        let options = roxmltree::ParsingOptions {
            allow_dtd: false,
            nodes_limit: limits.nodes,
            entity_resolver: None,
        };
        let document = Self {
            tree: roxmltree::Document::parse_with_options(text, options)
                .map_err(|e| refusal(&e))?,
        };
        document.refuse_ambiguous_ids()?;
        Ok(document)
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element::new(self.tree.root_element())
    }

    /// Rows B4 and C6: whatever some reader could take for an element's ID is unique, and in no
    /// namespace.
    fn refuse_ambiguous_ids(&self) -> Result<(), Refusal> {
        let mut seen = HashSet::new();
        let attributes = self.tree.descendants().flat_map(|node| node.attributes());
        for id in attributes.filter(|it| it.name().eq_ignore_ascii_case("id")) {
            if id.namespace().is_some() {
                return Err(Refusal::IdForbidden);
            }
            if !seen.insert(id.value()) {
                return Err(Refusal::IdDuplicate);
            }
        }
        Ok(())
    }
}

fn refusal(error: &roxmltree::Error) -> Refusal {
    match error {
        roxmltree::Error::DtdDetected => Refusal::DtdForbidden,
        roxmltree::Error::NodesLimitReached => Refusal::XmlTooManyNodes,
        roxmltree::Error::AttributesLimitReached => Refusal::XmlTooManyAttributes,
        roxmltree::Error::NamespacesLimitReached => Refusal::XmlTooManyNamespaces,
        malformed => {
            let at = malformed.pos();
            Refusal::XmlMalformed { line: at.row, column: at.col }
        }
    }
}
