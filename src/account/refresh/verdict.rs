//! What is published, against what is in force.

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::model::metadata::is_alike;
use crate::model::new_certificates::NewCertificates;

/// How many seconds before it is over metadata is replaced by what says the same for longer. Not
/// each time: some IdPs say a new `validUntil` whenever they are asked, and every change is a
/// version.
const AHEAD: i64 = 3 * 24 * 60 * 60;

/// What is to become of what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accept,
    Stage,
    Unchanged,
}

impl Verdict {
    /// `in_force` is `None` if it cannot be read: then it is not known whom it trusted.
    pub(super) fn of(
        in_force: Option<&IdpMetadata>,
        found: &IdpMetadata,
        choice: NewCertificates,
        now: UnixTime,
    ) -> Self {
        let Some(in_force) = in_force else { return Self::Stage };
        if is_alike(in_force, found) {
            return if is_better(in_force, found, now) { Self::Accept } else { Self::Unchanged };
        }
        let is_same_idp = in_force.entity_id() == found.entity_id();
        match choice {
            NewCertificates::Accept if is_same_idp => Self::Accept,
            NewCertificates::Accept | NewCertificates::Approve => Self::Stage,
        }
    }
}

/// Whether what is found should stand in for what is in force although both trust the same.
fn is_better(in_force: &IdpMetadata, found: &IdpMetadata, now: UnixTime) -> bool {
    let is_ending = in_force.valid_until().is_some_and(|until| now.plus(AHEAD) >= until);
    is_ending && found.valid_until().is_none_or(|it| Some(it) > in_force.valid_until())
}
