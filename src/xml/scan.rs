//! The limits, counted over the source text before the parser allocates anything, and the few faults
//! of form that the parser lets pass.
//!
//! roxmltree compares every attribute of an element with every other and copies the namespaces in
//! scope, so each of these must be few before it starts (row C10). The scan knows just enough
//! XML to count in well-formed text. In malformed text it may miscount, but the parser stops at
//! the first fault, and up to there the count was right.

use memchr::{memchr, memchr3, memmem};

use crate::error::Refusal;
use crate::limits::XmlLimits;

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Refuses a document type declaration, an XML declaration of another version or encoding, names and
/// references that are none, and whatever exceeds `limits`.
pub(super) fn scan(text: &str, limits: &XmlLimits) -> Result<(), Refusal> {
    if text.len() > limits.octets {
        return Err(Refusal::MessageTooLarge);
    }
    let malformed = |at: &str| malformed(text, at);
    refuse_references_to_nothing(text).map_err(malformed)?;
    let mut count = Count::new(limits);
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(declaration) = rest.strip_prefix("<?xml").filter(|rest| rest.starts_with(SPACE)) {
        let (declaration, body) = declaration.split_once("?>").unwrap_or((declaration, ""));
        read_declaration(declaration, malformed)?;
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
                if !has_target(markup) {
                    return Err(malformed(markup));
                }
                behind(markup, "?>")
            }
            // A name with an empty prefix, which roxmltree takes for one without.
            [b':', ..] | [b'/', b':', ..] => return Err(malformed(markup)),
            [b'/', ..] => {
                count.close();
                behind(markup, ">")
            }
            _ => scan_start_tag(markup, &mut count, malformed)?,
        };
    }
    Ok(())
}

/// XML §2.6: white space parts the target from what it is told, and no target is called `xml`.
/// roxmltree reads `<?xml)x?>` as one that is, which written out again would be a declaration.
fn has_target(markup: &str) -> bool {
    let instruction = markup.get(1..).unwrap_or("");
    let target = instruction.split([' ', '\t', '\r', '\n', '?']).next().unwrap_or("");
    let is_name = |character: char| character.is_alphanumeric() || "-_.:".contains(character);
    target.chars().all(is_name) && !target.eq_ignore_ascii_case("xml")
}

/// What follows the first `end`; nothing when there is none.
fn behind<'t>(text: &'t str, end: &str) -> &'t str {
    let at = memmem::find(text.as_bytes(), end.as_bytes());
    at.and_then(|at| text.get(at + end.len()..)).unwrap_or("")
}

/// The place of `at`, which is a part of `text`.
fn malformed(text: &str, at: &str) -> Refusal {
    let before = at.as_ptr().addr().checked_sub(text.as_ptr().addr());
    let before = before.and_then(|length| text.get(..length)).unwrap_or(text);
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    let line = before.rsplit('\n').next().unwrap_or("");
    Refusal::XmlMalformed {
        line: number(before.matches('\n').count()),
        column: number(line.chars().count()),
    }
}

/// XML §4.1: a reference names a character. roxmltree reads U+FFFD where there is none, such as for
/// half of a surrogate pair. Such text in a CDATA section would be none, and nobody writes it.
fn refuse_references_to_nothing(text: &str) -> Result<(), &str> {
    for at in memmem::find_iter(text.as_bytes(), "&#") {
        let reference = text.get(at..).unwrap_or("");
        let (digits, radix) = match reference.get(2..).unwrap_or("").strip_prefix('x') {
            Some(digits) => (digits, 16),
            None => (reference.get(2..).unwrap_or(""), 10),
        };
        let digits = digits.chars().map_while(|digit| digit.to_digit(radix));
        let number =
            digits.fold(0_u32, |number, digit| number.saturating_mul(radix).saturating_add(digit));
        if char::from_u32(number).is_none() {
            return Err(reference);
        }
    }
    Ok(())
}

/// XML §2.8, and row B8: the parser ignores this line, so a document could name one encoding and be
/// read in another.
fn read_declaration(declaration: &str, malformed: impl Fn(&str) -> Refusal) -> Result<(), Refusal> {
    let version = pseudo_attribute(declaration, "version");
    let (version, mut rest) = version.ok_or(Refusal::XmlVersionUnsupported)?;
    if version != "1.0" {
        return Err(Refusal::XmlVersionUnsupported);
    }
    if let Some((encoding, behind)) = pseudo_attribute(rest, "encoding") {
        if !encoding.eq_ignore_ascii_case("UTF-8") {
            return Err(Refusal::XmlEncodingUnsupported);
        }
        rest = behind;
    }
    if let Some(("yes" | "no", behind)) = pseudo_attribute(rest, "standalone") {
        rest = behind;
    }
    if rest.trim_start_matches(SPACE).is_empty() { Ok(()) } else { Err(malformed(rest)) }
}

/// The value of the next pseudo-attribute, if it is called `name`, and what follows it.
fn pseudo_attribute<'t>(declaration: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let value = declaration.strip_prefix(SPACE)?.trim_start_matches(SPACE).strip_prefix(name)?;
    let value = value.trim_start_matches(SPACE).strip_prefix('=')?.trim_start_matches(SPACE);
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote)
}

/// Counts one start tag, given what follows its `<`; returns what follows its `>`.
fn scan_start_tag<'t>(
    markup: &'t str,
    count: &mut Count<'_>,
    malformed: impl Fn(&str) -> Refusal,
) -> Result<&'t str, Refusal> {
    count.open(is_signature(markup))?;
    let mut has_default = false;
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
        let name = name.unwrap_or("");
        count.attribute(name.starts_with("xmlns"))?;
        let quote = if from.starts_with('"') { "\"" } else { "'" };
        let value = from.get(1..).unwrap_or("");
        let is_default = name == "xmlns";
        if is_misnamed(name, value.starts_with(quote)) || (is_default && has_default) {
            return Err(malformed(from));
        }
        has_default |= is_default;
        rest = behind(value, quote);
    }
    Ok("")
}

/// Namespaces in XML §2.2 and §3, where roxmltree is lax: a prefix is not empty and not bound to
/// nothing; only the whole name `xmlns` declares the default namespace, and none the prefix `xmlns`.
fn is_misnamed(name: &str, is_empty: bool) -> bool {
    name.starts_with(':') || name.ends_with(":xmlns") || (is_empty && name.starts_with("xmlns:"))
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
    fn faults_that_the_parser_lets_pass_are_refused() {
        for text in [
            "<:a/>",
            "<a></:a>",
            "<a :b=''/>",
            "<a xmlns='u' xmlns='v'/>",
            "<a xmlns:p=''/>",
            "<a p:xmlns='u'/>",
            "<a xmlns:xmlns='u'/>",
            "<?xml)x?><a/>",
            "<a><?xml x?></a>",
            "<a><?XML?></a>",
            "<a><?p)x?></a>",
            "<a>&#xD800;</a>",
            "<a b='&#x110000;'/>",
            "<a>&#99999999999;</a>",
            "<?xml version='1.0' encodin='UTF-8'?><a/>",
            "<?xml version='1.0'encoding='UTF-8'?><a/>",
            "<?xml version='1.0' standalone='maybe'?><a/>",
        ] {
            assert_eq!(small(text).map_err(Refusal::code), Err("xml_malformed"), "{text}");
        }
        let place = Refusal::XmlMalformed { line: 2, column: 4 };
        assert_eq!(small("<a>\n \u{e9} &#xDFFF;</a>"), Err(place));
        let place = Refusal::XmlMalformed { line: 1, column: 20 };
        assert_eq!(small("<?xml version='1.0' x?><a/>"), Err(place));
        for text in [
            "<a xmlns='' xmlns:p='u' axmlns=''/>",
            "<a><?xml-p x?y?><?\u{e9}?><?p?></a>",
            "<a>&#xD7FF;&#1114111;&#;&#x;</a>",
        ] {
            assert_eq!(small(text), Ok(()), "{text}");
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
