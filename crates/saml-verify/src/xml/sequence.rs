//! The child elements of an element in the order of the schema.

use roxmltree::Node;

use crate::error::Refusal;
use crate::xml::element::Element;
use crate::xml::name::Name;
use crate::xml::text::text_of;

impl<'d> Element<'d> {
    /// The child elements, to be taken one by one in the order of the schema. Text between them
    /// is refused.
    pub fn sequence(self) -> Result<Sequence<'d>, Refusal> {
        let blank = |child: Node<'d, 'd>| {
            text_of(child).bytes().all(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n'))
        };
        if !self.node().children().all(blank) {
            return Err(Refusal::TextUnexpected);
        }
        Ok(Sequence { next: self.node().first_element_child() })
    }
}

/// Child elements not yet taken. What the schema allows is taken by name; whatever then remains is
/// refused, so an unexpected element can neither hide nor be skipped over.
#[derive(Debug)]
pub struct Sequence<'d> {
    next: Option<Node<'d, 'd>>,
}

impl<'d> Sequence<'d> {
    /// The next element, when it is called `name`.
    pub fn optional(&mut self, name: Name<'_>) -> Option<Element<'d>> {
        let element = self.next.map(Element::new).filter(|element| element.is(name))?;
        self.next = element.node().next_sibling_element();
        Some(element)
    }

    /// The next element, which must be called `name`.
    pub fn required(&mut self, name: Name<'_>) -> Result<Element<'d>, Refusal> {
        self.optional(name).ok_or(Refusal::ElementMissing)
    }

    /// The next element, whatever its name.
    pub fn any(&mut self) -> Option<Element<'d>> {
        let element = self.next.map(Element::new)?;
        self.next = element.node().next_sibling_element();
        Some(element)
    }

    /// Refuses an element that was not taken.
    pub fn end(self) -> Result<(), Refusal> {
        if self.next.is_some() {
            return Err(Refusal::ElementUnexpected);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::METADATA_XML;
    use crate::xml::document::Document;

    fn parse(text: &str) -> Document<'_> {
        Document::parse(text, &METADATA_XML).expect("well-formed")
    }

    #[test]
    fn a_sequence_leaves_nothing_unseen() {
        let name = |local| Name { namespace: "", local };
        let document = parse("<a> <b/>\n<c/><c/></a>");
        let mut sequence = document.root().sequence().expect("no text");
        assert!(sequence.optional(name("c")).is_none());
        assert!(sequence.required(name("b")).is_ok());
        assert_eq!(sequence.required(name("b")), Err(Refusal::ElementMissing));
        assert!(sequence.optional(name("c")).is_some());
        assert_eq!(sequence.end(), Err(Refusal::ElementUnexpected));
        assert_eq!(parse("<a><b/>x</a>").root().sequence().err(), Some(Refusal::TextUnexpected));
    }
}
