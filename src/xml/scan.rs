//! The limits, counted over the source text before the parser allocates anything.
//!
//! roxmltree compares every attribute of an element with every other and copies the namespaces in
//! scope, so each of these must be few before it starts (row C10). The scan knows just enough
//! XML to count in well-formed text. In malformed text it may miscount, but the parser stops at
//! the first fault, and up to there the count was right.

use memchr::{memchr, memchr3, memmem};

use crate::error::Refusal;
use crate::limits::XmlLimits;

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Refuses a document type declaration, an XML declaration of another version or encoding, and
/// whatever exceeds `limits`.
pub(super) fn scan(text: &str, limits: &XmlLimits) -> Result<(), Refusal> {
    if text.len() > limits.octets {
        return Err(Refusal::MessageTooLarge);
    }
    let mut count = Count::new(limits);
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(declaration) = rest.strip_prefix("<?xml").filter(|rest| rest.starts_with(SPACE)) {
        let (declaration, body) = declaration.split_once("?>").unwrap_or((declaration, ""));
        read_declaration(declaration)?;
        rest = body;
    }
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        let markup = rest.get(at + 1..).unwrap_or("");
        rest = match markup.as_bytes() {
            [b'!', b'-', b'-', ..] => {
                count.aside(Refusal::CommentForbidden)?;
                behind(markup, "-->")
            }
            [b'!', b'[', ..] => {
                count.node()?;
                behind(markup, "]]>")
            }
            [b'!', ..] => return Err(Refusal::DtdForbidden),
            [b'?', ..] => {
                count.aside(Refusal::InstructionForbidden)?;
                behind(markup, "?>")
            }
            [b'/', ..] => {
                count.close();
                behind(markup, ">")
            }
            _ => scan_start_tag(markup, &mut count)?,
        };
    }
    Ok(())
}

/// What follows the first `end`; nothing when there is none.
fn behind<'t>(text: &'t str, end: &str) -> &'t str {
    let at = memmem::find(text.as_bytes(), end.as_bytes());
    at.and_then(|at| text.get(at + end.len()..)).unwrap_or("")
}

/// Row B8: the parser ignores this line, so a document could name one encoding and be read in
/// another.
fn read_declaration(declaration: &str) -> Result<(), Refusal> {
    if pseudo_attribute(declaration, "version") != Some("1.0") {
        return Err(Refusal::XmlVersionUnsupported);
    }
    let encoding = pseudo_attribute(declaration, "encoding").unwrap_or("UTF-8");
    if !encoding.eq_ignore_ascii_case("UTF-8") {
        return Err(Refusal::XmlEncodingUnsupported);
    }
    Ok(())
}

fn pseudo_attribute<'t>(declaration: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = declaration.split_once(name)?;
    let value = value.trim_start_matches(SPACE).strip_prefix('=')?.trim_start_matches(SPACE);
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote).map(|(value, _)| value)
}

/// Counts one start tag, given what follows its `<`; returns what follows its `>`.
fn scan_start_tag<'t>(markup: &'t str, count: &mut Count<'_>) -> Result<&'t str, Refusal> {
    count.open(is_signature(markup))?;
    let mut rest = markup;
    while let Some(at) = memchr3(b'"', b'\'', b'>', rest.as_bytes()) {
        let Some((before, from)) = rest.split_at_checked(at) else { break };
        if let Some(behind) = from.strip_prefix('>') {
            if before.ends_with('/') {
                count.close();
            }
            return Ok(behind);
        }
        let name = before.trim_end_matches(['=', ' ', '\t', '\r', '\n']).rsplit(SPACE).next();
        count.attribute(name.is_some_and(|name| name.starts_with("xmlns")))?;
        let quote = if from.starts_with('"') { "\"" } else { "'" };
        rest = behind(from.get(1..).unwrap_or(""), quote);
    }
    Ok("")
}

/// Whether a start tag is called Signature, with whatever prefix. No prefix worth counting is longer
/// than the head that is looked at.
fn is_signature(markup: &str) -> bool {
    let head = markup.as_bytes().get(..64).unwrap_or(markup.as_bytes());
    let end = head.iter().position(|octet| b" \t\r\n/>".contains(octet));
    let before = end.and_then(|end| head.get(..end)?.strip_suffix(b"Signature"));
    before.is_some_and(|before| before.is_empty() || before.ends_with(b":"))
}

struct Count<'l> {
    limits: &'l XmlLimits,
    nodes: u32,
    signatures: usize,
    namespaces: usize,
    in_scope: usize,
    /// Attributes of the start tag at hand.
    attributes: usize,
    /// Namespaces declared by each open element, outermost first.
    open: Vec<usize>,
}

impl<'l> Count<'l> {
    const fn new(limits: &'l XmlLimits) -> Self {
        Self {
            limits,
            nodes: 0,
            signatures: 0,
            namespaces: 0,
            in_scope: 0,
            attributes: 0,
            open: Vec::new(),
        }
    }

    fn node(&mut self) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(Refusal::XmlTooManyNodes);
        }
        Ok(())
    }

    /// A comment, or a processing instruction, which `refusal` is for.
    fn aside(&mut self, refusal: Refusal) -> Result<(), Refusal> {
        if !self.limits.asides && !self.open.is_empty() {
            return Err(refusal);
        }
        self.node()
    }

    fn open(&mut self, is_signature: bool) -> Result<(), Refusal> {
        self.node()?;
        self.signatures += usize::from(is_signature);
        if self.signatures > self.limits.signatures {
            return Err(Refusal::SignatureMisplaced);
        }
        self.attributes = 0;
        self.open.push(0);
        if self.open.len() > self.limits.depth {
            return Err(Refusal::XmlTooDeep);
        }
        Ok(())
    }

    fn attribute(&mut self, is_namespace: bool) -> Result<(), Refusal> {
        self.node()?;
        self.attributes += 1;
        if self.attributes > self.limits.attributes {
            return Err(Refusal::XmlTooManyAttributes);
        }
        if let Some(declared) = self.open.last_mut().filter(|_| is_namespace) {
            *declared += 1;
            self.namespaces += 1;
            self.in_scope += 1;
        }
        if self.in_scope > self.limits.namespaces_in_scope
            || self.namespaces > self.limits.namespaces
        {
            return Err(Refusal::XmlTooManyNamespaces);
        }
        Ok(())
    }

    fn close(&mut self) {
        self.in_scope -= self.open.pop().unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: XmlLimits = XmlLimits {
        octets: 400,
        nodes: 12,
        depth: 3,
        attributes: 4,
        namespaces_in_scope: 3,
        namespaces: 5,
        signatures: 1,
        asides: true,
    };

    fn small(text: &str) -> Result<(), Refusal> {
        scan(text, &SMALL)
    }

    #[test]
    fn every_limit_holds_at_its_bound() {
        for (within, beyond, refusal) in [
            ("<a><b><c/></b><b><c/></b></a>", "<a><b><c><d/></c></b></a>", Refusal::XmlTooDeep),
            (
                "<a p='>' q=\"'\" r = '/' s='<'/>",
                "<a p='' q='' r='' s='' t=''/>",
                Refusal::XmlTooManyAttributes,
            ),
            (
                "<a xmlns='x' b='xmlns:c'><b xmlns:p='x' xmlns:q = 'y'/><b xmlns:r='x'/></a>",
                "<a xmlns='x' b=''><b xmlns:p='x' xmlns:q='y'><c\txmlns:r='x'/></b></a>",
                Refusal::XmlTooManyNamespaces,
            ),
            (
                "<a><b xmlns:p='1' xmlns:q='2'/><b xmlns:p='3' xmlns:q='4'/></a>",
                "<a><b xmlns:p='1' xmlns:q='2'/><b xmlns:p='3' xmlns:q='4' xmlns:r='5' /><b xmlns:p='6'/></a>",
                Refusal::XmlTooManyNamespaces,
            ),
            (
                "<a><Signatures/><p:Signature/></a>",
                "<a><p:Signature/><Signature\tb=''/></a>",
                Refusal::SignatureMisplaced,
            ),
            (
                "<a><!-- <b><b><b> --><![CDATA[<b>]]><?p <b> ?><b/><b/><b/><b/><b/><b/><b/><b/></a>",
                "<a><!----><![CDATA[]]><?p?><b/><b/><b/><b/><b/><b/><b/><b/><b/></a>",
                Refusal::XmlTooManyNodes,
            ),
        ] {
            assert_eq!(small(within), Ok(()), "{within}");
            assert_eq!(small(beyond), Err(refusal), "{beyond}");
        }
        assert_eq!(small(&" ".repeat(400)), Ok(()));
        assert_eq!(small(&" ".repeat(401)), Err(Refusal::MessageTooLarge));
    }

    #[test]
    fn declarations_other_than_xml_1_0_in_utf_8_are_refused() {
        for text in [
            "<?xml version='1.0'?><a/>",
            "\u{feff}<?xml version=\"1.0\" encoding = \"utf-8\" standalone='yes' ?><a/>",
            "<?xml-stylesheet version='1.1'?><a/>",
        ] {
            assert_eq!(small(text), Ok(()), "{text}");
        }
        for (text, refusal) in [
            ("<?xml version='1.1'?><a/>", Refusal::XmlVersionUnsupported),
            ("<?xml encoding='UTF-8'?><a/>", Refusal::XmlVersionUnsupported),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", Refusal::XmlEncodingUnsupported),
            ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", Refusal::XmlEncodingUnsupported),
            ("<!DOCTYPE a><a/>", Refusal::DtdForbidden),
            ("<a/><!ENTITY>", Refusal::DtdForbidden),
        ] {
            assert_eq!(small(text), Err(refusal), "{text}");
        }
    }

    #[test]
    fn comments_and_instructions_are_kept_out_of_the_root_where_the_limits_say_so() {
        let silent = XmlLimits { asides: false, ..SMALL };
        for (text, outcome) in [
            ("<!-- --><?p?><a/><!-- -->", Ok(())),
            ("<a><![CDATA[<!-- -->]]></a>", Ok(())),
            ("<a b='<!-- -->'/>", Ok(())),
            ("<a><!-- --></a>", Err(Refusal::CommentForbidden)),
            ("<a><?p?></a>", Err(Refusal::InstructionForbidden)),
        ] {
            assert_eq!(scan(text, &silent), outcome, "{text}");
        }
    }

    #[test]
    fn unfinished_markup_ends_the_scan() {
        for text in
            ["<", "<a", "<a b", "<a b='", "<!--", "<?", "</", "</a></a></a>", "<![CDATA[ <a>"]
        {
            assert_eq!(small(text), Ok(()), "{text}");
        }
    }
}
