//! The text in the forms of the settings, and the notice about it.

use crate::model::new_certificates::NewCertificates;
use crate::settings::edit::Edit;
use crate::settings::edit::invalid::InvalidEdit;
use crate::settings::view::settings::SettingsView;

/// The text of all fields: what is stored, or what was typed and must be corrected.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) metadata: String,
    pub(crate) metadata_url: String,
    pub(crate) new_certificates: NewCertificates,
    pub(crate) entity_id: String,
    /// As the settings say it.
    pub(crate) idp_initiated: String,
    pub(crate) domains: String,
}

impl Typed {
    pub(crate) fn of(view: &SettingsView, typed: Option<&Edit>) -> Self {
        let settings = &view.settings;
        let stored = Self {
            metadata: String::new(),
            metadata_url: settings.metadata_url.clone().unwrap_or_default(),
            new_certificates: settings.new_certificates,
            entity_id: settings.entity_id.clone().unwrap_or_default(),
            idp_initiated: settings.idp_initiated().as_str().to_owned(),
            domains: settings.choices.domains.as_deref().unwrap_or_default().join("\n"),
        };
        match typed {
            Some(Edit::Choices { idp_initiated, domains }) => {
                Self { idp_initiated: idp_initiated.clone(), domains: domains.clone(), ..stored }
            }
            Some(Edit::EntityId(id)) => Self { entity_id: id.clone(), ..stored },
            Some(Edit::Follow { url, new_certificates, .. }) => {
                Self { metadata_url: url.clone(), new_certificates: *new_certificates, ..stored }
            }
            Some(Edit::Metadata(xml)) => Self { metadata: xml.clone(), ..stored },
            Some(Edit::Approve(_) | Edit::Delete | Edit::Restore(_)) | None => stored,
        }
    }
}

/// The notice at the top of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    /// The field that the notice is about.
    pub(crate) field: Option<&'static str>,
    pub(crate) kind: NoticeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeKind {
    Done,
    Problem,
    /// A new sign-in is needed.
    Stale,
}

impl Notice {
    fn new(kind: NoticeKind, text: &str) -> Self {
        Self { text: text.to_owned(), field: None, kind }
    }

    /// What was done, by the key in the address.
    pub(crate) fn of_outcome_key(done: &str) -> Option<Self> {
        let text = match done {
            "dismissed" => {
                "Dismissed. It is shown again only if something else is published or trusted."
            }
            "looked" => "We have just fetched from the address.",
            "saved" => "Your change is saved.",
            _ => return None,
        };
        Some(Self::new(NoticeKind::Done, text))
    }

    pub(crate) fn of_invalid(invalid: &InvalidEdit) -> Self {
        let field = match invalid {
            InvalidEdit::Domain | InvalidEdit::DomainNotAllowed => Some("domains"),
            InvalidEdit::EntityId(_) => Some("entity_id"),
            InvalidEdit::EntityIdTaken(field) => *field,
            InvalidEdit::Address(_) | InvalidEdit::AddressAbsent | InvalidEdit::Published(_) => {
                Some("metadata_url")
            }
            InvalidEdit::Metadata(_) | InvalidEdit::MetadataAbsent | InvalidEdit::Mistaken(_) => {
                Some("metadata")
            }
            InvalidEdit::IdpInitiatedNotAllowed
            | InvalidEdit::StagedUnknown
            | InvalidEdit::TooOften(_)
            | InvalidEdit::VersionUnknown => None,
        };
        Self { field, ..Self::new(NoticeKind::Problem, &invalid.to_string()) }
    }

    /// The sign-in is too old to change anything.
    pub(crate) fn stale() -> Self {
        let text = "You signed in too long ago to change how this account signs in. What you have \
                    typed is still here: sign in again in a new tab, then send it again.";
        Self::new(NoticeKind::Stale, text)
    }

    /// The form was shown to another sign-in.
    pub(crate) fn of_old_form() -> Self {
        let text = "You have signed in again since this form was shown. What you have typed is \
                    still here: check it, and send it again.";
        Self::new(NoticeKind::Problem, text)
    }

    pub(crate) fn unchanged() -> Self {
        Self::new(NoticeKind::Done, "This is already stored. Nothing was changed.")
    }

    pub(crate) fn is_about(&self, field: &str) -> bool {
        self.field == Some(field)
    }
}
