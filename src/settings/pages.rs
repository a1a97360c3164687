//! Pages of the settings.

use askama::Template;
use saml_verify::error::Refusal;

use crate::config::parse::Config;
use crate::error::advice::{Advice, Next};
use crate::error::denial::{SessionDenial, SettingsDenial};
use crate::error::{Denial, Error};
use crate::http::answer::Answer;
use crate::http::elapsed::at_most;
use crate::http::failure;
use crate::http::links;
use crate::http::page::Page;
use crate::http::reply::Reply;
use crate::ledger::logins::past_refusals::PastRefusal;
use crate::ledger::trust::narrowing::Ended;
use crate::log;
use crate::model::account_id::AccountId;
use crate::session::issue::Session;
use crate::settings::review::Review;
use crate::settings::typed::{Notice, NoticeKind, Typed};
use crate::settings::view::idp::StoredIdp;
use crate::settings::view::published::Published;
use crate::settings::view::settings::SettingsView;
use crate::settings::view::sign_ins::SignInLine;
use crate::settings::view::versions::VersionLine;
use crate::settings::view::words::NEW_CERTIFICATES;

/// An account's settings.
#[derive(Template)]
#[template(path = "settings.html", config = ".askama.toml")]
pub(crate) struct SettingsPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) view: &'a SettingsView,
    /// `None` if no metadata address is followed.
    pub(crate) published: Option<Published>,
    /// `None` for the holder of a setup link.
    pub(crate) user: Option<&'a Session>,
    pub(crate) form_token: &'a str,
    /// Whether forms are shown.
    pub(crate) may_change: bool,
    pub(crate) notice: Option<Notice>,
    pub(crate) typed: Typed,
    /// Newest first, as sign-ins are.
    pub(crate) versions: &'a [VersionLine],
    pub(crate) sign_ins: &'a [SignInLine],
}

impl SettingsPage<'_> {
    fn is_wrong(&self, field: &str) -> bool {
        self.problem_of(field).is_some()
    }

    /// The problem with a field, which is shown at the field.
    fn problem_of(&self, field: &str) -> Option<&str> {
        self.notice.as_ref().filter(|notice| notice.is_about(field)).map(|notice| &*notice.text)
    }
}

impl Page for SettingsPage<'_> {
    fn title(&self) -> &str {
        match &self.notice {
            Some(Notice { kind: NoticeKind::Problem | NoticeKind::Stale, .. }) => {
                "Problem: Single sign-on settings"
            }
            Some(Notice { kind: NoticeKind::Done, .. }) | None => "Single sign-on settings",
        }
    }
}

/// Asks before a change of the settings.
#[derive(Template)]
#[template(path = "review.html", config = ".askama.toml")]
pub(crate) struct ReviewPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) review: &'a Review,
    /// The fields of the edit, which the form posts again.
    pub(crate) fields: &'a [(&'static str, &'a str)],
    pub(crate) form_token: &'a str,
    /// The review token.
    pub(crate) shown: &'a str,
    /// Whether the state has changed since a review was shown.
    pub(crate) again: bool,
}

impl Page for ReviewPage<'_> {
    fn title(&self) -> &str {
        self.review.question
    }
}

/// Tests the sign-in, or a response of one.
#[derive(Template)]
#[template(path = "test.html", config = ".askama.toml")]
pub(crate) struct TestPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) form_token: &'a str,
    /// The text that was typed as the time and is not one.
    pub(crate) unread_time: Option<&'a str>,
    /// Newest first.
    pub(crate) past: &'a [PastLine],
}

/// A sign-in that was refused.
#[derive(Debug)]
pub(crate) struct PastLine {
    pub(crate) refusal: PastRefusal,
    pub(crate) time: String,
    pub(crate) remedy: &'static str,
}

impl Page for TestPage<'_> {
    fn title(&self) -> &str {
        if self.unread_time.is_some() {
            "Problem: Test single sign-on"
        } else {
            "Test single sign-on"
        }
    }
}

/// Opens a setup link after confirmation.
#[derive(Template)]
#[template(path = "setup.html", config = ".askama.toml")]
pub(crate) struct SetupPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) link: &'a str,
}

impl Page for SetupPage<'_> {
    fn title(&self) -> &str {
        "Set up single sign-on"
    }
}

/// Tells what ended with an account's metadata.
#[derive(Template)]
#[template(path = "switched_off.html", config = ".askama.toml")]
pub(crate) struct SwitchedOffPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) ended: Ended,
    /// Seconds after which every browser is signed out.
    pub(crate) delay: i64,
}

impl SwitchedOffPage<'_> {
    fn delay_in_words(&self) -> String {
        at_most(self.delay)
    }
}

impl Page for SwitchedOffPage<'_> {
    fn title(&self) -> &str {
        "Single sign-on is switched off"
    }
}

/// A page of the settings, with forms that post to this site. Under the Referrer-Policy of other
/// pages their Origin would be null; this one sends no referrer to other sites either.
pub(crate) fn own_page(status: u16, page: &impl Page) -> Answer {
    Answer::page(status, page).form_action("'self'").with("referrer-policy", "same-origin")
}

/// The page that starts a test sign-in, with one form that leads to the IdP.
pub(crate) fn test_form_page(status: u16, page: &TestPage<'_>, config: &Config) -> Answer {
    Answer::form_page(status, page, config).with("referrer-policy", "same-origin")
}

/// The page that tells why the settings were not shown or not changed.
pub(crate) fn failed(error: &Error, account: &AccountId, reference: &str) -> Reply {
    Reply {
        answer: failure::page(error, &on_settings(error), Some(account), reference),
        log: log::LogLine::settings_failure(error, account, reference).line(),
    }
}

/// The advice if the settings could not be shown or changed.
pub(crate) fn on_settings(error: &Error) -> Advice {
    match error {
        Error::Fault(_) | Error::Metadata(_) => Advice {
            title: "The settings cannot be reached right now",
            what: "Something on our side failed. Nothing was changed.",
            user: "Try again in a minute.",
            next: Next::Settings,
            ..Advice::SEE_LOG
        },
        Error::Denied(Denial::Session(SessionDenial::CrossSiteForm)) => {
            SettingsDenial::FormTokenInvalid.advice()
        }
        Error::Denied(denial) => denial.advice(),
        Error::Refused(Refusal::MessageTooLarge) => Advice {
            title: "This is too large",
            what: "What your browser sent has more than two megabytes. Nothing was changed.",
            user: "Metadata of a single identity provider is far smaller: download it again.",
            next: Next::Settings,
            ..Advice::SEE_LOG
        },
        Error::Refused(Refusal::NotUtf8) => Advice {
            title: "This file is not UTF-8",
            what: "The file cannot be read as text in UTF-8 or UTF-16. Nothing was changed.",
            user: "Save it as UTF-8 in a text editor, or paste its text.",
            next: Next::Settings,
            ..Advice::SEE_LOG
        },
        Error::Opened(_) | Error::Refused(_) => Advice {
            title: "We could not read the form",
            what: "What your browser sent cannot be read here. Nothing was changed.",
            user: "Open the settings again and try again.",
            next: Next::Settings,
            ..Advice::SEE_LOG
        },
    }
}
