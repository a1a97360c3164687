//! One element: names with their namespace, text only whole.

use std::borrow::Cow;
use std::ops::Range;
use std::ptr;

use roxmltree::{Namespace, Node};

use crate::error::Refusal;
use crate::time::UnixTime;
use crate::xml::name::Name;
use crate::xml::text::{collapsed, text_of};

/// An element of a [`Document`](crate::xml::document::Document).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'d> {
    node: Node<'d, 'd>,
}

/// An attribute that is not a namespace declaration, its value normalized (XML §3.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// Prefix as written; empty for none.
    pub prefix: &'d str,
    /// Namespace URI; empty for none.
    pub namespace: &'d str,
    /// Local part of the name.
    pub local: &'d str,
    /// Normalized value.
    pub value: &'d str,
}

impl<'d> Element<'d> {
    pub(super) const fn new(node: Node<'d, 'd>) -> Self {
        Self { node }
    }

    pub(super) const fn node(self) -> Node<'d, 'd> {
        self.node
    }

    /// Namespace URI and local name.
    pub fn name(self) -> Name<'d> {
        let name = self.node.tag_name();
        Name { namespace: name.namespace().unwrap_or(""), local: name.name() }
    }

    /// True when namespace and local name are those of `name`.
    pub fn is(self, name: Name<'_>) -> bool {
        self.name() == name
    }

    /// The prefix as written, which roxmltree does not keep (row B10); empty for none.
    pub fn prefix(self) -> &'d str {
        prefix_at(self.source(self.node.range().start.saturating_add(1)))
    }

    /// Attributes in document order, without namespace declarations.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        self.node.attributes().map(move |attribute| Attribute {
            prefix: prefix_at(self.source(attribute.range().start)),
            namespace: attribute.namespace().unwrap_or(""),
            local: attribute.name(),
            value: attribute.value(),
        })
    }

    /// The value of the attribute `local` in no namespace. `x:ID` is never found as `ID` (row B4).
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        self.node
            .attributes()
            .find(|attribute| attribute.namespace().is_none() && attribute.name() == local)
            .map(|attribute| attribute.value())
    }

    /// Like [`Self::attribute`], refused as `attribute_missing` when absent.
    pub fn required_attribute(self, local: &str) -> Result<&'d str, Refusal> {
        self.attribute(local).ok_or(Refusal::AttributeMissing)
    }

    /// Like [`Self::attribute`], for whatever the schema does not call a string: `xs:anyURI`,
    /// `xs:ID`, `xs:NCName`, `xs:dateTime` and the like, in which white space around a value is
    /// none of it (XML Schema part 2 §4.3.6).
    pub fn token(self, local: &str) -> Option<Cow<'d, str>> {
        self.attribute(local).map(|value| collapsed(Cow::Borrowed(value)))
    }

    /// Like [`Self::token`], refused as `attribute_missing` when absent.
    pub fn required_token(self, local: &str) -> Result<Cow<'d, str>, Refusal> {
        self.token(local).ok_or(Refusal::AttributeMissing)
    }

    /// The `xs:dateTime` in the attribute `local`.
    pub fn time(self, local: &str) -> Result<Option<UnixTime>, Refusal> {
        self.token(local).map(|time| UnixTime::parse(&time)).transpose()
    }

    /// The URI bound to `prefix` here; empty when none is. The empty prefix is the default
    /// namespace.
    pub fn namespace_of(self, prefix: &str) -> &'d str {
        let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
        self.node.lookup_namespace_uri(prefix).unwrap_or("")
    }

    /// Every prefix bound here, `xml` excepted; the empty one where there is a default namespace.
    pub fn prefixes_in_scope(self) -> impl Iterator<Item = &'d str> {
        self.node.namespaces().map(|namespace| namespace.name().unwrap_or(""))
    }

    /// Every prefix that is bound otherwise than in the parent, and perhaps some that are not.
    pub fn rebound_prefixes(self) -> Vec<&'d str> {
        let mut outer = self.parent().map(|it| it.node.namespaces()).into_iter().flatten();
        // roxmltree keeps each pair of prefix and URI once, so the same pair is the same reference.
        // It lists what an element declares and then the parent's in the parent's order, so one
        // pass over both finds them; another order would only make more prefixes come out.
        let is_rebound = |own: &&Namespace<'_>| {
            let mut ahead = outer.clone();
            let is_inherited = ahead.any(|it| ptr::eq(it, *own));
            if is_inherited {
                outer = ahead;
            }
            !is_inherited
        };
        let rebound = self.node.namespaces().filter(is_rebound);
        rebound.map(|namespace| namespace.name().unwrap_or("")).collect()
    }

    /// Where the element stands in its source, in octets, tags included.
    pub fn range(self) -> Range<usize> {
        self.node.range()
    }

    /// The element around this one; `None` for the root.
    pub fn parent(self) -> Option<Self> {
        self.node.parent_element().map(Self::new)
    }

    /// Child elements in document order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.node.children().filter(Node::is_element).map(Self::new)
    }

    /// Child elements called `name`, in document order.
    pub fn children_named(self, name: Name<'_>) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.is(name))
    }

    /// This element and every element below it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        self.node.descendants().filter(Node::is_element).map(Self::new)
    }

    /// The whole text of an element without child elements. Comments and CDATA borders do not cut
    /// it (rows B1, B2); a child element is refused.
    pub fn text(self) -> Result<Cow<'d, str>, Refusal> {
        let mut whole = Cow::Borrowed("");
        for child in self.node.children() {
            if child.is_element() {
                return Err(Refusal::TextUnexpected);
            }
            let part = text_of(child);
            if whole.is_empty() {
                whole = Cow::Borrowed(part);
            } else if !part.is_empty() {
                whole.to_mut().push_str(part);
            }
        }
        Ok(whole)
    }

    /// Like [`Self::text`], for content of the same types as [`Self::token`] is for.
    pub fn token_text(self) -> Result<Cow<'d, str>, Refusal> {
        self.text().map(collapsed)
    }

    fn source(self, from: usize) -> &'d str {
        self.node.document().input_text().get(from..).unwrap_or("")
    }
}

fn prefix_at(source: &str) -> &str {
    let end = source.find([':', '=', '/', '>', ' ', '\t', '\r', '\n']);
    match end.and_then(|end| source.split_at_checked(end)) {
        Some((prefix, rest)) if rest.starts_with(':') => prefix,
        _ => "",
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
    fn prefixes_come_from_the_source() {
        let text = "\u{feff}<?xml version='1.0'?>\n<p:a xmlns:p='u' xmlns:q='u' q:x='1' p:y\t='2' \
            z='3'><q:b\n/><c/></p:a>";
        let document = parse(text);
        let root = document.root();
        assert_eq!(root.prefix(), "p");
        let prefixes: Vec<_> = root.attributes().map(|attribute| attribute.prefix).collect();
        assert_eq!(prefixes, ["q", "p", ""]);
        let children: Vec<_> = root.children().map(Element::prefix).collect();
        assert_eq!(children, ["q", ""]);
    }

    #[test]
    fn attributes_and_elements_of_another_namespace_are_not_found() {
        let document = parse("<a xmlns:x='u' x:Format='1'><x:b/></a>");
        assert_eq!(document.root().attribute("Format"), None);
        let b = Name { namespace: "", local: "b" };
        assert_eq!(document.root().children_named(b).count(), 0);
    }

    #[test]
    fn text_is_whole_or_refused() {
        let document = parse("<a>one<!-- x -->&amp;<![CDATA[<two>]]><?p?>&#x33;</a>");
        assert_eq!(document.root().text().as_deref(), Ok("one&<two>3"));
        assert_eq!(parse("<a>one<b/></a>").root().text(), Err(Refusal::TextUnexpected));
    }

    #[test]
    fn white_space_around_tokens_is_none_of_them() {
        let document =
            parse("<a b='\n c&#9;&#13;\n d ' e=' ' f='g h'>\n\ti<![CDATA[ ]]>\r j\n</a>");
        let root = document.root();
        let token = |local| root.token(local);
        assert_eq!(token("b").as_deref(), Some("c d"));
        assert_eq!(token("e").as_deref(), Some(""));
        assert!(matches!(token("f"), Some(Cow::Borrowed("g h"))));
        assert_eq!(root.token_text().as_deref(), Ok("i j"));
        assert_eq!(root.attribute("b"), Some("  c\t\r  d "));
        assert_eq!(token("g"), None);
        assert_eq!(root.required_token("g"), Err(Refusal::AttributeMissing));
        assert_eq!(parse("<a b='\u{a0}c'/>").root().token("b").as_deref(), Some("\u{a0}c"));
    }

    #[test]
    fn times_may_have_white_space_around_them() {
        let document = parse("<a b=' 1970-01-01T00:00:01Z\n' c='' d='1970-01-01 T00:00:01Z'/>");
        let root = document.root();
        assert_eq!(root.time("b"), Ok(Some(UnixTime::from_seconds(1))));
        assert_eq!(root.time("c"), Err(Refusal::TimeMalformed));
        assert_eq!(root.time("d"), Err(Refusal::TimeMalformed));
        assert_eq!(root.time("e"), Ok(None));
    }
}
