//! Home realm discovery: from what somebody types on the login page to the account that is meant.
//!
//! An address is looked up in the directory, which every login writes, and by its domain, which
//! operators give to an account. Neither is trusted: all that comes of a wrong entry is that the
//! wrong IdP is asked, which vouches for its own account's users alone.
//!
//! What a stranger learns by typing addresses: one that is known is sent on to its IdP, as in every
//! home realm discovery, and one of several accounts shows their ids. Nothing is said of any other,
//! and a limit on the rate keeps lists of addresses from being tried.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;
use sha2::{Digest, Sha256};

use crate::service::Request;
use crate::service::account::AccountId;
use crate::service::body::Body;
use crate::service::claims::plain_email;
use crate::service::context::{Platform, Service};
use crate::service::directory::Directory;
use crate::service::error::{Error, Fault};
use crate::service::own_form::OwnForm;
use crate::service::store::Accounts;

/// The login page's form, as it came.
#[derive(Debug, Default)]
pub(crate) struct LoginForm {
    /// What was typed.
    pub(crate) login: String,
    /// The account that was chosen of several.
    account: Option<String>,
    /// Whether the remembered account is to be forgotten.
    pub(crate) forget: bool,
    /// Where to go after the login: text that nobody has looked at.
    pub(crate) return_to: Option<String>,
}

impl LoginForm {
    /// Reads the form. It is posted, so that no address of a person stands in a query, a history or
    /// a log.
    pub(crate) async fn read(request: &Request<'_>, body: impl Body) -> Result<Self, Error> {
        let form = OwnForm::read(request, body).await?;
        let text = |name| form.field(name).map(str::to_owned);
        Ok(Self {
            login: form.field("login").unwrap_or_default().trim().to_owned(),
            account: text("account"),
            forget: form.field("forget").is_some(),
            return_to: text("return_to"),
        })
    }

    /// What it names, if anything.
    pub(crate) fn names(&self) -> Option<Named> {
        if let Some(account) = &self.account {
            return AccountId::parse(account).map(Named::Account);
        }
        if self.login.contains('@') {
            return Email::parse(&self.login).map(Named::Email);
        }
        AccountId::parse(&self.login).map(Named::Account)
    }
}

/// What a login form names.
#[derive(Debug)]
pub(crate) enum Named {
    Account(AccountId),
    Email(Email),
}

/// A plain e-mail address, of which the directory never sees more than a digest.
#[derive(Debug)]
pub(crate) struct Email(String);

impl Email {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        plain_email(text).map(|email| Self(email.to_ascii_lowercase()))
    }

    /// SHA-256 in hexadecimal: whoever lists the keys of the store reads no addresses.
    pub(crate) fn digest(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }

    fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// The accounts with single sign-on that `email` may mean. The one that an operator gave the
/// domain to comes first and is always among them, whatever other accounts' IdPs have asserted.
pub(crate) async fn accounts_of(
    cx: &Service<'_, impl Platform>,
    email: &Email,
    now: UnixTime,
) -> Result<Vec<AccountId>, Fault> {
    let known = cx.accounts.known(&email.digest(), Some(email.domain())).await?;
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
    let known = cx.accounts.known(&digest, None).await?;
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
    let known = cx.accounts.known(&digest, None).await?;
    let rest = Directory::read(known.directory.as_deref()).without(account, now);
    write_entry(cx, &digest, &rest, now).await
}

async fn write_entry(
    cx: &Service<'_, impl Platform>,
    digest: &str,
    entry: &Directory,
    now: UnixTime,
) -> Result<(), Fault> {
    match entry.written(now) {
        Some((text, lasts)) => cx.accounts.enter(digest, &text, lasts).await,
        None => cx.accounts.leave(digest).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(login: &str) -> Option<Named> {
        LoginForm { login: login.to_owned(), ..LoginForm::default() }.names()
    }

    #[test]
    fn tells_addresses_from_account_ids() {
        assert!(matches!(named("acme"), Some(Named::Account(id)) if id.as_str() == "acme"));
        let Some(Named::Email(email)) = named("Ada@ACME.example") else { panic!("an address") };
        assert_eq!((&*email.0, email.domain()), ("ada@acme.example", "acme.example"));
        for neither in ["", "a b", "a.b", "@", "a@", "@b", "a@b@c", "a@b c", "\u{e4}@b.example"] {
            assert!(named(neither).is_none(), "{neither}");
        }
    }

    /// `printf %s ada@acme.example | sha256sum`
    #[test]
    fn looks_addresses_up_by_their_digest() {
        let email = Email::parse("ADA@acme.example").unwrap();
        assert_eq!(
            email.digest(),
            "2a1322415fff1b1aceaebe7855b2c5bd6e9efa5e787d46391f971aea65062ce3"
        );
    }
}
