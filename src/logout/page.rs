//! Pages of signing out.

use askama::Template;
use saml_verify::saml::{IdpMetadata, LogoutAnswer};

use crate::config::brand::csp::source_of_url;
use crate::config::parse::Config;
use crate::error::Error;
use crate::error::advice::{Advice, Next};
use crate::http::answer::Answer;
use crate::http::failure;
use crate::http::links;
use crate::http::page::Page;
use crate::http::reply::Reply;
use crate::log;
use crate::model::account_id::AccountId;
use crate::session::issue::Session;

/// Asks before it signs out.
#[derive(Template)]
#[template(path = "sign_out.html", config = ".askama.toml")]
pub(crate) struct SignOutPage<'a> {
    pub(crate) session: &'a Session,
}

impl Page for SignOutPage<'_> {
    fn title(&self) -> &str {
        "Sign out"
    }
}

/// The user is signed out.
#[derive(Template)]
#[template(path = "signed_out.html", config = ".askama.toml")]
pub(crate) struct SignedOutPage {
    pub(crate) said: LogoutAnswer,
}

impl Page for SignedOutPage {
    fn title(&self) -> &str {
        "Signed out"
    }
}

/// Asks before it signs out.
pub(crate) fn sign_out_page(session: &Session, config: &Config) -> Answer {
    Answer::own_form_page(&SignOutPage { session }, config)
}

/// There was no session.
pub(crate) fn signed_out_page(said: LogoutAnswer) -> Answer {
    Answer::page(200, &SignedOutPage { said })
}

/// `answer`, which the IdP may show in a frame, as IdPs do that log out in several places at once.
pub(crate) fn framed_by(answer: Answer, idp: &IdpMetadata) -> Answer {
    let endpoints = idp.single_logout_services().iter();
    let sources = endpoints.filter_map(|it| source_of_url(it.location.url()));
    answer.framed_by(sources.reduce(|all, one| all + " " + &one))
}

/// Says what became of signing out.
pub(crate) fn failed(error: &Error, account: Option<&AccountId>, reference: &str) -> Reply {
    Reply {
        answer: failure::page(error, &on_logout(error), account, reference),
        log: log::LogLine::logout_failure(error, account, reference).line(),
    }
}

/// The advice where signing out failed.
pub(crate) fn on_logout(error: &Error) -> Advice {
    let (what, user) = match error {
        Error::Fault(_) | Error::Metadata(_) => (
            "Something on our side failed. This browser may be signed out while your session \
             lasts for some minutes more.",
            "Try again in a minute. On a device that is not yours, close the browser as well.",
        ),
        Error::Denied(_) | Error::Opened(_) | Error::Refused(_) => (
            "What your identity provider sent to sign you out cannot be read here, did not pass \
             our checks, or was used before. You may still be signed in.",
            "Sign out on this site’s own page.",
        ),
    };
    let (title, next) = ("We could not sign you out", Next::Logout);
    Advice { title, what, user, next, ..Advice::SEE_LOG }
}
