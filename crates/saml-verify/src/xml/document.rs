//! A parsed document, within limits, with unique IDs; trusted for nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memchr;
use roxmltree::{Node, NodeType};

use crate::error::Refusal;
use crate::limits::XmlLimits;
use crate::xml::element::Element;
use crate::xml::name::SIGNATURE;
use crate::xml::scan::scan;
use crate::xml::text::collapsed;

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
    /// but UTF-8 or, where `limits` say so, one that makes no difference, one root, no two elements
    /// with the same ID, no ID in a foreign namespace.
    pub fn parse(text: &'t str, limits: &XmlLimits) -> Result<Self, Refusal> {
        scan(text, limits)?;
        let options = roxmltree::ParsingOptions {
            allow_dtd: false,
            // The parser counts the document as one.
            nodes_limit: limits.nodes.saturating_add(1),
            entity_resolver: None,
        };
        let document = Self {
            tree: roxmltree::Document::parse_with_options(text, options)
                .map_err(|e| refusal(&e))?,
        };
        document.refuse_what_is_out_of_place(limits)?;
        Ok(document)
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element::new(self.tree.root_element())
    }

    /// What the tree can tell, which the parser made from every octet there is: nothing in a
    /// comment or a CDATA section hides from it (row B1).
    fn refuse_what_is_out_of_place(&self, limits: &XmlLimits) -> Result<(), Refusal> {
        let mut signatures = 0_usize;
        let mut ids = HashSet::new();
        for node in self.tree.root_element().descendants() {
            match node.node_type() {
                NodeType::Comment if !limits.asides => return Err(Refusal::CommentForbidden),
                NodeType::PI if !limits.asides => return Err(Refusal::InstructionForbidden),
                NodeType::Element => {
                    signatures += usize::from(node.tag_name().name() == SIGNATURE.local);
                    refuse_ambiguous_ids(node, &mut ids)?;
                }
                NodeType::Root | NodeType::Comment | NodeType::PI | NodeType::Text => {}
            }
            if signatures > limits.signatures {
                return Err(Refusal::SignatureMisplaced);
            }
        }
        Ok(())
    }
}

/// Rows B4 and C6: whatever some reader could take for an element's ID is unique, and in no
/// namespace.
fn refuse_ambiguous_ids<'d>(
    element: Node<'d, '_>,
    seen: &mut HashSet<Cow<'d, str>>,
) -> Result<(), Refusal> {
    let attributes = element.attributes();
    for id in attributes.filter(|it| it.name().eq_ignore_ascii_case("id")) {
        if id.namespace().is_some() {
            return Err(Refusal::IdForbidden);
        }
        if !seen.insert(collapsed(id.value().into())) {
            return Err(Refusal::IdDuplicate);
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::METADATA_XML;

    const SMALL: XmlLimits = XmlLimits {
        octets: 400,
        angle_brackets: 18,
        equals_signs: 9,
        nodes: 12,
        depth: 3,
        attributes: 8,
        attributes_of_one: 4,
        namespaces_in_scope: 3,
        namespaces: 5,
        namespace_steps: 14,
        signatures: 1,
        asides: true,
        other_labels: false,
    };

    fn small(text: &str) -> Result<(), Refusal> {
        Document::parse(text, &SMALL).map(drop)
    }

    #[test]
    fn every_limit_holds_at_its_bound() {
        for (within, beyond, refusal) in [
            ("<a><b><c/></b><b><c/></b></a>", "<a><b><c><d/></c></b></a>", Refusal::XmlTooDeep),
            (
                "<a p='>' q=\"'\" r = '/' s='&lt;'/>",
                "<a p='' q='' r='' s='' t=''/>",
                Refusal::XmlTooManyAttributes,
            ),
            (
                "<a p='' q='' r='' s=''><b p='' q='' r='' s=''/></a>",
                "<a p='' q='' r='' s=''><b p='' q='' r='' s=''/><b p=''/></a>",
                Refusal::XmlTooManyAttributes,
            ),
            (
                "<a xmlns='x' b='xmlns:c'><b xmlns:p='x' xmlns:q = 'y'/><b xmlns:r='x'/></a>",
                "<a xmlns='x' b=''><b xmlns:p='x' xmlns:q='y'><c\txmlns:r='x'/></b></a>",
                Refusal::XmlTooManyNamespaces,
            ),
            (
                "<a><b xmlns:p='1' xmlns:q='2'/><b xmlns:p='3' xmlns:q='4'/></a>",
                "<a><b xmlns:p='1' xmlns:q='2'/><b xmlns:p='3' xmlns:q='4' xmlns:r='5' /><b \
                xmlns:p='6'/></a>",
                Refusal::XmlTooManyNamespaces,
            ),
            (
                "<a xmlns='x' xmlns:p='x'><b/><b xmlns:q='x'/></a>",
                "<a xmlns='x' xmlns:p='x'><b/><b xmlns:q='x'/><b xmlns:q='x'/></a>",
                Refusal::XmlTooManyNamespaces,
            ),
            (
                "<a xmlns:p='u'><Signatures/><p:Signature/></a>",
                "<a xmlns:p='u'><p:Signature/><Signature\tb=''/></a>",
                Refusal::SignatureMisplaced,
            ),
            (
                "<a>-<!-- <b> --><![CDATA[<b>]]><?p <b> ?><b/>-<b/><b/><b/><b/><b/></a>",
                "<a>-<!----><![CDATA[]]><?p?><b/>-<b/><b/><b/><b/><b/><b/></a>",
                Refusal::XmlTooManyNodes,
            ),
            (
                "<a><![CDATA[<<<<<<<<<<<<<<<]]></a>",
                "<a><![CDATA[<<<<<<<<<<<<<<<<]]></a>",
                Refusal::XmlTooManyNodes,
            ),
            ("<a b='='>=======</a>", "<a b='='>========</a>", Refusal::XmlTooManyAttributes),
        ] {
            assert_eq!(small(within), Ok(()), "{within}");
            assert_eq!(small(beyond), Err(refusal), "{beyond}");
        }
        let padded = |length: usize| format!("{:length$}", "<a/>");
        assert_eq!(small(&padded(400)), Ok(()));
        assert_eq!(small(&padded(401)), Err(Refusal::MessageTooLarge));
    }

    /// Where a reader that looks for an end too soon would be led astray.
    #[test]
    fn nothing_hides_in_what_has_only_begun() {
        const SILENT: XmlLimits = XmlLimits { asides: false, ..SMALL };
        for opener in ["<!--> ", "<!---> ", "<!--><a b=\"", "<?p <!-- "] {
            let end = if opener.starts_with("<?") { "?>" } else { "-->" };
            let behind = |root: &str| format!("{opener}{end}{root}");
            let refusal = |root| Document::parse(&behind(root), &SILENT).err();
            assert_eq!(refusal("<a b='&quot;'/>"), None, "{opener}");
            assert_eq!(
                refusal("<a p='' q='' r='' s='' t=''/>"),
                Some(Refusal::XmlTooManyAttributes)
            );
            assert_eq!(refusal("<a><!----></a>"), Some(Refusal::CommentForbidden));
        }
    }

    #[test]
    fn comments_and_instructions_are_kept_out_of_the_root_where_the_limits_say_so() {
        const SILENT: XmlLimits = XmlLimits { asides: false, ..SMALL };
        for (text, refusal) in [
            ("<!-- --><?p?><a/><!-- -->", None),
            ("<a><![CDATA[<!-- -->]]></a>", None),
            ("<a b='--&gt;?>'/>", None),
            ("<a><!-- --></a>", Some(Refusal::CommentForbidden)),
            ("<a><b><!--> --></b></a>", Some(Refusal::CommentForbidden)),
            ("<a><?p?></a>", Some(Refusal::InstructionForbidden)),
        ] {
            assert_eq!(Document::parse(text, &SILENT).err(), refusal, "{text}");
        }
    }
    #[test]
    fn ids_are_unique_and_in_no_namespace() {
        let code = |text| Document::parse(text, &METADATA_XML).err();
        assert_eq!(code("<a ID='1'><b Id='2' id='3'/></a>"), None);
        assert_eq!(code("<a ID='1'><b Id='1'/></a>"), Some(Refusal::IdDuplicate));
        assert_eq!(code("<a xmlns:x='u' x:ID='1'/>"), Some(Refusal::IdForbidden));
        assert_eq!(code("<a xml:id='1'/>"), Some(Refusal::IdForbidden));
    }

    #[test]
    fn faults_of_form_are_refused_with_their_place() {
        for text in
            ["", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<p:a/>", "<a>&x;</a>", "<a\0/>", "x"]
        {
            let code = Document::parse(text, &METADATA_XML).err().map(Refusal::code);
            assert_eq!(code, Some("xml_malformed"), "{text}");
        }
        let place = Document::parse("<a>\n<b></a>", &METADATA_XML).err();
        assert_eq!(place, Some(Refusal::XmlMalformed { line: 2, column: 4 }));
    }
}
