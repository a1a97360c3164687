//! What the forms of the settings hold, and what is said about it.

use crate::model::new_certificates::NewCertificates;
use crate::settings::edit::Edit;
use crate::settings::edit::unfit::Unfit;
use crate::settings::view::settings::SettingsView;

/// The contents of all fields: what is stored, or what was typed and must be mended.
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

/// One thing to say at the top of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    /// The field that it is about.
    pub(crate) field: Option<&'static str>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Done,
    Problem,
    /// Signing in once more mends it.
    Stale,
}

impl Notice {
    fn new(kind: Kind, text: &str) -> Self {
        Self { text: text.to_owned(), field: None, kind }
    }

    /// What was done, as the address says it.
    pub(crate) fn of_deed(done: &str) -> Option<Self> {
        let text = match done {
            "dismissed" => {
                "Dismissed. It is shown again only where something else is published, or trusted."
            }
            "looked" => "We have just looked at the address.",
            "saved" => "Your change is saved.",
            _ => return None,
        };
        Some(Self::new(Kind::Done, text))
    }

    pub(crate) fn of_unfit(unfit: &Unfit) -> Self {
        let field = match unfit {
            Unfit::Domain | Unfit::DomainNotAllowed => Some("domains"),
            Unfit::EntityId(_) => Some("entity_id"),
            Unfit::EntityIdTaken(field) => *field,
            Unfit::Address(_) | Unfit::AddressAbsent | Unfit::Published(_) => Some("metadata_url"),
            Unfit::Metadata(_) | Unfit::MetadataAbsent | Unfit::Mistaken(_) => Some("metadata"),
            Unfit::IdpInitiatedNotAllowed
            | Unfit::StagedUnknown
            | Unfit::TooOften(_)
            | Unfit::VersionUnknown => None,
        };
        Self { field, ..Self::new(Kind::Problem, &unfit.to_string()) }
    }

    /// The sign-in is too old to change anything.
    pub(crate) fn stale() -> Self {
        let text = "You signed in too long ago to change how this account signs in. What you have \
                    typed is still here: sign in once more in a new tab, then send it again.";
        Self::new(Kind::Stale, text)
    }

    /// The form is of another sign-in than this one.
    pub(crate) fn of_old_form() -> Self {
        let text = "You have signed in anew since this form was shown. What you have typed is still \
                    here: look at it, and send it again.";
        Self::new(Kind::Problem, text)
    }

    pub(crate) fn unchanged() -> Self {
        Self::new(Kind::Done, "That is what is stored already. Nothing was changed.")
    }

    pub(crate) fn is_about(&self, field: &str) -> bool {
        self.field == Some(field)
    }
}
