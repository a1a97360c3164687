//! What the directory has for one e-mail address: the accounts that it signed in to, each until its
//! time is up. An entry ends with the last of them.

use std::time::Duration;

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::limits::{ACCOUNTS_OF_EMAIL, ENTRY_AGE, ENTRY_RENEWAL};
use crate::model::account_id::AccountId;
use crate::model::email::Email;
use crate::platform::accounts::Accounts;
use crate::platform::context::{Platform, Service};

/// The shortest time that KV keeps anything, in seconds. What has less is over.
const SHORTEST: i64 = 60;

/// An entry. Those that signed in last come last.
#[derive(Debug, Default)]
pub(crate) struct Directory(Vec<Line>);

#[derive(Debug)]
struct Line {
    account: AccountId,
    /// When a login wrote it; `None` where that was before times were written.
    seen: Option<i64>,
}

impl Line {
    fn lasts(&self, now: UnixTime) -> i64 {
        let seen = self.seen.unwrap_or_else(|| now.seconds());
        seen.saturating_add(ENTRY_AGE).saturating_sub(now.seconds())
    }

    fn is_over(&self, now: UnixTime) -> bool {
        self.lasts(now) < SHORTEST
    }

    fn is_fresh(&self, now: UnixTime) -> bool {
        self.seen.is_some_and(|seen| now.seconds() < seen.saturating_add(ENTRY_RENEWAL))
    }
}

/// A line, and how it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Dated { account: String, seen: i64 },
    Undated(String),
}

impl Written {
    fn line(self) -> Option<Line> {
        let (account, seen) = match self {
            Self::Dated { account, seen } => (account, Some(seen)),
            Self::Undated(account) => (account, None),
        };
        Some(Line { account: AccountId::parse(&account)?, seen })
    }
}

impl Directory {
    /// Reads an entry. One that cannot be read is none: it is written anew.
    pub(crate) fn read(json: Option<&str>) -> Self {
        let lines: Vec<Written> =
            json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        Self(lines.into_iter().filter_map(Written::line).take(ACCOUNTS_OF_EMAIL).collect())
    }

    /// The accounts whose time is not up.
    pub(crate) fn accounts(self, now: UnixTime) -> impl Iterator<Item = AccountId> {
        self.0.into_iter().filter(move |line| !line.is_over(now)).map(|line| line.account)
    }

    /// The entry after a login to `account`; `None` where what there is says it well enough. Beyond
    /// [`ACCOUNTS_OF_EMAIL`] the oldest goes.
    pub(crate) fn with(self, account: &AccountId, now: UnixTime) -> Option<Self> {
        if self.0.iter().any(|line| line.account == *account && line.is_fresh(now)) {
            return None;
        }
        let mut entry = self.without(account, now);
        entry.0.push(Line { account: account.clone(), seen: Some(now.seconds()) });
        let oldest = entry.0.len().saturating_sub(ACCOUNTS_OF_EMAIL);
        entry.0.drain(..oldest);
        Some(entry)
    }

    /// The entry without `account`, and without those whose time is up.
    pub(crate) fn without(mut self, account: &AccountId, now: UnixTime) -> Self {
        self.0.retain(|line| line.account != *account && !line.is_over(now));
        self
    }

    /// As it is written at `now`, and for how long it lasts from then; `None` where nothing is in
    /// it.
    pub(crate) fn written(&self, now: UnixTime) -> Option<(String, Duration)> {
        let lasts = self.0.iter().map(|line| line.lasts(now)).max()?;
        let written = |line: &Line| Written::Dated {
            account: line.account.to_string(),
            seen: line.seen.unwrap_or_else(|| now.seconds()),
        };
        let lines: Vec<_> = self.0.iter().map(written).collect();
        let text = serde_json::to_string(&lines).ok()?;
        Some((text, Duration::from_secs(lasts.unsigned_abs())))
    }
}

/// The accounts with single sign-on that `email` may mean. The one that an operator gave the
/// domain to comes first and is always among them, whatever other accounts' IdPs have asserted.
pub(crate) async fn accounts_of(
    cx: &Service<'_, impl Platform>,
    email: &Email,
    now: UnixTime,
) -> Result<Vec<AccountId>, Fault> {
    let known = cx.accounts.look_up(&email.digest(), Some(email.domain())).await?;
    let mut accounts: Vec<_> =
        known.domain.as_deref().and_then(AccountId::parse).into_iter().collect();
    for account in Directory::read(known.directory.as_deref()).accounts(now) {
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    let mut enabled = Vec::new();
    for account in accounts {
        if cx.accounts.stored(&account).await?.metadata.is_some() {
            enabled.push(account);
        }
    }
    Ok(enabled)
}

/// Adds `account` to the directory for `email`, where that does not say so yet, or has not been
/// told for long.
///
/// Two logins at once may both read and then write, and KV keeps the later: the other account
/// comes back at its next login.
pub(crate) async fn enter(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    email: &Email,
    now: UnixTime,
) -> Result<(), Fault> {
    let digest = email.digest();
    let known = cx.accounts.look_up(&digest, None).await?;
    match Directory::read(known.directory.as_deref()).with(account, now) {
        Some(entry) => write_entry(cx, &digest, &entry, now).await,
        None => Ok(()),
    }
}

/// Takes `account` out of the directory for `email`. It is written whatever was read: that may be
/// older than the entry.
pub(crate) async fn leave(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    email: &Email,
    now: UnixTime,
) -> Result<(), Fault> {
    let digest = email.digest();
    let known = cx.accounts.look_up(&digest, None).await?;
    let rest = Directory::read(known.directory.as_deref()).without(account, now);
    write_entry(cx, &digest, &rest, now).await
}

pub(crate) async fn write_entry(
    cx: &Service<'_, impl Platform>,
    digest: &str,
    entry: &Directory,
    now: UnixTime,
) -> Result<(), Fault> {
    match entry.written(now) {
        Some((text, lasts)) => cx.accounts.add_to_directory(digest, &text, lasts).await,
        None => cx.accounts.remove_from_directory(digest).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_795_514_400);

    fn ids(json: Option<&str>) -> Vec<String> {
        Directory::read(json).accounts(NOW).map(|id| id.to_string()).collect()
    }

    #[test]
    fn reads_what_it_can_of_an_entry() {
        assert_eq!(ids(Some(r#"["acme","a.b","beta"]"#)), ["acme", "beta"]);
        let dated = r#"["old",{"account":"acme","seen":1795514400},{"account":"a.b","seen":1}]"#;
        assert_eq!(ids(Some(dated)), ["old", "acme"]);
        for json in [None, Some(""), Some("acme"), Some("[1]"), Some("{}")] {
            assert!(ids(json).is_empty(), "{json:?}");
        }
    }

    #[test]
    fn each_account_has_a_time_of_its_own() {
        let over = NOW.seconds() - ENTRY_AGE + SHORTEST - 1;
        let json = format!(
            r#"[{{"account":"over","seen":{over}}},{{"account":"last","seen":{}}}]"#,
            over + 1
        );
        assert_eq!(ids(Some(&json)), ["last"]);
        let gone = AccountId::parse("gone").unwrap();
        let (text, lasts) = Directory::read(Some(&json)).without(&gone, NOW).written(NOW).unwrap();
        assert_eq!(text, format!(r#"[{{"account":"last","seen":{}}}]"#, over + 1));
        assert_eq!(lasts, Duration::from_secs(60));
    }
}
