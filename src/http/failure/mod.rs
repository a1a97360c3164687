//! Answers to requests that failed, from the status and the words of the error.

use askama::Template;
use serde::Serialize;

use crate::config::brand::Brand;
use crate::encoding::hex;
use crate::error::advice::{Advice, Next};
use crate::error::{Error, Fault};
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
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

/// What a program is told where a person would see a page.
pub(crate) fn json(error: &Error, reference: &str) -> Answer {
    #[derive(Serialize)]
    struct Failure<'a> {
        error: &'static str,
        reference: &'a str,
    }
    Answer::json(error.status(), &Failure { error: error.code(), reference })
}

/// Says what happened and what to do, never which check failed.
pub(crate) fn answer(error: &Error, account: Option<&AccountId>, reference: &str) -> Answer {
    page(error, &error.advice(), account, reference)
}

pub(crate) fn page(
    error: &Error,
    advice: &Advice,
    account: Option<&AccountId>,
    reference: &str,
) -> Answer {
    let page = Answer::page(error.status(), &ProblemPage { advice, account, reference });
    after(page, error)
}

/// Says when to try again what is denied for a while.
pub(crate) fn after(answer: Answer, error: &Error) -> Answer {
    match error.retry_after() {
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
    Reply { answer: answer.with_layout(&Brand::default()), log }
}
