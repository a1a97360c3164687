//! What messages of single logout have in common: who sent them, and where to.

use crate::error::Refusal;
use crate::saml::logout::expected::ExpectedLogout;
use crate::saml::metadata::idp::IdpMetadata;
use crate::saml::protocol::{read_issuer, require_version_2};
use crate::xml::element::Element;
use crate::xml::name::ISSUER;

/// Entra's name in assertions, and in the documentation of its logout. Both end in the directory's
/// id.
const ENTRA: &str = "https://sts.windows.net/";
const ENTRA_LOGIN: &str = "https://login.microsoftonline.com/";

/// A signed message must have a Destination (Bindings §3.4.5.2, §3.5.5.2): otherwise one that was
/// meant for another service provider would be accepted here.
pub(super) fn require_head(
    root: Element<'_>,
    is_signed: bool,
    expected: &ExpectedLogout<'_>,
) -> Result<(), Refusal> {
    require_version_2(root)?;
    require_issuer(root, is_signed, expected)?;
    match root.token("Destination") {
        None if is_signed => Err(Refusal::DestinationMissing),
        Some(found) if !expected.addresses.iter().any(|it| *it == found) => {
            Err(Refusal::DestinationMismatch)
        }
        None | Some(_) => Ok(()),
    }
}

pub(super) fn require_issuer(
    root: Element<'_>,
    is_signed: bool,
    expected: &ExpectedLogout<'_>,
) -> Result<(), Refusal> {
    let issuer = root.sequence()?.optional(ISSUER).ok_or(Refusal::IssuerMissing)?;
    let issuer = read_issuer(issuer)?;
    let is_idp = names_idp(&issuer, expected.idp.entity_id(), is_signed);
    is_idp.then_some(()).ok_or(Refusal::IssuerMismatch)
}

/// Whether `issuer` is the IdP with this entity id, or Entra by its other name for the same
/// directory. That is no more than a name: the signature must hold under the account's own keys.
fn names_idp(issuer: &str, entity_id: &str, is_signed: bool) -> bool {
    let alias = || entity_id.strip_prefix(ENTRA) == issuer.strip_prefix(ENTRA_LOGIN);
    let has_alias = is_signed && entity_id.starts_with(ENTRA);
    issuer == entity_id || (has_alias && alias())
}

impl IdpMetadata {
    /// Whether a LogoutResponse may be sent to the IdP's SingleLogoutService. Entra's accepts
    /// LogoutRequests, and no answers to its own.
    pub fn accepts_logout_responses(&self) -> bool {
        !self.entity_id().starts_with(ENTRA)
    }
}
