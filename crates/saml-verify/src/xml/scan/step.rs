//! Steps over pieces of the text, and the fault where one does not end as the grammar says.

use memchr::memmem;

use crate::error::Refusal;

pub(super) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Why a scan ends early.
#[derive(Clone, Copy)]
pub(super) enum Fault<'t> {
    Refused(Refusal),
    /// The grammar ends here.
    Malformed(&'t str),
}

impl Fault<'_> {
    /// What it is in the whole `text`.
    pub(super) fn refusal(self, text: &str) -> Refusal {
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
pub(super) type Rest<'t> = Result<&'t str, Fault<'t>>;

/// The name that `text` begins with, and what follows it. Its prefix is not empty, which roxmltree
/// takes for none.
pub(super) fn split_name(text: &str) -> Result<(&str, &str), Fault<'_>> {
    let is_name = |octet: &u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b':' | b'-' | b'.' | 0x80..)
    };
    let (name, rest) = text.split_at(text.bytes().take_while(is_name).count());
    if name.is_empty() || name.starts_with(':') {
        return Err(Fault::Malformed(text));
    }
    Ok((name, rest))
}

pub(super) fn behind_space(text: &str) -> &str {
    let is_space = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    text.split_at(text.bytes().take_while(is_space).count()).1
}

/// XML §2.6, Namespaces in XML §7: white space parts the target from what it is told, no target is
/// called `xml`, and none has a prefix. roxmltree reads `<?xml)x?>` as one that is, which written
/// out again would be a declaration.
pub(super) fn behind_instruction(instruction: &str) -> Rest<'_> {
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
pub(super) fn behind<'t>(text: &'t str, end: &str) -> Rest<'t> {
    let at = memmem::find(text.as_bytes(), end.as_bytes());
    at.and_then(|at| text.get(at..)?.strip_prefix(end)).ok_or(Fault::Malformed(text))
}

/// What follows `next`, with which `text` must begin.
pub(super) fn expect(text: &str, next: char) -> Rest<'_> {
    text.strip_prefix(next).ok_or(Fault::Malformed(text))
}

/// XML §4.1: a reference names a character. roxmltree reads U+FFFD where there is none, such as for
/// half of a surrogate pair.
pub(super) fn refuse_references_to_nothing(text: &str) -> Result<(), Fault<'_>> {
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
