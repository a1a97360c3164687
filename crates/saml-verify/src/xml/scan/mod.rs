//! What must be known before the parser starts: how much its work would grow, and the few faults of
//! form that it lets pass.
//!
//! roxmltree reserves a node for every `<` and an attribute for every `=`, compares every attribute
//! of an element with every other, and copies the namespaces in scope, so each of these must be
//! few before it starts (row C10). Whatever the tree itself can tell is asked of the tree, in
//! [`super::document`].
//!
//! The scan takes the same steps as the parser, from one piece of markup to the next, and refuses
//! as malformed what does not end where the grammar says. Where it is laxer (on characters, names
//! beyond ASCII, tags that do not match, `--` in a comment), the parser stops at that very piece or
//! ends it in the same place. So whatever the parser reads was counted before, and as what it is.

mod declaration;
mod step;
mod tag;

use memchr::{memchr, memchr_iter};

use crate::error::Refusal;
use crate::limits::XmlLimits;
use crate::xml::scan::declaration::behind_declaration;
use crate::xml::scan::step::{
    Fault, Rest, behind, behind_instruction, behind_space, expect, refuse_references_to_nothing,
    split_name,
};
use crate::xml::scan::tag::StartTag;

/// Refuses a document type declaration, an XML declaration of another version or encoding, names
/// and references that are none, and whatever exceeds `limits`.
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

    /// One piece of markup. Its end is looked for behind its opener: `<!-->` and `<!--->` are
    /// comments that have only begun (XML §2.5).
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
