//! The last refresh of an account's metadata from its URL, and metadata that is staged: one row.

use crate::encoding::base64url_encode;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::cause::Cause;
use crate::ledger::audit::entry::{AuditEntry, Certificates};
use crate::ledger::audit::record::AuditRecord;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::model::metadata::is_alike;
use crate::model::stored::Stored;

/// For how many seconds the same outcome is not written again: a message that the queue delivers
/// twice writes nothing, and a page still shows the day of the last refresh.
pub(crate) const PAUSE: i64 = 20 * 60 * 60;

/// What became of an account's `metadata_url`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshState {
    /// The last refresh.
    pub last: Option<LastRefresh>,
    /// What was published, was not accepted, and may have been dismissed.
    pub staged: Option<Staged>,
}

impl RefreshState {
    /// The state to keep instead of `kept`, and whether staged metadata changed with it. A refresh
    /// that began before a dismissal does not undo it.
    pub fn merged_over(mut self, kept: &Self) -> (Self, bool) {
        let known = kept.staged.as_ref();
        if let Some(staged) = &mut self.staged {
            staged.is_dismissed |= known.is_some_and(|it| it.id == staged.id && it.is_dismissed);
        }
        let state = |it: Option<&Staged>| it.map(|it| (it.id.clone(), it.is_dismissed));
        let is_news = state(known) != state(self.staged.as_ref());
        (self, is_news)
    }
}

/// A refresh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRefresh {
    /// When, in Unix seconds.
    pub at: i64,
    /// [`crate::account::refresh::Refreshed::code`].
    pub code: String,
}

impl LastRefresh {
    /// Whether `next` says more than this does.
    pub(crate) fn is_followed_by(&self, next: &Self) -> bool {
        self.code != next.code || next.at.saturating_sub(self.at) >= PAUSE
    }
}

/// Metadata that was published and waits for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// A digest of the URL, of the metadata in force and of what would take its place: an approval
    /// names it, and after any other change of trust it is no longer valid.
    pub id: String,
    /// Where.
    pub url: String,
    /// What.
    pub metadata: String,
    /// Since when, in Unix seconds.
    pub at: i64,
    /// Whether somebody has said no.
    pub is_dismissed: bool,
}

impl Staged {
    pub(crate) fn new(url: &str, in_force: &str, metadata: String, now: UnixTime) -> Self {
        let id = digest(url, in_force, &metadata);
        Self { id, url: url.to_owned(), metadata, at: now.seconds(), is_dismissed: false }
    }

    /// Whether it is of what is published at `url` instead of what is `in_force`.
    pub(crate) fn is_of(&self, url: &str, in_force: &str) -> bool {
        self.url == url && self.id == digest(url, in_force, &self.metadata)
    }

    /// Whether it says the same as what was `found`.
    pub(crate) fn says(&self, found: &IdpMetadata) -> bool {
        IdpMetadata::parse(&self.metadata).is_ok_and(|idp| is_alike(&idp, found))
    }
}

/// An address holds no line end, and of what follows it is not the length that counts but a digest.
pub(crate) fn digest(url: &str, in_force: &str, metadata: &str) -> String {
    let of = |text: &str| base64url_encode(&Sha256::digest(text));
    of(&[url, &of(in_force), &of(metadata)].join("\n"))
}

/// Whether `text` could be a [`Staged::id`]: SHA-256 in base64url.
pub(crate) fn is_digest(text: &str) -> bool {
    let is_ours = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-');
    text.len() == 43 && text.bytes().all(is_ours)
}

#[derive(Deserialize)]
struct Row {
    last_at: Option<i64>,
    last_code: Option<String>,
    id: Option<String>,
    url: Option<String>,
    metadata: Option<String>,
    at: Option<i64>,
    is_dismissed: Option<i64>,
}

impl From<Row> for RefreshState {
    fn from(row: Row) -> Self {
        let Row { last_at, last_code, id, url, metadata, at, is_dismissed } = row;
        let last = last_at.zip(last_code).map(|(at, code)| LastRefresh { at, code });
        let staged = || {
            let is_dismissed = is_dismissed? != 0;
            Some(Staged { id: id?, url: url?, metadata: metadata?, at: at?, is_dismissed })
        };
        Self { last, staged: staged() }
    }
}

/// Forgets it. Returns whether something was staged.
pub(crate) fn forget(db: &dyn Database) -> Result<bool, Fault> {
    Ok(db.text("DELETE FROM following RETURNING id", &[])?.is_some())
}

/// Asks what became of the account's `metadata_url`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindRefreshState;

impl Call for FindRefreshState {
    type Reply = RefreshState;
    const NAME: &'static str = "following";
    const REPLY: &'static [&'static str] = &["following"];
}

impl Query for FindRefreshState {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let row = db.row::<Row>("SELECT * FROM following", &[])?;
        Ok(row.map(RefreshState::from).unwrap_or_default())
    }
}

/// Keeps what became of it instead of what was kept before. That metadata was staged or dismissed
/// is recorded once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Follow {
    #[serde(rename = "following")]
    pub(crate) state: RefreshState,
    /// How it is recorded that something was staged or dismissed, if it was.
    #[serde(rename = "noted")]
    pub(crate) record: Option<AuditRecord>,
    /// What is in force instead.
    #[serde(default)]
    pub(crate) in_force: InForce,
}

/// What is in force, for what the audit log says of metadata that may take its place.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct InForce {
    /// [`Stored::revision`].
    revision: String,
    certificates: Certificates,
}

impl InForce {
    pub(crate) fn of(stored: &Stored) -> Self {
        let certificates = Certificates::of(stored.metadata.as_deref());
        Self { revision: stored.revision(), certificates }
    }

    /// The entry of what was staged, or dismissed, in place of this.
    fn entry(self, staged: &Staged, cause: Cause<'_>) -> AuditEntry {
        let is_dismissed = staged.is_dismissed;
        let action = if is_dismissed { Action::MetadataDismissed } else { Action::MetadataStaged };
        let bare = AuditEntry::new(action, cause);
        AuditEntry { before: Some(self.revision), ..bare }
            .with_certificates(self.certificates, Certificates::of(Some(&staged.metadata)))
    }
}

impl Call for Follow {
    type Reply = ();
    const NAME: &'static str = "follow";
    const REPLY: &'static [&'static str] = &["followed"];
}

impl Query for Follow {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { state, record, in_force } = self;
        let (RefreshState { last, staged }, is_news) =
            state.merged_over(&FindRefreshState.run(db)?);
        if let (Some(record), Some(staged), true) = (record, &staged, is_news) {
            record.write(db, |cause| in_force.entry(staged, cause))?;
        }
        let (last, staged) = (last.as_ref(), staged.as_ref());
        let insert = "INSERT OR REPLACE INTO following \
                      (only, last_at, last_code, id, url, metadata, at, is_dismissed) \
                      VALUES (1, ?, ?, ?, ?, ?, ?, ?)";
        let row = [
            last.map(|it| it.at).into(),
            last.map(|it| it.code.as_str()).into(),
            staged.map(|it| it.id.as_str()).into(),
            staged.map(|it| it.url.as_str()).into(),
            staged.map(|it| it.metadata.as_str()).into(),
            staged.map(|it| it.at).into(),
            staged.map(|it| i64::from(it.is_dismissed)).into(),
        ];
        db.run(insert, &row)
    }
}
