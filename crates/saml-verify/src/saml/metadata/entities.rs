//! md:EntitiesDescriptor and md:EntityDescriptor (Metadata §2.3): which IdP of a document is meant.

use std::iter;

use crate::error::Refusal;
use crate::time::{UnixTime, parse_duration};
use crate::xml::element::Element;
use crate::xml::name::{ENTITIES_DESCRIPTOR, ENTITY_DESCRIPTOR, IDP_SSO_DESCRIPTOR, SAMLP};

/// An IDPSSODescriptor for SAML 2.0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdpRole<'d> {
    pub(crate) entity: Element<'d>,
    pub(crate) role: Element<'d>,
}

/// Every IDPSSODescriptor for SAML 2.0 in a document, in whatever groups the entities stand.
pub(crate) fn idp_roles(root: Element<'_>) -> Result<Vec<IdpRole<'_>>, Refusal> {
    Ok(entities(root)?.flat_map(roles_of).collect())
}

/// The one IdP of the document, or the one with this entity id. Where several fit, or one says two
/// things of itself, none is taken: the first of two would be a guess.
pub(crate) fn choose<'d>(
    root: Element<'d>,
    entity_id: Option<&str>,
) -> Result<IdpRole<'d>, Refusal> {
    let is_meant =
        |it: &Element<'_>| entity_id.is_none_or(|id| it.token("entityID").as_deref() == Some(id));
    let mut entities = entities(root)?.filter(is_meant).peekable();
    if entities.peek().is_none() && entity_id.is_some() {
        return Err(Refusal::EntityUnknown);
    }
    let mut roles = entities.flat_map(roles_of);
    let role = roles.next().ok_or(Refusal::IdpRoleMissing)?;
    let Some(other) = roles.next() else { return Ok(role) };
    let is_one_entity = iter::once(other).chain(roles).all(|it| it.entity == role.entity);
    Err(if is_one_entity { Refusal::IdpRoleRepeated } else { Refusal::EntityAmbiguous })
}

/// The entities of a document. What stands in an extension is none of them.
fn entities(root: Element<'_>) -> Result<impl Iterator<Item = Element<'_>>, Refusal> {
    if !root.is(ENTITY_DESCRIPTOR) && !root.is(ENTITIES_DESCRIPTOR) {
        return Err(Refusal::NotMetadata);
    }
    Ok(root.descendants().filter(|it| {
        it.is(ENTITY_DESCRIPTOR) && around(*it).all(|outer| outer.is(ENTITIES_DESCRIPTOR))
    }))
}

fn roles_of(entity: Element<'_>) -> impl Iterator<Item = IdpRole<'_>> {
    let roles = entity.children_named(IDP_SSO_DESCRIPTOR).filter(|role| supports_saml_2(*role));
    roles.map(move |role| IdpRole { entity, role })
}

impl IdpRole<'_> {
    /// The earliest validUntil of the role, its entity and the groups around it: what encloses a
    /// descriptor limits it (Metadata §2.3.1, §2.3.2, §2.4.1).
    pub(crate) fn valid_until(self) -> Result<Option<UnixTime>, Refusal> {
        let times = self.with_surroundings().map(|it| it.time("validUntil"));
        let times: Vec<_> = times.collect::<Result<_, _>>()?;
        Ok(times.into_iter().flatten().min())
    }

    /// The shortest cacheDuration on the same path. It is advice on when to fetch again, so one
    /// that cannot be read is passed over.
    pub(crate) fn cache_duration(self) -> Option<i64> {
        let texts = self.with_surroundings().filter_map(|it| it.token("cacheDuration"));
        texts.filter_map(|text| parse_duration(&text)).min()
    }

    fn with_surroundings(&self) -> impl Iterator<Item = Element<'_>> {
        iter::once(self.role).chain(around(self.role))
    }
}

/// The elements around `element`, innermost first.
fn around<'d>(element: Element<'d>) -> impl Iterator<Item = Element<'d>> {
    iter::successors(element.parent(), |it| it.parent())
}

fn supports_saml_2(role: Element<'_>) -> bool {
    let protocols = role.attribute("protocolSupportEnumeration").unwrap_or("");
    protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP)
}
