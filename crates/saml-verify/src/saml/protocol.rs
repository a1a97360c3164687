//! What all protocol messages share (Core §3.2).

use crate::error::Refusal;
use crate::xml::element::Element;
use crate::xml::name::STATUS_CODE;
pub(crate) const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// An Issuer's entity id (Core §2.2.5). Profiles §4.1.4.2 allows no Format but `entity`.
pub(crate) fn read_issuer(issuer: Element<'_>) -> Result<String, Refusal> {
    if issuer.token("Format").is_some_and(|format| format != ENTITY) {
        return Err(Refusal::IssuerFormat);
    }
    Ok(issuer.text()?.into_owned())
}

pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Core §2.3.3, §3.2.2: @Version is `2.0`.
pub(crate) fn require_version_2(element: Element<'_>) -> Result<(), Refusal> {
    if element.attribute("Version") != Some("2.0") {
        return Err(Refusal::VersionUnsupported);
    }
    Ok(())
}

pub(crate) fn require_success(status: Element<'_>) -> Result<(), Refusal> {
    is_success(status)?.then_some(()).ok_or(Refusal::StatusNotSuccess)
}

/// Core §3.2.2.2: the top-level StatusCode.
pub(crate) fn is_success(status: Element<'_>) -> Result<bool, Refusal> {
    let code = status.sequence()?.required(STATUS_CODE)?;
    Ok(code.token("Value").as_deref() == Some(SUCCESS))
}
