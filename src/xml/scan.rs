//! The limits, counted over the source text before the parser allocates anything.
//!
//! roxmltree compares every attribute of an element with every other and copies the namespaces in
//! scope, so each of these must be few before it starts (row C10). The scan knows just enough
//! XML to count in well-formed text. In malformed text it may miscount, but the parser stops at
//! the first fault, and up to there the count was right.

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
    while let Some((_, markup)) = rest.split_once('<') {
        rest = match markup.as_bytes() {
            [b'!', b'-', b'-', ..] => count.node().map(|()| behind(markup, "-->"))?,
            [b'!', b'[', ..] => count.node().map(|()| behind(markup, "]]>"))?,
            [b'!', ..] => return Err(Refusal::DtdForbidden),
            [b'?', ..] => count.node().map(|()| behind(markup, "?>"))?,
            [b'/', ..] => {
                count.close();
                behind(markup, ">")
            }
            _ => scan_start_tag(markup, &mut count)?,
        };
    }
    Ok(())
}

fn behind<'t>(markup: &'t str, end: &str) -> &'t str {
    markup.split_once(end).map_or("", |(_, rest)| rest)
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
    let mut attributes = 0;
    let mut namespaces = 0;
    let mut rest = markup;
    while let Some((before, from)) =
        rest.find(['"', '\'', '>']).and_then(|at| rest.split_at_checked(at))
    {
        let mut from = from.chars();
        let stop = from.next().unwrap_or('>');
        if stop == '>' {
            count.open(attributes, namespaces)?;
            if before.ends_with('/') {
                count.close();
            }
            return Ok(from.as_str());
        }
        attributes += 1;
        let name = before.trim_end_matches(['=', ' ', '\t', '\r', '\n']).rsplit(SPACE).next();
        if name.is_some_and(|name| name.starts_with("xmlns")) {
            namespaces += 1;
        }
        rest = from.as_str().split_once(stop).map_or("", |(_, rest)| rest);
    }
    Ok("")
}

struct Count<'l> {
    limits: &'l XmlLimits,
    nodes: u32,
    namespaces: usize,
    in_scope: usize,
    /// Namespaces declared by each open element, outermost first.
    open: Vec<usize>,
}

impl<'l> Count<'l> {
    const fn new(limits: &'l XmlLimits) -> Self {
        Self { limits, nodes: 0, namespaces: 0, in_scope: 0, open: Vec::new() }
    }

    fn node(&mut self) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(Refusal::XmlTooManyNodes);
        }
        Ok(())
    }

    fn open(&mut self, attributes: usize, namespaces: usize) -> Result<(), Refusal> {
        if attributes > self.limits.attributes {
            return Err(Refusal::XmlTooManyAttributes);
        }
        for _ in 0..=attributes {
            self.node()?;
        }
        self.namespaces += namespaces;
        self.in_scope += namespaces;
        if self.in_scope > self.limits.namespaces_in_scope
            || self.namespaces > self.limits.namespaces
        {
            return Err(Refusal::XmlTooManyNamespaces);
        }
        self.open.push(namespaces);
        if self.open.len() > self.limits.depth {
            return Err(Refusal::XmlTooDeep);
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
    fn unfinished_markup_ends_the_scan() {
        for text in
            ["<", "<a", "<a b", "<a b='", "<!--", "<?", "</", "</a></a></a>", "<![CDATA[ <a>"]
        {
            assert_eq!(small(text), Ok(()), "{text}");
        }
    }
}
