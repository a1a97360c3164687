//! What was last fetched from the metadata address, in words.

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::account::refresh;
use crate::account::refresh::Refreshed;
use crate::error::Fault;
use crate::ledger::metadata::refresh_state::{LastRefresh, RefreshState, Staged};
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::settings::view::certificate::moment;
use crate::settings::view::certificate_change::{CertificateChange, certificates};

/// The metadata address and what was fetched from it.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) url: String,
    pub(crate) last: Option<LastFetch>,
    pub(crate) staged: Option<StagedView>,
}

/// The outcomes of fetching usable metadata.
const OUTCOMES: [(Refreshed, &str); 4] = [
    (Refreshed::Accepted, "What was new there is trusted now."),
    (Refreshed::Dismissed, "What is new there was dismissed."),
    (Refreshed::Staged, "Something new is published there."),
    (Refreshed::Unchanged, "It is what is trusted here."),
];

#[derive(Debug)]
pub(crate) struct LastFetch {
    pub(crate) at: String,
    /// `None` if nothing usable was fetched.
    pub(crate) outcome: Option<&'static str>,
    pub(crate) code: String,
}

/// Staged metadata, which waits for approval.
#[derive(Debug)]
pub(crate) struct StagedView {
    pub(crate) id: String,
    pub(crate) since: String,
    /// None if the certificates stay the same.
    pub(crate) certificates: Vec<CertificateChange>,
}

impl LastFetch {
    fn of(LastRefresh { at, code }: LastRefresh) -> Self {
        let outcome = OUTCOMES.iter().find(|(outcome, _)| outcome.code() == code);
        let outcome = outcome.map(|(_, words)| *words);
        Self { at: moment(UnixTime::from_seconds(at)), outcome, code }
    }
}

impl StagedView {
    fn of(staged: Staged, in_force: Option<&str>, now: UnixTime) -> Self {
        let read = |xml: &str| IdpMetadata::parse(xml).ok();
        let (before, after) = (in_force.and_then(read), read(&staged.metadata));
        Self {
            since: moment(UnixTime::from_seconds(staged.at)),
            certificates: certificates(before.as_ref(), after.as_ref(), now),
            id: staged.id,
        }
    }
}

/// The metadata address and what was last fetched from it; `None` if no address is followed.
pub(crate) async fn published(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    stored: &Stored,
    settings: &AccountSettings,
    now: UnixTime,
) -> Result<Option<Published>, Fault> {
    let Some(url) = settings.metadata_url.clone() else { return Ok(None) };
    let (RefreshState { last, .. }, staged) = refresh::staged(cx, account, stored).await?;
    let in_force = stored.metadata.as_deref();
    Ok(Some(Published {
        url,
        last: last.map(LastFetch::of),
        staged: staged.map(|it| StagedView::of(it, in_force, now)),
    }))
}
