//! Which namespace declarations an element needs in its canonical form.

use crate::c14n::method::Canonicalization;
use crate::error::Refusal;
use crate::xml::element::{Attribute, Element};

/// The declarations written so far by the elements that are still open.
#[derive(Debug)]
pub(super) struct Rendered<'d> {
    method: &'d Canonicalization,
    /// Prefix and URI, outermost first.
    declarations: Vec<(&'d str, &'d str)>,
    /// For every open element, how many declarations its ancestors wrote.
    marks: Vec<usize>,
}

impl<'d> Rendered<'d> {
    /// Nothing is written yet.
    pub(super) const fn new(method: &'d Canonicalization) -> Self {
        Self { method, declarations: Vec::new(), marks: Vec::new() }
    }

    /// Goes into `element` and returns the prefixes and URIs to declare there, sorted by prefix:
    /// those the method asks for, where they differ from what an ancestor wrote.
    pub(super) fn enter(
        &mut self,
        element: Element<'d>,
        attributes: &[Attribute<'d>],
    ) -> Result<&[(&'d str, &'d str)], Refusal> {
        let mut prefixes = self.candidates(element, attributes);
        prefixes.sort_unstable();
        prefixes.dedup();
        let mark = self.declarations.len();
        self.marks.push(mark);
        for prefix in prefixes {
            let uri = element.namespace_of(prefix);
            // The prefix `xml` is never declared. Namespaces in XML 1.0 cannot take a prefix back.
            let declarable = prefix != "xml" && (prefix.is_empty() || !uri.is_empty());
            if declarable && uri != self.written(prefix) {
                refuse_relative(uri)?;
                self.declarations.push((prefix, uri));
            }
        }
        Ok(self.declarations.get(mark..).unwrap_or_default())
    }

    /// Comes back out of the innermost element.
    pub(super) fn leave(&mut self) {
        self.declarations.truncate(self.marks.pop().unwrap_or(0));
    }

    /// The prefixes that may have to be declared at `element`.
    fn candidates(&self, element: Element<'d>, attributes: &[Attribute<'d>]) -> Vec<&'d str> {
        // C14N §2.3: all that are in scope. Below the apex only one that is bound anew can differ
        // from what an ancestor wrote.
        let mut prefixes: Vec<_> = if self.marks.is_empty() {
            element.prefixes_in_scope().chain([""]).collect()
        } else {
            element.rebound_prefixes()
        };
        if let Canonicalization::Exclusive { prefix_list, .. } = self.method {
            // Exclusive C14N §3: of these those of the PrefixList, and those visibly used.
            prefixes.retain(|prefix| prefix_list.iter().any(|listed| listed == prefix));
            let used = attributes.iter().map(|attribute| attribute.prefix);
            prefixes.extend(used.filter(|prefix| !prefix.is_empty()).chain([element.prefix()]));
        }
        prefixes
    }

    fn written(&self, prefix: &str) -> &'d str {
        let declaration = self.declarations.iter().rev().find(|(written, _)| *written == prefix);
        declaration.map_or("", |(_, uri)| uri)
    }
}

/// C14N 1.0 §1.3: an implementation must fail on relative namespace URIs. Libraries that failed
/// into an empty text made the golden-response attack (row C1).
fn refuse_relative(uri: &str) -> Result<(), Refusal> {
    let is_absolute = uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
    });
    if !uri.is_empty() && !is_absolute {
        return Err(Refusal::NamespaceRelative);
    }
    Ok(())
}
