//! What people paste in place of metadata, and what they can do instead.

use saml_verify::error::Refusal;

use crate::config::parse::Config;
use crate::model::paths::PREFIX;

/// Something else than the metadata of an IdP, by its look alone: whatever can be used is none of
/// these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistaken {
    #[error(
        "This is the address of metadata and not the metadata itself. Give it below, as the metadata \
         address"
    )]
    Address,
    #[error(
        "This is a certificate alone, which the metadata has in it among other things. In Entra ID, take \
         the “Federation Metadata XML”"
    )]
    Certificate,
    #[error(
        "These are our own values, which your identity provider can read. Paste the metadata that it \
         offers itself"
    )]
    Ours,
    #[error(
        "This is not the document itself: XML begins with “<”. Where a browser shows it, save it as a \
         file and choose that"
    )]
    Text,
}

impl Mistaken {
    /// What `text` looks like, which was refused as metadata.
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
