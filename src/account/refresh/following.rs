//! The address that an account's metadata follows, and what became of that.

use std::iter;

use crate::error::Fault;
use crate::model::new_certificates::NewCertificates;
use crate::model::stored::Stored;

/// The settings of `stored`, whose metadata is to follow `url`; what becomes of new certificates
/// stays as it is without a `choice`.
pub(crate) fn following_url(
    stored: &Stored,
    url: &str,
    choice: Option<NewCertificates>,
) -> Result<Option<String>, Fault> {
    let choice = choice.map(|choice| {
        let is_default = choice == NewCertificates::default();
        ("new_certificates", (!is_default).then(|| choice.as_str().into()))
    });
    stored.settings_with(iter::once(("metadata_url", Some(url.into()))).chain(choice))
}

/// The settings of `stored`, whose metadata is to follow no address any more: where somebody says
/// what is trusted, the next refresh must not say otherwise.
pub(crate) fn unfollowed(stored: &Stored) -> Result<Option<String>, Fault> {
    match stored.settings_object()?.contains_key("metadata_url") {
        true => stored.settings_with([("metadata_url", None)]),
        false => Ok(stored.settings.clone()),
    }
}
