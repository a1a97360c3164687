//! What people paste instead of metadata, and what they can do about it.

use saml_verify::error::Refusal;

use crate::config::parse::Config;
use crate::model::paths::PREFIX;

/// Text that is recognised as something else than the metadata of an IdP. Usable metadata is none
/// of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistaken {
    #[error(
        "This is the address of metadata and not the metadata itself. Enter it below, as the \
         metadata address"
    )]
    Address,
    #[error(
        "This is only a certificate. The metadata contains it, and more. In Entra ID, download the \
         “Federation Metadata XML”"
    )]
    Certificate,
    #[error(
        "This is our own metadata, which your identity provider can read. Paste the metadata that \
         your identity provider offers"
    )]
    Ours,
    #[error(
        "This is not the document itself: XML begins with “<”. If a browser shows the document, \
         save it as a file and choose the file"
    )]
    Text,
}

impl Mistaken {
    /// What `text` is, which was refused as metadata, if it is recognised.
    pub(crate) fn of(text: &str, refusal: Refusal, config: &Config) -> Option<Self> {
        let begins = |with: &str| {
            text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
        };
        let is_ours = || text.contains(&format!("{}{PREFIX}", config.base_url()));
        match refusal {
            Refusal::IdpRoleMissing if is_ours() => Some(Self::Ours),
            Refusal::XmlMalformed { .. } if begins("https://") || begins("http://") => {
                Some(Self::Address)
            }
            Refusal::XmlMalformed { .. } if begins("-----BEGIN") => Some(Self::Certificate),
            Refusal::XmlMalformed { .. } if !begins("<") => Some(Self::Text),
            _ => None,
        }
    }
}
