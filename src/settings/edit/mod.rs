//! A change of the settings, as a form requests it.

pub(crate) mod invalid;

use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde_json::Map;

use crate::account::addresses::Addresses;
use crate::account::refresh::following;
use crate::config::parse::Config;
use crate::error::Fault;
use crate::error::settings::InvalidSettings;
use crate::http::form::OwnForm;
use crate::limits::STORED_METADATA_OCTETS;
use crate::model::account_id::AccountId;
use crate::model::email::is_domain;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::{AccountSettings, IdpInitiated};
use crate::model::stored::Stored;
use crate::settings::edit::invalid::{EditError, InvalidEdit};
use crate::settings::mistaken::Mistaken;

/// The change that a form requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Approves staged metadata, by its id.
    Approve(String),
    /// Chooses what becomes of IdP-initiated logins, and the e-mail domains.
    Choices {
        /// The value of the setting.
        idp_initiated: String,
        /// As typed.
        domains: String,
    },
    /// Deletes the metadata, and so switches single sign-on off.
    Delete,
    /// Sets our entity id as typed; to the default if it is empty.
    EntityId(String),
    /// Follows a metadata address; stops following one if it is empty.
    Follow {
        /// As typed.
        url: String,
        /// What becomes of new certificates there.
        new_certificates: NewCertificates,
        /// The metadata that was fetched from there; `None` before that.
        metadata: Option<String>,
    },
    /// Stores metadata that was pasted or uploaded, and stops following an address.
    Metadata(String),
    /// Restores the metadata of an earlier version, by its id.
    Restore(String),
}

impl Edit {
    pub(crate) fn read(form: &OwnForm) -> Option<Self> {
        let field = |name| form.field(name).unwrap_or_default().trim().to_owned();
        match form.field("edit")? {
            "approve" => Some(Self::Approve(field("staged"))),
            "choices" => Some(Self::Choices {
                idp_initiated: field("idp_initiated"),
                domains: field("domains"),
            }),
            "delete" => Some(Self::Delete),
            "entity_id" => Some(Self::EntityId(field("entity_id"))),
            "metadata_url" => Some(Self::Follow {
                url: field("metadata_url"),
                new_certificates: match &*field("new_certificates") {
                    "accept" => NewCertificates::Accept,
                    // Any other value is the stricter choice: certificates wait for approval.
                    _ => NewCertificates::Approve,
                },
                metadata: Some(plain(&field("metadata"))).filter(|xml| !xml.is_empty()),
            }),
            // A chosen file takes precedence over text that was pasted before.
            "metadata" => match field("metadata_file") {
                file if file.is_empty() => Some(Self::pasted(&field("metadata"))),
                file => Some(Self::pasted(&file)),
            },
            "restore" => Some(Self::Restore(field("version"))),
            _ => None,
        }
    }

    pub(crate) fn pasted(xml: &str) -> Self {
        Self::Metadata(plain(xml))
    }

    /// Follows `url`, from which `metadata` was fetched.
    pub(crate) fn found(url: &str, new_certificates: NewCertificates, metadata: &str) -> Self {
        Self::Follow { url: url.to_owned(), new_certificates, metadata: Some(plain(metadata)) }
    }

    /// The field of the page in which it was typed.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EntityId(_) => Some("entity_id"),
            Self::Follow { .. } => Some("metadata_url"),
            Self::Metadata(_) => Some("metadata"),
            Self::Approve(_) | Self::Choices { .. } | Self::Delete | Self::Restore(_) => None,
        }
    }

    /// The fields of a form that requests this change.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Approve(id) => vec![("edit", "approve"), ("staged", id)],
            Self::Choices { idp_initiated, domains } => {
                vec![("edit", "choices"), ("idp_initiated", idp_initiated), ("domains", domains)]
            }
            Self::Delete => vec![("edit", "delete")],
            Self::EntityId(id) => vec![("edit", "entity_id"), ("entity_id", id)],
            Self::Follow { url, new_certificates, metadata } => {
                let new = ("new_certificates", new_certificates.as_str());
                let metadata = metadata.as_ref().map(|xml| ("metadata", xml.as_str()));
                let fields = [("edit", "metadata_url"), ("metadata_url", url), new];
                fields.into_iter().chain(metadata).collect()
            }
            Self::Metadata(xml) => vec![("edit", "metadata"), ("metadata", xml)],
            Self::Restore(id) => vec![("edit", "restore"), ("version", id)],
        }
    }

    /// What would be stored after this change. Metadata that a login could not use is never stored
    /// from here.
    pub(crate) fn apply(
        &self,
        account: &AccountId,
        stored: &Stored,
        config: &Config,
        now: UnixTime,
    ) -> Result<Stored, EditError> {
        let mut next = stored.clone();
        match self {
            Self::Delete => {
                next = Stored { metadata: None, settings: following::unfollowed(stored)? };
            }
            // `resolve` has replaced these two, unless what they name is absent.
            Self::Approve(_) => return Err(InvalidEdit::StagedUnknown.into()),
            Self::Restore(_) => return Err(InvalidEdit::VersionUnknown.into()),
            Self::Follow { url, .. } if url.is_empty() => {
                next.settings = following::unfollowed(stored)?;
            }
            Self::Follow { url, new_certificates, metadata } => {
                if let Some(refusal) = metadata.as_deref().and_then(|xml| unreadable(xml, now)) {
                    return Err(InvalidEdit::Published(refusal).into());
                }
                let settings = following::following_url(stored, url, Some(*new_certificates))?;
                let metadata = metadata.clone().or(next.metadata);
                next = Stored { metadata, settings };
            }
            Self::Metadata(xml) if xml.is_empty() => return Err(InvalidEdit::MetadataAbsent.into()),
            Self::Metadata(xml) => {
                if let Some(refusal) = unreadable(xml, now) {
                    let mistaken = Mistaken::of(xml, refusal, config);
                    let invalid = InvalidEdit::Metadata(refusal);
                    return Err(mistaken.map_or(invalid, InvalidEdit::Mistaken).into());
                }
                let settings = following::unfollowed(stored)?;
                next = Stored { metadata: Some(xml.clone()), settings };
            }
            Self::EntityId(id) => {
                let value = (!id.is_empty()).then(|| id.as_str().into());
                next.settings = stored.settings_with([("entity_id", value)])?;
                require_usable(account, &next, config)?;
            }
            Self::Choices { idp_initiated, domains } => {
                let domains = listed(domains);
                if !domains.iter().all(|domain| is_domain(domain)) {
                    return Err(InvalidEdit::Domain.into());
                }
                let allowed = AccountSettings::stored(stored.settings.as_deref())?;
                let is_allowed = |it: &String| {
                    allowed.domains.as_ref().is_none_or(|allowed| allowed.contains(it))
                };
                if !domains.iter().all(is_allowed) {
                    return Err(InvalidEdit::DomainNotAllowed.into());
                }
                let chosen = IdpInitiated::parse(idp_initiated);
                let Some(chosen) = chosen.filter(|it| *it <= allowed.idp_initiated) else {
                    return Err(InvalidEdit::IdpInitiatedNotAllowed.into());
                };
                let mut choices = Map::new();
                // The widest choice follows what operators allow, now and later.
                if chosen != allowed.idp_initiated {
                    choices.insert("idp_initiated".to_owned(), chosen.as_str().into());
                }
                if !domains.is_empty() {
                    choices.insert("domains".to_owned(), domains.into());
                }
                let choices = (!choices.is_empty()).then(|| choices.into());
                next.settings = stored.settings_with([("choices", choices)])?;
            }
        }
        Ok(next)
    }
}

/// The text without a byte order mark and with `\n` as line end, which XML treats as equal
/// (XML §2.11, §4.3.3).
fn plain(xml: &str) -> String {
    let xml = xml.trim_start_matches('\u{feff}').trim();
    xml.replace("\r\n", "\n").replace('\r', "\n")
}

/// Why no login could use this metadata; `None` if it is usable.
fn unreadable(xml: &str, now: UnixTime) -> Option<Refusal> {
    if xml.len() > STORED_METADATA_OCTETS {
        return Some(Refusal::MessageTooLarge);
    }
    IdpMetadata::parse(xml).and_then(|idp| idp.require_unexpired(now)).err()
}

/// Denies an entity id that this account cannot have.
fn require_usable(account: &AccountId, next: &Stored, config: &Config) -> Result<(), EditError> {
    let settings = AccountSettings::stored(next.settings.as_deref());
    match settings.and_then(|settings| Addresses::of(account, &settings, config)) {
        Ok(_) => Ok(()),
        Err(Fault::SettingsInvalid(InvalidSettings::EntityId(reason))) => {
            Err(InvalidEdit::EntityId(reason).into())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The domains in `text`, each once.
fn listed(text: &str) -> Vec<String> {
    let mut domains: Vec<String> = Vec::new();
    for domain in text.split([' ', ',', ';', '\r', '\n', '\t']) {
        let domain = domain.strip_prefix('@').unwrap_or(domain).to_ascii_lowercase();
        if !domain.is_empty() && !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    domains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_domains_however_they_are_listed() {
        let domains = listed(" Acme.example,@b.example\r\n\r\nacme.example;\tc.example ");
        assert_eq!(domains, ["acme.example", "b.example", "c.example"]);
        assert!(listed(" \n").is_empty());
    }
}
