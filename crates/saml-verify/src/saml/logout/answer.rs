//! The IdP's LogoutResponse to a LogoutRequest of the service provider (Core §3.7.2).

use crate::error::Refusal;
use crate::saml::logout::expected::ExpectedLogout;
use crate::saml::logout::sender::require_head;
use crate::saml::logout::verified::Verified;
use crate::saml::protocol::is_success;
use crate::xml::element::Element;
use crate::xml::name::{LOGOUT_RESPONSE, STATUS, STATUS_CODE};

/// What the IdP says of a logout that the service provider began. Nothing depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// All sessions have ended.
    Everywhere,
    /// Sessions may be left elsewhere, or the answer is not signed.
    Unsure,
}

impl LogoutAnswer {
    pub(super) fn read(
        root: Element<'_>,
        verified: &Verified,
        expected: &ExpectedLogout<'_>,
    ) -> Result<Self, Refusal> {
        if !root.is(LOGOUT_RESPONSE) {
            return Err(Refusal::NotALogoutMessage);
        }
        require_head(root, verified.is_signed, expected)?;
        let status = root.children_named(STATUS).next().ok_or(Refusal::ElementMissing)?;
        let is_everywhere = is_success(status)? && !is_qualified(status);
        Ok(if is_everywhere { Self::Everywhere } else { Self::Unsure })
    }
}

/// Whether a second-level code stands below the top-level one. Beside Success that is
/// PartialLogout, which says that sessions are left elsewhere (Core §3.7.3.2), and nothing that is
/// clearly better.
fn is_qualified(status: Element<'_>) -> bool {
    let mut codes = status.children_named(STATUS_CODE);
    codes.any(|code| code.children_named(STATUS_CODE).next().is_some())
}
