//! The pages, one template each. Templates escape whatever they are given.

use askama::Template;

use crate::service::advice::{Advice, Next};
use crate::service::session::Session;

/// The one style of all pages, kept inside of each: a page is one answer, whatever else is down.
pub(crate) const STYLE: &str = include_str!("pages/style.css");

/// Who is signed in.
#[derive(Template)]
#[template(path = "start.html", config = ".askama.toml")]
pub(crate) struct StartPage<'a> {
    pub(crate) session: &'a Session,
}

/// Asks for the account.
#[derive(Template)]
#[template(path = "login.html", config = ".askama.toml")]
pub(crate) struct LoginPage<'a> {
    pub(crate) return_to: &'a str,
    /// Whether what was typed is no account id.
    pub(crate) invalid: bool,
}

/// Why a login failed.
#[derive(Template)]
#[template(path = "problem.html", config = ".askama.toml")]
pub(crate) struct ProblemPage<'a> {
    pub(crate) advice: &'a Advice,
    pub(crate) account: Option<&'a str>,
    pub(crate) reference: &'a str,
}

/// One sentence.
#[derive(Template)]
#[template(path = "notice.html", config = ".askama.toml")]
pub(crate) struct NoticePage {
    pub(crate) title: &'static str,
}
