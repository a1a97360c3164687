//! What waits at an address.

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encoding::base64url_encode;
use crate::model::metadata::is_alike;
/// For how many seconds the same outcome is not written down again: a message that the queue delivers
/// twice writes nothing, and a page still says on which day somebody looked.
pub(crate) const PAUSE: i64 = 20 * 60 * 60;

/// What became of an account's `metadata_url`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// The last refresh.
    pub last: Option<LastRefresh>,
    /// What was published, was not accepted, and may have been dismissed.
    pub staged: Option<Staged>,
}

impl Following {
    /// What a ledger keeps instead of what it has `kept`, and whether that is news of what waits. Somebody's no
    /// is not unsaid by a refresh that began before it.
    pub fn instead_of(mut self, kept: &Self) -> (Self, bool) {
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
    /// A digest of the address, of what was in force and of what would take its place: whoever approves
    /// says of what, and after any other change of trust it has to be found anew.
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
