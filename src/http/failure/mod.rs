//! What to tell people whose login failed: in their words, and nothing an attacker could use.

pub(crate) mod administrator;
pub(crate) mod advice;
pub(crate) mod phrases;
use askama::Template;
use saml_verify::error::Kind;
use serde::Serialize;

use crate::config::brand::Brand;
use crate::encoding::hex;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::failure::advice::{Advice, Next};
use crate::http::links;
use crate::http::page::Page;
use crate::http::reply::Reply;
use crate::log;
use crate::model::account_id::AccountId;

/// Why a login failed.
#[derive(Template)]
#[template(path = "problem.html", config = ".askama.toml")]
pub(crate) struct ProblemPage<'a> {
    pub(crate) advice: &'a Advice,
    pub(crate) account: Option<&'a AccountId>,
    pub(crate) reference: &'a str,
}

impl Page for ProblemPage<'_> {
    fn title(&self) -> &str {
        self.advice.title
    }
}

/// Every trust failure has one status, so that none can be told from another.
fn status(error: &Error) -> u16 {
    match error {
        Error::Denied(Denial::PathAmbiguous) => 400,
        Error::Denied(Denial::NotSignedIn) => 401,
        Error::Denied(Denial::SsoNotEnabled) => 404,
        Error::Denied(Denial::AccountChanged) => 409,
        Error::Denied(denial) if denial.retry_after().is_some() => 429,
        Error::Denied(_) => 403,
        Error::Fault(Fault::BodyUnreadable(_)) => 400,
        Error::Fault(Fault::LedgerUnreachable(_) | Fault::StoreUnreachable(_)) => 503,
        Error::Fault(Fault::OriginTimeout) => 504,
        Error::Fault(Fault::OriginUnreachable(_)) => 502,
        Error::Fault(_) | Error::Metadata(_) => 500,
        Error::Opened(_) => 403,
        Error::Refused(refusal) => match refusal.kind() {
            Kind::Malformed | Kind::Unsupported => 400,
            Kind::TooLarge => 413,
            Kind::Untrusted => 403,
            Kind::Metadata => 500,
        },
    }
}

/// What a program is told where a person would see a page.
pub(crate) fn json(error: &Error, reference: &str) -> Answer {
    #[derive(Serialize)]
    struct Failure<'a> {
        error: &'static str,
        reference: &'a str,
    }
    Answer::json(status(error), &Failure { error: error.code(), reference })
}

/// Says what happened and what to do, never which check failed.
pub(crate) fn answer(error: &Error, account: Option<&AccountId>, reference: &str) -> Answer {
    page(error, &Advice::on(error), account, reference)
}

pub(crate) fn page(
    error: &Error,
    advice: &Advice,
    account: Option<&AccountId>,
    reference: &str,
) -> Answer {
    let page = Answer::page(status(error), &ProblemPage { advice, account, reference });
    match error {
        Error::Denied(denial) => after(page, denial),
        Error::Fault(_) | Error::Metadata(_) | Error::Opened(_) | Error::Refused(_) => page,
    }
}

/// Says when to try again what is denied for a while.
pub(crate) fn after(answer: Answer, denial: &Denial) -> Answer {
    match denial.retry_after() {
        Some(seconds) => answer.with("retry-after", &seconds.to_string()),
        None => answer,
    }
}

/// The page for `error`, and its line of the log.
pub(crate) fn reply(error: &Error, account: Option<&AccountId>, reference: &str) -> Reply {
    Reply {
        answer: answer(error, account, reference),
        log: log::LogLine::failure(error, account, reference).line(),
    }
}

/// The answer to a request that failed before there was a service to answer it.
pub fn fault_reply(fault: Fault, entropy: &Entropy) -> Reply {
    let Reply { answer, log } = reply(&fault.into(), None, &hex(&entropy.reference));
    Reply { answer: answer.dressed(&Brand::default()), log }
}
