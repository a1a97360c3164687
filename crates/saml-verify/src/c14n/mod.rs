//! Canonical XML: one element to the octets that are digested or signed.
//!
//! Exclusive C14N 1.0 and, for the few signers that still use them, C14N 1.0 and 1.1. Every element
//! is written once and looks only at its own names and at the namespaces in scope, whose number
//! [`crate::limits`] bounds, so the work is linear in the document (row C10).

pub(crate) mod escape;
pub(crate) mod inherited;
pub(crate) mod method;
pub(crate) mod namespaces;

use std::mem;

use crate::c14n::escape::{push_attribute_value, push_text};
use crate::c14n::inherited::inherited_attributes;
use crate::c14n::method::Canonicalization;
use crate::c14n::namespaces::Rendered;
use crate::error::Refusal;
use crate::xml::element::{Attribute, Element};
use crate::xml::walk::{Event, Walk};

/// Canonicalizes `apex` with all it holds, but for `omitted`: the enveloped-signature transform
/// (XML-DSig §6.6.4) leaves out the one Signature.
///
/// Fails on relative namespace URIs, as C14N 1.0 §1.3 demands, and on an output of more than
/// `most` octets; it never returns an empty text (row C1).
pub fn canonicalize<'d>(
    apex: Element<'d>,
    omitted: Option<Element<'d>>,
    method: &'d Canonicalization,
    most: usize,
) -> Result<String, Refusal> {
    let mut inherited = inherited_attributes(apex, method)?;
    let mut rendered = Rendered::new(method);
    let mut out = String::new();
    let walk = omitted.map_or_else(|| Walk::over(apex), |omitted| Walk::without(apex, omitted));
    for event in walk {
        match event {
            Event::Start(element) => {
                push_start_tag(&mut out, element, mem::take(&mut inherited), &mut rendered)?;
            }
            Event::End(element) => {
                rendered.leave();
                out.push_str("</");
                push_qualified_name(&mut out, element.prefix(), element.name().local);
                out.push('>');
            }
            Event::Text(text) => push_text(&mut out, text),
            Event::Comment if method.comments() => return Err(Refusal::CommentForbidden),
            Event::Comment => {}
            Event::Instruction { target, data } => push_instruction(&mut out, target, data),
        }
        if out.len() > most {
            return Err(Refusal::CanonicalFormTooLarge);
        }
    }
    if out.is_empty() {
        return Err(Refusal::CanonicalFormEmpty);
    }
    Ok(out)
}

fn push_start_tag<'d>(
    out: &mut String,
    element: Element<'d>,
    mut attributes: Vec<Attribute<'d>>,
    rendered: &mut Rendered<'d>,
) -> Result<(), Refusal> {
    out.push('<');
    push_qualified_name(out, element.prefix(), element.name().local);
    attributes.extend(element.attributes());
    for (prefix, uri) in rendered.enter(element, &attributes)? {
        push_declaration(out, prefix, uri);
    }
    // C14N 1.0 §2.2: by namespace URI, then by local name; no namespace comes first.
    attributes.sort_unstable_by_key(|attribute| (attribute.namespace, attribute.local));
    for Attribute { prefix, local, value, .. } in attributes {
        out.push(' ');
        push_qualified_name(out, prefix, local);
        push_quoted(out, value);
    }
    out.push('>');
    Ok(())
}

/// Appends the declaration of a prefix, the empty one being the default namespace's.
pub(crate) fn push_declaration(out: &mut String, prefix: &str, uri: &str) {
    out.push_str(" xmlns");
    if !prefix.is_empty() {
        out.push(':');
        out.push_str(prefix);
    }
    push_quoted(out, uri);
}

fn push_qualified_name(out: &mut String, prefix: &str, local: &str) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(local);
}

fn push_quoted(out: &mut String, value: &str) {
    out.push_str("=\"");
    push_attribute_value(out, value);
    out.push('"');
}

fn push_instruction(out: &mut String, target: &str, data: Option<&str>) {
    out.push_str("<?");
    out.push_str(target);
    if let Some(data) = data {
        out.push(' ');
        out.push_str(data);
    }
    out.push_str("?>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{CANONICAL_OCTETS, METADATA_XML};
    use crate::xml::document::Document;

    fn exclusive(text: &str, prefix_list: &[&str]) -> Result<String, Refusal> {
        let document = Document::parse(text, &METADATA_XML)?;
        let prefix_list = prefix_list.iter().map(ToString::to_string).collect();
        let method = Canonicalization::Exclusive { prefix_list, comments: false };
        canonicalize(first_child(&document), None, &method, CANONICAL_OCTETS)
    }

    fn canonical(text: &str, uri: &str) -> Result<String, Refusal> {
        let document = Document::parse(text, &METADATA_XML)?;
        let method = Canonicalization::from_uri(uri).expect("a known method");
        canonicalize(first_child(&document), None, &method, CANONICAL_OCTETS)
    }

    fn first_child<'d>(document: &'d Document<'_>) -> Element<'d> {
        document.root().children().next().expect("a child")
    }

    const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    const INCLUSIVE_1_0: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    const INCLUSIVE_1_1: &str = "http://www.w3.org/2006/12/xml-c14n11";

    #[test]
    fn namespaces_are_written_where_they_are_used() {
        for (text, expected) in [
            // Unused declarations vanish, those of the ancestors are taken in.
            (
                "<r xmlns:p='u:p' xmlns:q='u:q'><p:a q:x='1'><q:b/></p:a></r>",
                "<p:a xmlns:p=\"u:p\" xmlns:q=\"u:q\" q:x=\"1\"><q:b></q:b></p:a>",
            ),
            // Two siblings each declare what their parent does not use.
            (
                "<r xmlns:p='u:p'><a><p:b/><p:b/></a></r>",
                "<a><p:b xmlns:p=\"u:p\"></p:b><p:b xmlns:p=\"u:p\"></p:b></a>",
            ),
            // One URI under two prefixes keeps both.
            (
                "<r xmlns:p='u:p' xmlns:q='u:p'><p:a q:x='1' p:y='2'/></r>",
                "<p:a xmlns:p=\"u:p\" xmlns:q=\"u:p\" q:x=\"1\" p:y=\"2\"></p:a>",
            ),
            // A prefix bound anew, and back again.
            (
                "<r xmlns:p='u:1'><p:a><p:b xmlns:p='u:2'><p:c xmlns:p='u:1'/></p:b><p:d/></p:a>\
                </r>",
                "<p:a xmlns:p=\"u:1\"><p:b xmlns:p=\"u:2\"><p:c xmlns:p=\"u:1\"></p:c></p:b><p:d>\
                </p:d></p:a>",
            ),
            // The default namespace taken back.
            (
                "<r xmlns='u:d'><a><b xmlns=''><c/></b></a></r>",
                "<a xmlns=\"u:d\"><b xmlns=\"\"><c></c></b></a>",
            ),
            ("<r><a xmlns=''><b/></a></r>", "<a><b></b></a>"),
            // Attributes sort by URI, not by prefix.
            (
                "<r xmlns:a='u:z' xmlns:z='u:a'><e a:x='1' z:x='2' y='3' xml:lang='en'/></r>",
                "<e xmlns:a=\"u:z\" xmlns:z=\"u:a\" y=\"3\" xml:lang=\"en\" z:x=\"2\" a:x=\"1\">\
                </e>",
            ),
        ] {
            assert_eq!(exclusive(text, &[]).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn listed_prefixes_are_written_where_they_are_declared() {
        for (text, list, expected) in [
            (
                "<r xmlns='u:d' xmlns:p='u:p' xmlns:q='u:q'><p:a><p:b/></p:a></r>",
                &["q", "absent"][..],
                "<p:a xmlns:p=\"u:p\" xmlns:q=\"u:q\"><p:b></p:b></p:a>",
            ),
            (
                "<r xmlns='u:d' xmlns:p='u:p'><p:a><p:b xmlns=''/></p:a></r>",
                &[""],
                "<p:a xmlns=\"u:d\" xmlns:p=\"u:p\"><p:b xmlns=\"\"></p:b></p:a>",
            ),
        ] {
            assert_eq!(exclusive(text, list).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn text_is_escaped_as_c14n_says() {
        let text = "<r><a b='\t\n&#9;&#10;&#13;&lt;>&amp;&quot;&apos;'>&lt;&gt;&amp;\"'\r\n&#13;\
            <![CDATA[<&>]]><!-- c --><?p  d ?><?p?></a></r>";
        let expected = "<a b=\"  &#x9;&#xA;&#xD;&lt;>&amp;&quot;'\">\
            &lt;&gt;&amp;\"'\n&#xD;&lt;&amp;&gt;<?p d ?><?p?></a>";
        assert_eq!(exclusive(text, &[]).as_deref(), Ok(expected));
    }

    #[test]
    fn the_omitted_element_leaves_its_surroundings() {
        let document = Document::parse("<a>1<b>2</b>3</a>", &METADATA_XML).expect("well-formed");
        let omitted = document.root().children().next();
        let method = Canonicalization::from_uri(EXCLUSIVE).expect("a known method");
        let without = |omitted, most| canonicalize(document.root(), omitted, &method, most);
        assert_eq!(without(omitted, 9).as_deref(), Ok("<a>13</a>"));
        assert_eq!(without(omitted, 8), Err(Refusal::CanonicalFormTooLarge));
        assert_eq!(without(Some(document.root()), 9), Err(Refusal::CanonicalFormEmpty));
    }

    #[test]
    fn refuses_relative_namespaces() {
        for text in ["<r><p:a xmlns:p='1'/></r>", "<r><a xmlns='x/y:z'/></r>"] {
            assert_eq!(exclusive(text, &[]), Err(Refusal::NamespaceRelative), "{text}");
        }
    }

    #[test]
    fn refuses_output_that_outgrows_its_input() {
        let uri = format!("u:{}", "x".repeat(2_000));
        let text = format!("<r xmlns:p='{uri}'><a>{}</a></r>", "<p:b/>".repeat(5_000));
        assert_eq!(exclusive(&text, &[]), Err(Refusal::CanonicalFormTooLarge));
    }

    #[test]
    fn inclusive_methods_write_all_that_is_in_scope() {
        for (text, expected) in [
            // The apex takes in what its ancestors declared; further down only changes are written.
            (
                "<r xmlns='u:d' xmlns:p='u:p' xmlns:q='u:q'><a xmlns:p='u:p'><p:b xmlns:q='u:2' \
                xmlns:z='u:z'><c/></p:b><d xmlns=''/></a></r>",
                "<a xmlns=\"u:d\" xmlns:p=\"u:p\" xmlns:q=\"u:q\"><p:b xmlns:q=\"u:2\" \
                xmlns:z=\"u:z\"><c></c></p:b><d xmlns=\"\"></d></a>",
            ),
            ("<r xmlns='u:d'><a xmlns=''><b/></a></r>", "<a><b></b></a>"),
            // xml:* attributes of the ancestors come along, the nearest of each.
            (
                "<r xml:lang='en' xml:space='preserve'><a xml:lang='de' c='1'><b xml:lang='fr'/>\
                </a></r>",
                "<a c=\"1\" xml:lang=\"de\" xml:space=\"preserve\"><b xml:lang=\"fr\"></b></a>",
            ),
        ] {
            assert_eq!(canonical(text, INCLUSIVE_1_0).as_deref(), Ok(expected), "{text}");
            assert_eq!(canonical(text, INCLUSIVE_1_1).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn xml_base_is_inherited_in_1_0_and_not_resolved_in_1_1() {
        let text = "<r xml:base='https://r.example/'><a xml:base='a/'/></r>";
        let own = "<a xml:base=\"a/\"></a>";
        assert_eq!(canonical(text, INCLUSIVE_1_0).as_deref(), Ok(own));
        assert_eq!(canonical(text, INCLUSIVE_1_1), Err(Refusal::CanonicalizationUnsupported));
        assert_eq!(canonical(text, EXCLUSIVE).as_deref(), Ok(own));
        let text = "<r><a xml:base='a/'/></r>";
        assert_eq!(canonical(text, INCLUSIVE_1_1).as_deref(), Ok(own));
    }

    #[test]
    fn methods_with_comments_are_taken_where_there_are_none() {
        for uri in [EXCLUSIVE, INCLUSIVE_1_0, INCLUSIVE_1_1] {
            let with = format!("{}#WithComments", uri.trim_end_matches('#'));
            let (silent, commented) = ("<!-- r --><r><a>b</a></r>", "<r><a>b<!-- c --></a></r>");
            assert_eq!(canonical(silent, &with).as_deref(), Ok("<a>b</a>"));
            assert_eq!(canonical(commented, &with), Err(Refusal::CommentForbidden));
            assert_eq!(canonical(commented, uri).as_deref(), Ok("<a>b</a>"));
        }
        assert_eq!(Canonicalization::from_uri("http://www.w3.org/2001/10/xml-exc-c14n"), None);
    }
}
