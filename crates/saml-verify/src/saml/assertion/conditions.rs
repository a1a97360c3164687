//! saml:Conditions (Core §2.5): when and for whom the assertion may be used.

use crate::error::Refusal;
use crate::time::UnixTime;
use crate::xml::element::Element;
use crate::xml::name::{AUDIENCE, AUDIENCE_RESTRICTION, ONE_TIME_USE, PROXY_RESTRICTION};

/// Conditions whose every member is understood.
#[derive(Debug)]
pub(crate) struct Conditions {
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) not_on_or_after: Option<UnixTime>,
    /// The Audiences of each AudienceRestriction. All restrictions must hold; one Audience is
    /// enough for each (Core §2.5.1.4).
    pub(crate) audience_restrictions: Vec<Vec<String>>,
}

impl Conditions {
    /// Reads Conditions; a member that is not understood leaves the assertion's validity open, so
    /// it is refused (Core §2.5.1). OneTimeUse holds for every assertion here, since each is
    /// accepted once; ProxyRestriction binds only those who issue assertions themselves.
    pub(crate) fn read(conditions: Element<'_>) -> Result<Self, Refusal> {
        let mut read = Self {
            not_before: conditions.time("NotBefore")?,
            not_on_or_after: conditions.time("NotOnOrAfter")?,
            audience_restrictions: Vec::new(),
        };
        let mut parts = conditions.sequence()?;
        while let Some(condition) = parts.any() {
            if condition.is(AUDIENCE_RESTRICTION) {
                read.audience_restrictions.push(audiences(condition)?);
            } else if !condition.is(ONE_TIME_USE) && !condition.is(PROXY_RESTRICTION) {
                return Err(Refusal::ConditionUnknown);
            }
        }
        Ok(read)
    }
}

fn audiences(restriction: Element<'_>) -> Result<Vec<String>, Refusal> {
    let mut parts = restriction.sequence()?;
    let mut audiences = Vec::new();
    while let Some(audience) = parts.optional(AUDIENCE) {
        audiences.push(audience.token_text()?.into_owned());
    }
    parts.end()?;
    Ok(audiences)
}
