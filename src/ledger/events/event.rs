//! What the product hears of: users, logins that ended, and changes of accounts.
//!
//! Events are written in the step that they are about, and carried from there until the product has
//! taken them. Each has an id that stays the same however often it is carried.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encoding::base64url_encode;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::logins::users::KnownUser;
use crate::model::certificate_expiry::Expiry;

/// The login that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The account's id.
    pub account: String,
    /// Names the login in the log and on an error page.
    pub reference: String,
}

/// An event, as it is carried and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Always the same for the same event; no other has it.
    pub id: String,
    /// JSON, at most a few kilobytes: it holds no more of a user than a session's cookie does.
    pub body: String,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    r#type: &'a str,
    timestamp: Option<String>,
    data: Data<'a>,
}

#[derive(Clone, Copy, Serialize)]
struct Data<'a> {
    account: &'a str,
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Subject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a AuditEntry>,
}

/// Who an event is about.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Subject<'a> {
    Known(&'a KnownUser),
    Deleted { sub: &'a str },
}

impl<'a> Data<'a> {
    fn of(origin: &'a Origin) -> Self {
        let Origin { account, reference } = origin;
        Self { account, reference, code: None, user: None, change: None }
    }
}

impl Event {
    /// The events of the login that the assertion `assertion` made, in the order they happened:
    /// `before` was known of the user, and `after` is known now.
    pub fn of_login(
        origin: &Origin,
        assertion: &str,
        before: Option<&KnownUser>,
        after: &KnownUser,
    ) -> Vec<Self> {
        let change = match before {
            None => Some("user.created"),
            Some(before) if !before.is_called_as(after) => Some("user.updated"),
            Some(_) => None,
        };
        let now = UnixTime::from_seconds(after.last_login);
        let data = Data { user: Some(Subject::Known(after)), ..Data::of(origin) };
        let event = |kind| Self::new(kind, assertion, data, now);
        change.into_iter().chain(["login.succeeded"]).filter_map(event).collect()
    }

    /// The event of a login that was refused with `code`, although `assertion` is authentic. It has
    /// the same id each time that `assertion` is refused with the same code.
    pub fn of_refusal(origin: &Origin, assertion: &str, code: &str, now: UnixTime) -> Option<Self> {
        let data = Data { code: Some(code), ..Data::of(origin) };
        Self::new("login.refused", assertion, data, now)
    }

    /// The event of what was done to `account`.
    pub fn of_change(account: &str, entry: &AuditEntry) -> Option<Self> {
        let AuditEntry { action, reference, .. } = entry;
        let origin = Origin { account: account.to_owned(), reference: reference.clone() };
        let data = Data { change: Some(entry), ..Data::of(&origin) };
        let about = match &entry.expiry {
            // A ledger that has forgotten a certificate gives notice again, under the same id.
            Some(Expiry { certificate, days, .. }) => format!("{certificate}.{days}"),
            None => format!("{reference}.{}", entry.about()),
        };
        Self::new(action.as_str(), &about, data, UnixTime::from_seconds(entry.at))
    }

    /// The event of the user `sub`, who was erased as `entry` says.
    pub fn of_deletion(account: &str, entry: &AuditEntry, sub: &str) -> Option<Self> {
        let AuditEntry { action, reference, .. } = entry;
        let origin = Origin { account: account.to_owned(), reference: reference.clone() };
        let data = Data { user: Some(Subject::Deleted { sub }), ..Data::of(&origin) };
        let about = format!("{reference}.{sub}");
        Self::new(action.as_str(), &about, data, UnixTime::from_seconds(entry.at))
    }

    /// `about` is the assertion or the change: with it and the kind no event is written twice.
    fn new(kind: &str, about: &str, data: Data<'_>, now: UnixTime) -> Option<Self> {
        // None of them can hold a colon.
        let named = [data.account, about, kind, data.code.unwrap_or_default()].join(":");
        let id = format!("evt_{}", base64url_encode(&Sha256::digest(named)));
        let body = Body { id: &id, r#type: kind, timestamp: now.to_xml(), data };
        let body = serde_json::to_string(&body).ok()?;
        Some(Self { id, body })
    }

    /// An event that comes out of the queue, if it is one.
    pub fn parse(body: String) -> Option<Self> {
        #[derive(Deserialize)]
        struct Named {
            id: String,
        }
        let Named { id } = serde_json::from_str(&body).ok()?;
        // It becomes a header.
        let is_ours = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-');
        (!id.is_empty() && id.bytes().all(is_ours)).then_some(Self { id, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_ids_that_can_be_headers() {
        for body in [r#"{"id":"evt_a-Z9","type":"x"}"#, r#"{"type":"x","id":"e"}"#] {
            assert!(Event::parse(body.to_owned()).is_some(), "{body}");
        }
        for body in [
            "",
            "evt_a",
            "{}",
            r#"{"id":""}"#,
            r#"{"id":1}"#,
            r#"{"id":"a\r\nb"}"#,
            r#"{"id":"a b"}"#,
        ] {
            assert_eq!(Event::parse(body.to_owned()), None, "{body}");
        }
    }
}
