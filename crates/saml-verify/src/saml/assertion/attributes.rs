//! saml:AttributeStatement (Core §2.7.3): what the IdP says about the subject.

use crate::error::Refusal;
use crate::xml::element::Element;
use crate::xml::name::{ATTRIBUTE, ATTRIBUTE_VALUE};
use crate::xml::walk::{Event, Walk};

/// Attribute values by Name, in document order. NameFormat and FriendlyName play no part: IdPs
/// leave them out or change them at will.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    named: Vec<(String, Vec<String>)>,
}

impl Attributes {
    /// Every value under exactly this Name; empty when there is none.
    pub fn values(&self, name: &str) -> &[String] {
        let found = self.named.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, values)| values)
    }

    /// Names with their values, in document order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.named.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Adds the attributes of one statement. Values under a Name that is already known join the
    /// earlier ones, so no reader sees only the first or the last of two.
    pub(crate) fn read(&mut self, statement: Element<'_>) -> Result<(), Refusal> {
        for attribute in statement.children_named(ATTRIBUTE) {
            let name = attribute.required_attribute("Name")?;
            let values = attribute.children_named(ATTRIBUTE_VALUE);
            let texts = values.map(whole_text);
            match self.named.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => known.extend(texts),
                None => self.named.push((name.to_owned(), texts.collect())),
            }
        }
        Ok(())
    }
}

/// The values under one Name in a statement, in one pass: an attacker may write thousands of Names,
/// and [`Attributes::read`] compares each with each.
pub(crate) fn values_named(statement: Element<'_>, name: &str) -> Vec<String> {
    let attributes = statement.children_named(ATTRIBUTE);
    let named = attributes.filter(|attribute| attribute.attribute("Name") == Some(name));
    named.flat_map(|attribute| attribute.children_named(ATTRIBUTE_VALUE)).map(whole_text).collect()
}

/// All the text in a value, to whatever depth: eduPersonTargetedID, for one, holds a NameID.
fn whole_text(value: Element<'_>) -> String {
    let texts = Walk::over(value).filter_map(|event| match event {
        Event::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}
