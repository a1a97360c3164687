//! What must be known before the parser starts: how much its work would grow, and the few faults of
//! form that it lets pass.
//!
//! roxmltree reserves a node for every `<` and an attribute for every `=`, compares every attribute
//! of an element with every other, and copies the namespaces in scope, so each of these must be
//! few before it starts (row C10). Whatever the tree itself can tell is asked of the tree, in
//! [`super::document`].
//!
//! The scan takes the same steps as the parser, from one piece of markup to the next, and refuses as
//! malformed what does not end where the grammar says. Where it is laxer (on characters, names beyond
//! ASCII, tags that do not match, `--` in a comment), the parser stops at that very piece or ends it in
//! the same place. So whatever the parser reads was counted before, and as what it is.

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::error::Refusal;
use crate::limits::XmlLimits;

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Refuses a document type declaration, an XML declaration of another version or encoding, names and
/// references that are none, and whatever exceeds `limits`.
pub(super) fn scan(text: &str, limits: &XmlLimits) -> Result<(), Refusal> {
    refuse_floods(text, limits)?;
    Count::of(limits).document(text).map_err(|fault| fault.refusal(text))
}

/// `text` without its byte order mark and its XML declaration, under the same rules: what may stand
/// inside another document.
pub(crate) fn without_declaration<'t>(
    text: &'t str,
    limits: &XmlLimits,
) -> Result<&'t str, Refusal> {
    behind_declaration(text, limits).map_err(|fault| fault.refusal(text))
}

fn refuse_floods(text: &str, limits: &XmlLimits) -> Result<(), Refusal> {
    let count = |octet| memchr_iter(octet, text.as_bytes()).count();
    if text.len() > limits.octets {
        return Err(Refusal::MessageTooLarge);
    }
    if count(b'<') > limits.angle_brackets {
        return Err(Refusal::XmlTooManyNodes);
    }
    if count(b'=') > limits.equals_signs {
        return Err(Refusal::XmlTooManyAttributes);
    }
    Ok(())
}

/// Why a scan ends early.
#[derive(Clone, Copy)]
enum Fault<'t> {
    Refused(Refusal),
    /// The grammar ends here.
    Malformed(&'t str),
}

impl Fault<'_> {
    /// What it is in the whole `text`.
    fn refusal(self, text: &str) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Malformed(at) => malformed(text, at),
        }
    }
}

impl From<Refusal> for Fault<'_> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What follows a piece of the text.
type Rest<'t> = Result<&'t str, Fault<'t>>;

/// What was counted so far.
struct Count<'l> {
    limits: &'l XmlLimits,
    attributes: usize,
    namespaces: usize,
    namespace_steps: usize,
    in_scope: usize,
    /// Namespaces that each open element declares, outermost first.
    open: Vec<usize>,
}

impl<'l> Count<'l> {
    const fn of(limits: &'l XmlLimits) -> Self {
        Self {
            limits,
            attributes: 0,
            namespaces: 0,
            namespace_steps: 0,
            in_scope: 0,
            open: Vec::new(),
        }
    }

    fn document<'t>(&mut self, text: &'t str) -> Result<(), Fault<'t>> {
        let mut rest = behind_declaration(text, self.limits)?;
        while let Some(at) = memchr(b'<', rest.as_bytes()) {
            let (content, markup) = rest.split_at(at);
            refuse_references_to_nothing(content)?;
            rest = self.markup(markup)?;
        }
        refuse_references_to_nothing(rest)
    }

    /// One piece of markup. Its end is looked for behind its opener: `<!-->` and `<!--->` are comments
    /// that have only begun (XML §2.5).
    fn markup<'t>(&mut self, markup: &'t str) -> Rest<'t> {
        if let Some(comment) = markup.strip_prefix("<!--") {
            return behind(comment, "-->");
        }
        if let Some(section) = markup.strip_prefix("<![CDATA[") {
            return behind(section, "]]>");
        }
        if markup.starts_with("<!") {
            return Err(Refusal::DtdForbidden.into());
        }
        if let Some(instruction) = markup.strip_prefix("<?") {
            return behind_instruction(instruction);
        }
        if let Some(tag) = markup.strip_prefix("</") {
            self.close();
            let (_, rest) = split_name(tag)?;
            return expect(behind_space(rest), '>');
        }
        self.start_tag(expect(markup, '<')?)
    }

    fn start_tag<'t>(&mut self, tag: &'t str) -> Rest<'t> {
        let tag = StartTag::read(tag)?;
        self.open(&tag)?;
        if tag.is_empty {
            self.close();
        }
        Ok(tag.rest)
    }

    fn open(&mut self, tag: &StartTag<'_>) -> Result<(), Refusal> {
        self.open.push(tag.declarations);
        self.attributes += tag.attributes;
        self.namespaces += tag.declarations;
        self.in_scope += tag.declarations;
        if tag.declarations > 0 {
            let steps = self.in_scope.saturating_mul(self.in_scope);
            self.namespace_steps = self.namespace_steps.saturating_add(steps);
        }
        let limits = self.limits;
        if self.open.len() > limits.depth {
            return Err(Refusal::XmlTooDeep);
        }
        if tag.attributes > limits.attributes_of_one || self.attributes > limits.attributes {
            return Err(Refusal::XmlTooManyAttributes);
        }
        if self.in_scope > limits.namespaces_in_scope
            || self.namespaces > limits.namespaces
            || self.namespace_steps > limits.namespace_steps
        {
            return Err(Refusal::XmlTooManyNamespaces);
        }
        Ok(())
    }

    fn close(&mut self) {
        self.in_scope -= self.open.pop().unwrap_or(0);
    }
}

/// A start tag, or the tag of an empty element, without its `<`.
struct StartTag<'t> {
    /// Declarations included.
    attributes: usize,
    declarations: usize,
    is_empty: bool,
    rest: &'t str,
}

impl<'t> StartTag<'t> {
    fn read(tag: &'t str) -> Result<Self, Fault<'t>> {
        let (_, mut rest) = split_name(tag)?;
        let (mut attributes, mut declarations, mut has_default) = (0, 0, false);
        loop {
            let next = behind_space(rest);
            let is_empty = next.starts_with('/');
            if let Some(rest) = next.strip_prefix(if is_empty { "/>" } else { ">" }) {
                return Ok(Self { attributes, declarations, is_empty, rest });
            }
            if next.len() == rest.len() {
                return Err(Fault::Malformed(rest));
            }
            let (attribute, after) = Attribute::split(next)?;
            let is_default = attribute.name == "xmlns";
            if attribute.is_misnamed() || (is_default && has_default) {
                return Err(Fault::Malformed(next));
            }
            has_default |= is_default;
            attributes += 1;
            declarations += usize::from(is_default || attribute.declares_prefix());
            rest = after;
        }
    }
}

/// An attribute as it is written.
struct Attribute<'t> {
    name: &'t str,
    value: &'t str,
}

impl<'t> Attribute<'t> {
    /// The attribute that `text` begins with (XML §3.1), and what follows it.
    fn split(text: &'t str) -> Result<(Self, &'t str), Fault<'t>> {
        let (name, rest) = split_name(text)?;
        let value = behind_space(expect(behind_space(rest), '=')?);
        let quote = if value.starts_with('"') { b'"' } else { b'\'' };
        let value = expect(value, quote.into())?;
        let end = memchr2(quote, b'<', value.as_bytes()).ok_or(Fault::Malformed(text))?;
        let (value, rest) = value.split_at(end);
        refuse_references_to_nothing(value)?;
        Ok((Self { name, value }, expect(rest, quote.into())?))
    }

    fn declares_prefix(&self) -> bool {
        self.name.starts_with("xmlns:")
    }

    /// Namespaces in XML §3, where roxmltree is lax: only the whole name `xmlns` declares the default
    /// namespace, and no prefix is called `xmlns` or bound to nothing.
    fn is_misnamed(&self) -> bool {
        self.name.ends_with(":xmlns") || (self.value.is_empty() && self.declares_prefix())
    }
}

/// The name that `text` begins with, and what follows it. Its prefix is not empty, which roxmltree
/// takes for none.
fn split_name(text: &str) -> Result<(&str, &str), Fault<'_>> {
    let is_name = |octet: &u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b':' | b'-' | b'.' | 0x80..)
    };
    let (name, rest) = text.split_at(text.bytes().take_while(is_name).count());
    if name.is_empty() || name.starts_with(':') {
        return Err(Fault::Malformed(text));
    }
    Ok((name, rest))
}

fn behind_space(text: &str) -> &str {
    let is_space = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    text.split_at(text.bytes().take_while(is_space).count()).1
}

/// XML §2.6, Namespaces in XML §7: white space parts the target from what it is told, no target is
/// called `xml`, and none has a prefix. roxmltree reads `<?xml)x?>` as one that is, which written
/// out again would be a declaration.
fn behind_instruction(instruction: &str) -> Rest<'_> {
    let (target, told) = split_name(instruction)?;
    if target.eq_ignore_ascii_case("xml") || target.contains(':') {
        return Err(Fault::Malformed(instruction));
    }
    if !told.starts_with(SPACE) {
        return told.strip_prefix("?>").ok_or(Fault::Malformed(told));
    }
    behind(told, "?>")
}

/// What follows the first `end`.
fn behind<'t>(text: &'t str, end: &str) -> Rest<'t> {
    let at = memmem::find(text.as_bytes(), end.as_bytes());
    at.and_then(|at| text.get(at..)?.strip_prefix(end)).ok_or(Fault::Malformed(text))
}

/// What follows `next`, with which `text` must begin.
fn expect(text: &str, next: char) -> Rest<'_> {
    text.strip_prefix(next).ok_or(Fault::Malformed(text))
}

/// XML §4.1: a reference names a character. roxmltree reads U+FFFD where there is none, such as for
/// half of a surrogate pair.
fn refuse_references_to_nothing(text: &str) -> Result<(), Fault<'_>> {
    for (at, _) in text.match_indices('&') {
        let (_, reference) = text.split_at(at);
        let Some(number) = reference.strip_prefix("&#") else { continue };
        let (digits, radix) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let digits = digits.chars().map_while(|digit| digit.to_digit(radix));
        let number =
            digits.fold(0_u32, |number, digit| number.saturating_mul(radix).saturating_add(digit));
        if char::from_u32(number).is_none() {
            return Err(Fault::Malformed(reference));
        }
    }
    Ok(())
}

/// XML §2.8, and row B8: the parser ignores this line, so a document could name one encoding and be
/// read in another.
fn behind_declaration<'t>(text: &'t str, limits: &XmlLimits) -> Rest<'t> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(declaration) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with(SPACE))
    else {
        return Ok(text);
    };
    let (version, mut rest) = pseudo_attribute(declaration, "version")
        .ok_or(Fault::Refused(Refusal::XmlVersionUnsupported))?;
    if version != "1.0" {
        return Err(Refusal::XmlVersionUnsupported.into());
    }
    if let Some((encoding, behind)) = pseudo_attribute(rest, "encoding") {
        let is_other = limits.other_labels && makes_no_difference(encoding, text);
        if !encoding.eq_ignore_ascii_case("UTF-8") && !is_other {
            return Err(Refusal::XmlEncodingUnsupported.into());
        }
        rest = behind;
    }
    if let Some(("yes" | "no", behind)) = pseudo_attribute(rest, "standalone") {
        rest = behind;
    }
    behind_space(rest).strip_prefix("?>").ok_or(Fault::Malformed(rest))
}

/// Whether `text` says the same where `encoding` is believed. What was in UTF-16 is text by now, and
/// keeps its label when it is stored; some writers name it whatever they write. Octets of UTF-8 that
/// were read as UTF-16 would be no XML. The others agree with UTF-8 in ASCII.
fn makes_no_difference(encoding: &str, text: &str) -> bool {
    match &*encoding.to_ascii_lowercase() {
        "utf8" | "utf-16" | "utf-16be" | "utf-16le" => true,
        "iso-8859-1" | "us-ascii" | "windows-1252" => text.is_ascii(),
        _ => false,
    }
}

/// The value of the next pseudo-attribute, if it is called `name`, and what follows it.
fn pseudo_attribute<'t>(declaration: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let value = declaration.strip_prefix(SPACE)?.trim_start_matches(SPACE).strip_prefix(name)?;
    let value = behind_space(value).strip_prefix('=')?.trim_start_matches(SPACE);
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::METADATA_XML;

    fn scanned(text: &str) -> Result<(), Refusal> {
        scan(text, &XmlLimits { other_labels: false, ..METADATA_XML })
    }

    #[test]
    fn declarations_other_than_xml_1_0_in_utf_8_are_refused() {
        for text in [
            "<?xml version='1.0'?><a/>",
            "<?xml\nversion='1.0'\t?><a/>",
            "\u{feff}<?xml version=\"1.0\" encoding = \"utf-8\" standalone='yes' ?><a/>",
            "<?xml-stylesheet version='1.1'?><a/>",
        ] {
            assert_eq!(scanned(text), Ok(()), "{text}");
        }
        for (text, refusal) in [
            ("<?xml version='1.1'?><a/>", Refusal::XmlVersionUnsupported),
            ("<?xml encoding='UTF-8'?><a/>", Refusal::XmlVersionUnsupported),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", Refusal::XmlEncodingUnsupported),
            ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", Refusal::XmlEncodingUnsupported),
            ("<!DOCTYPE a><a/>", Refusal::DtdForbidden),
            ("<a/><!ENTITY>", Refusal::DtdForbidden),
        ] {
            assert_eq!(scanned(text), Err(refusal), "{text}");
        }
    }

    #[test]
    fn a_label_that_makes_no_difference_is_taken_where_the_limits_say_so() {
        let labelled =
            |label: &str, text: &str| format!("<?xml version='1.0' encoding='{label}'?>{text}");
        for (label, ascii, beyond) in [
            ("utf-8", true, true),
            ("utf8", true, true),
            ("utf-16", true, true),
            ("UTF-16", true, true),
            ("utf-16BE", true, true),
            ("UTF-16LE", true, true),
            ("ISO-8859-1", true, false),
            ("us-ascii", true, false),
            ("Windows-1252", true, false),
            ("UTF-7", false, false),
            ("UTF-32", false, false),
            ("ISO-2022-JP", false, false),
            ("Shift_JIS", false, false),
            ("cp037", false, false),
            ("", false, false),
        ] {
            for (content, is_taken) in [("<a b='~'/>", ascii), ("<a>\u{e9}</a>", beyond)] {
                let text = labelled(label, content);
                let refused = Err(Refusal::XmlEncodingUnsupported);
                let expected = if is_taken { Ok(()) } else { refused };
                assert_eq!(scan(&text, &METADATA_XML), expected, "{text}");
                let is_utf_8 = label.eq_ignore_ascii_case("utf-8");
                assert_eq!(scanned(&text), if is_utf_8 { Ok(()) } else { refused }, "{text}");
            }
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
            "<?p:q?><a/>",
            "<a><?xml x?></a>",
            "<a><?XML?></a>",
            "<a><?p)x?></a>",
            "<a>&#xD800;</a>",
            "<a b='&#x110000;'/>",
            "<?xml version='1.0' encodin='UTF-8'?><a/>",
            "<?xml version='1.0'encoding='UTF-8'?><a/>",
            "<?xml version='1.0' standalone='maybe'?><a/>",
        ] {
            assert!(roxmltree::Document::parse(text).is_ok() || text.contains("<?xml"), "{text}");
            assert_eq!(scanned(text).map_err(Refusal::code), Err("xml_malformed"), "{text}");
        }
        let place = Refusal::XmlMalformed { line: 2, column: 4 };
        assert_eq!(scanned("<a>\n \u{e9} &#xDFFF;</a>"), Err(place));
        let place = Refusal::XmlMalformed { line: 1, column: 20 };
        assert_eq!(scanned("<?xml version='1.0' x?><a/>"), Err(place));
        for text in [
            "<a xmlns='' xmlns:p='u' axmlns=''/>",
            "<a><?xml-p x?y?><?\u{e9}?><?p?></a>",
            "<a>&#xD7FF;&#1114111;&#;&#x;</a>",
            "<a><![CDATA[&#xD800;]]><!--&#xD800;--></a>",
        ] {
            assert_eq!(scanned(text), Ok(()), "{text}");
        }
    }

    /// What does not end where the grammar says never gets as far as the parser.
    #[test]
    fn markup_that_is_none_is_refused() {
        for text in [
            "<",
            "<a",
            "<a b",
            "<a b='",
            "<a b='<'/>",
            "<a b=c/>",
            "<a b='c'd='e'/>",
            "<a b/>",
            "<a/ >",
            "<a =''/>",
            "< a/>",
            "<a\"b\"/>",
            "<!--",
            "<!-->",
            "<!--->",
            "<?",
            "<?>",
            "<??>",
            "<? p?>",
            "</",
            "</>",
            "</a b>",
            "<a></a",
            "<![CDATA[ <a>",
            "<a>&#99999999999;</a>",
            "<a><![CDATA[]>",
            "<a><![CDATA[>]]",
        ] {
            assert_eq!(scanned(text).map_err(Refusal::code), Err("xml_malformed"), "{text}");
        }
    }
}
