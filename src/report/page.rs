//! The page of a report.

use askama::Template;

use crate::http::answer::Answer;
use crate::http::links;
use crate::http::page::Page;
use crate::http::reply::Reply;
use crate::log;
use crate::model::account_id::AccountId;
use crate::report::Report;
use crate::report::check::CheckState;

/// The result of a test sign-in.
#[derive(Template)]
#[template(path = "report.html", config = ".askama.toml")]
pub(crate) struct ReportPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) report: &'a Report,
    pub(crate) reference: &'a str,
}

impl Page for ReportPage<'_> {
    fn title(&self) -> &str {
        if self.report.passed() { "The test passed" } else { "The test failed" }
    }
}

/// The page of a test sign-in's report.
pub(crate) fn reply(report: &Report, account: &AccountId, reference: &str) -> Reply {
    let page = ReportPage { account, report, reference };
    let log = log::LogLine::test(report.error.as_ref(), account, reference).line();
    let answer =
        Answer::page(200, &page).form_action("'self'").with("referrer-policy", "same-origin");
    Reply { answer, log }
}
