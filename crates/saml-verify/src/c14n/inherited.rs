//! The `xml:*` attributes that inclusive C14N gives the apex from ancestors it leaves out.

use crate::c14n::method::Canonicalization;
use crate::error::Refusal;
use crate::xml::element::{Attribute, Element};
use crate::xml::name;

/// Attributes to add to `apex`: in C14N 1.0 (§2.4) every `xml:*` attribute of an ancestor that no
/// nearer element sets; in C14N 1.1 (§2.4) xml:lang and xml:space alone. There xml:base would have
/// to be resolved against the ancestors'; SAML has none, and a document that has is refused.
pub(super) fn inherited_attributes<'d>(
    apex: Element<'d>,
    method: &Canonicalization,
) -> Result<Vec<Attribute<'d>>, Refusal> {
    let mut inherited: Vec<Attribute<'d>> = Vec::new();
    if matches!(method, Canonicalization::Exclusive { .. }) {
        return Ok(inherited);
    }
    let own: Vec<_> = apex.attributes().filter(|it| it.namespace == name::XML).collect();
    let mut ancestor = apex.parent();
    while let Some(element) = ancestor {
        for attribute in element.attributes().filter(|it| it.namespace == name::XML) {
            let is_1_1 = matches!(method, Canonicalization::Inclusive11 { .. });
            if is_1_1 && attribute.local == "base" {
                return Err(Refusal::CanonicalizationUnsupported);
            }
            let is_inherited = !is_1_1 || matches!(attribute.local, "lang" | "space");
            let is_set = own.iter().chain(&inherited).any(|it| it.local == attribute.local);
            if is_inherited && !is_set {
                inherited.push(attribute);
            }
        }
        ancestor = element.parent();
    }
    Ok(inherited)
}
