//! A parsed document, within limits, with unique IDs; trusted for nothing.

use std::collections::HashSet;

use super::element::{Attribute, Element};
use super::scan::scan;
use super::walk::{Event, Walk};
use crate::error::Refusal;
use crate::limits::XmlLimits;

/// Well-formed XML 1.0 with namespaces, borrowed from its source text.
#[derive(Debug)]
pub struct Document<'t> {
    tree: roxmltree::Document<'t>,
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

    /// Refuses comments and processing instructions inside the root element. C14N drops comments,
    /// so a reader that stops at them sees another text than was signed (row B1); no IdP writes
    /// either.
    pub fn refuse_comments(&self) -> Result<(), Refusal> {
        Walk::over(self.root()).try_for_each(|event| match event {
            Event::Comment => Err(Refusal::CommentForbidden),
            Event::Instruction { .. } => Err(Refusal::InstructionForbidden),
            Event::Start(_) | Event::End(_) | Event::Text(_) => Ok(()),
        })
    }

    fn refuse_ambiguous_ids(&self) -> Result<(), Refusal> {
        let mut seen = HashSet::new();
        let ids = self.root().descendants().flat_map(Element::attributes).filter(Attribute::is_id);
        for id in ids {
            if !id.namespace.is_empty() {
                return Err(Refusal::IdForbidden);
            }
            if !seen.insert(id.value) {
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
