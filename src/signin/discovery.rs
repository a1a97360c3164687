//! Home realm discovery: from what is typed on the login page to the account.
//!
//! An address is looked up in the directory, which every login writes, and by its domain, which
//! operators give to an account. Neither is trusted: all that comes of a wrong entry is that the
//! wrong IdP is asked, which vouches for its own account's users alone.
//!
//! What a stranger learns by typing addresses: one that is known is sent on to its IdP, as in every
//! home realm discovery, and one of several accounts shows their ids. Nothing is said of any other,
//! and a limit on the rate keeps lists of addresses from being tried.

use crate::error::Error;
use crate::http::form::OwnForm;
use crate::http::request::Request;
use crate::model::account_id::AccountId;
use crate::model::email::Email;
use crate::platform::body::Body;

/// The login page's form, as it came.
#[derive(Debug, Default)]
pub(crate) struct LoginForm {
    /// What was typed.
    pub(crate) login: String,
    /// The account that was chosen of several.
    account: Option<String>,
    /// Whether the remembered account is to be forgotten.
    pub(crate) forget: bool,
    /// Where to go after the login: text that is not validated.
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
