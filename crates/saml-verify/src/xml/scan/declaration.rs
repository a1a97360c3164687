//! The XML declaration (XML §2.8).

use crate::error::Refusal;
use crate::limits::XmlLimits;
use crate::xml::scan::step::{Fault, Rest, SPACE, behind_space};

/// XML §2.8, and row B8: the parser ignores this line, so a document could name one encoding and be
/// read in another.
pub(super) fn behind_declaration<'t>(text: &'t str, limits: &XmlLimits) -> Rest<'t> {
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

/// Whether `text` says the same where `encoding` is believed. What was in UTF-16 is text by now,
/// and keeps its label when it is stored; some writers name it whatever they write. Octets of UTF-8
/// that were read as UTF-16 would be no XML. The others agree with UTF-8 in ASCII.
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
