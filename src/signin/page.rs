//! Pages on which a login begins.

use askama::Template;

use crate::http::links;
use crate::http::page::Page;
use crate::model::account_id::AccountId;

/// Asks who wants in.
#[derive(Template)]
#[template(path = "login.html", config = ".askama.toml")]
pub(crate) struct LoginPage<'a> {
    /// The account that this device remembers, and its login.
    pub(crate) known: Option<(&'a AccountId, String)>,
    pub(crate) return_to: &'a str,
    /// What was typed before, which its writer gets back to mend.
    pub(crate) typed: &'a str,
    pub(crate) unread: Option<Unread>,
}

impl Page for LoginPage<'_> {
    fn title(&self) -> &str {
        if self.unread.is_some() { "Problem: Sign in" } else { "Sign in" }
    }
}

/// Why nothing can be done with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    Account,
    Email,
    Nothing,
}

impl Unread {
    pub(crate) fn of(typed: &str) -> Self {
        match typed.trim() {
            "" => Self::Nothing,
            typed if typed.contains('@') => Self::Email,
            _ => Self::Account,
        }
    }
}

/// Where to begin when the address does not tell. Whether it is known is not said.
#[derive(Template)]
#[template(path = "first.html", config = ".askama.toml")]
pub(crate) struct FirstPage<'a> {
    pub(crate) return_to: &'a str,
}

impl Page for FirstPage<'_> {
    fn title(&self) -> &str {
        "Where to sign in"
    }
}

/// Asks which of several accounts is meant.
#[derive(Template)]
#[template(path = "choice.html", config = ".askama.toml")]
pub(crate) struct ChoicePage<'a> {
    /// Only ids: enough to choose, and no more for a visitor who typed another user's address.
    pub(crate) accounts: &'a [AccountId],
    /// The address, for the IdP to be told of.
    pub(crate) login: &'a str,
    pub(crate) return_to: &'a str,
}

impl Page for ChoicePage<'_> {
    fn title(&self) -> &str {
        "Choose an account"
    }
}
