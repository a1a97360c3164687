//! Start tags and their attributes (XML §3.1).

use memchr::memchr2;

use crate::xml::scan::step::{
    Fault, behind_space, expect, refuse_references_to_nothing, split_name,
};

/// A start tag, or the tag of an empty element, without its `<`.
pub(super) struct StartTag<'t> {
    /// Declarations included.
    pub(super) attributes: usize,
    pub(super) declarations: usize,
    pub(super) is_empty: bool,
    pub(super) rest: &'t str,
}

impl<'t> StartTag<'t> {
    pub(super) fn read(tag: &'t str) -> Result<Self, Fault<'t>> {
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

    /// Namespaces in XML §3, where roxmltree is lax: only the whole name `xmlns` declares the
    /// default namespace, and no prefix is called `xmlns` or bound to nothing.
    fn is_misnamed(&self) -> bool {
        self.name.ends_with(":xmlns") || (self.value.is_empty() && self.declares_prefix())
    }
}
