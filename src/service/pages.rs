//! The pages, one template each. Templates escape whatever they are given.

use askama::Template;
use saml_verify::saml::{LogoutAnswer, MessageForm};
use saml_verify::time::UnixTime;

use crate::service::account::AccountId;
use crate::service::advice::{Advice, Next};
use crate::service::ago::{ago, at_most};
use crate::service::branding::Brand;
use crate::service::device::UNKNOWN;
use crate::service::ledger::Ended;
use crate::service::past_refusals::PastRefusal;
use crate::service::report::{Report, Standing};
use crate::service::session::Session;
use crate::service::sessions::KnownSession;
use crate::service::settings::{
    Kind, NEW_CERTIFICATES, Notice, Published, Review, SettingsView, SignInLine, StoredIdp, Typed,
    VersionLine,
};

/// What is inside of `main`, and what it is called.
pub(crate) trait Page: Template {
    fn title(&self) -> &str;
}

/// What all pages share, around one.
#[derive(Template)]
#[template(path = "base.html", config = ".askama.toml")]
pub(crate) struct Layout<'a> {
    pub(crate) brand: &'a Brand,
    pub(crate) title: &'a str,
    /// HTML: a page, rendered.
    pub(crate) content: &'a str,
}

/// The style of all pages, before a brand's colour.
pub(crate) const STYLE: &str = include_str!("pages/style.css");

/// The one script of all pages. Without scripts a button does the same.
pub(crate) const SUBMIT: &str = "document.forms[0].submit()";

/// Who is signed in.
#[derive(Template)]
#[template(path = "start.html", config = ".askama.toml")]
pub(crate) struct StartPage<'a> {
    pub(crate) session: &'a Session,
    /// Whether the account's settings are for them.
    pub(crate) is_administrator: bool,
}

impl Page for StartPage<'_> {
    fn title(&self) -> &str {
        "Signed in"
    }
}

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

/// Where the user is signed in.
#[derive(Template)]
#[template(path = "devices.html", config = ".askama.toml")]
pub(crate) struct DevicesPage<'a> {
    pub(crate) session: &'a Session,
    pub(crate) devices: Vec<Device<'a>>,
    /// Where the next page begins, if there is more.
    pub(crate) next: Option<i64>,
    /// Whether a device has just been signed out.
    pub(crate) ended: bool,
    /// For how many seconds a session goes on that was ended.
    pub(crate) delay: i64,
}

/// One of them.
pub(crate) struct Device<'a> {
    sid: &'a str,
    name: &'a str,
    created: String,
    seen: String,
    is_this_one: bool,
}

impl<'a> Device<'a> {
    /// The device of `known`, on a page for the session `sid`.
    pub(crate) fn new(known: &'a KnownSession, sid: &str, now: UnixTime) -> Self {
        let ago = |time: i64| ago(now.seconds() - time);
        Self {
            sid: &known.sid,
            name: if known.device == UNKNOWN { "Unknown device" } else { &known.device },
            created: ago(known.created),
            seen: ago(known.seen),
            is_this_one: known.sid == sid,
        }
    }
}

impl DevicesPage<'_> {
    fn are_others(&self) -> bool {
        self.next.is_some() || self.devices.iter().any(|device| !device.is_this_one)
    }

    fn delay_in_words(&self) -> String {
        at_most(self.delay)
    }
}

impl Page for DevicesPage<'_> {
    fn title(&self) -> &str {
        "Your devices"
    }
}

/// Nobody is signed in any more.
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
    /// Ids alone: as much as it takes to choose, and no more for whoever typed somebody else's address.
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

/// Asks before another user's session is replaced.
#[derive(Template)]
#[template(path = "confirm.html", config = ".askama.toml")]
pub(crate) struct ConfirmPage<'a> {
    pub(crate) held: &'a Session,
    pub(crate) present: &'a Session,
    pub(crate) return_to: &'a str,
    /// Which sessions these are.
    pub(crate) shown: &'a str,
}

impl Page for ConfirmPage<'_> {
    fn title(&self) -> &str {
        "Change who is signed in?"
    }
}

/// An account's settings.
#[derive(Template)]
#[template(path = "settings.html", config = ".askama.toml")]
pub(crate) struct SettingsPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) view: &'a SettingsView,
    /// Where an address is followed.
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

    /// What is wrong with a field, to be said where the browser then is.
    fn problem_of(&self, field: &str) -> Option<&str> {
        self.notice.as_ref().filter(|notice| notice.is_about(field)).map(|notice| &*notice.text)
    }
}

impl Page for SettingsPage<'_> {
    fn title(&self) -> &str {
        match &self.notice {
            Some(Notice { kind: Kind::Problem | Kind::Stale, .. }) => {
                "Problem: Single sign-on settings"
            }
            Some(Notice { kind: Kind::Done, .. }) | None => "Single sign-on settings",
        }
    }
}

/// Asks before a change of the settings.
#[derive(Template)]
#[template(path = "review.html", config = ".askama.toml")]
pub(crate) struct ReviewPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) review: &'a Review,
    /// What the form says once more.
    pub(crate) fields: &'a [(&'static str, &'a str)],
    pub(crate) form_token: &'a str,
    /// Names what is shown.
    pub(crate) shown: &'a str,
    /// Whether another page was shown before.
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
    /// What was given as the time and is none.
    pub(crate) unread_time: Option<&'a str>,
    /// Newest first.
    pub(crate) past: &'a [PastLine],
}

/// A sign-in that was refused.
#[derive(Debug)]
pub(crate) struct PastLine {
    pub(crate) refusal: PastRefusal,
    pub(crate) time: String,
    pub(crate) mend: &'static str,
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

/// What became of a test.
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

/// Opens a setup link once somebody says so.
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

/// Posts a message to the IdP.
#[derive(Template)]
#[template(path = "request.html", config = ".askama.toml")]
pub(crate) struct RequestPage<'a> {
    pub(crate) form: &'a MessageForm,
}

impl Page for RequestPage<'_> {
    fn title(&self) -> &str {
        "On to your identity provider"
    }
}

/// Why a login failed.
#[derive(Template)]
#[template(path = "problem.html", config = ".askama.toml")]
pub(crate) struct ProblemPage<'a> {
    pub(crate) advice: &'a Advice,
    pub(crate) account: Option<&'a str>,
    pub(crate) reference: &'a str,
}

impl Page for ProblemPage<'_> {
    fn title(&self) -> &str {
        self.advice.title
    }
}

/// One sentence.
#[derive(Template)]
#[template(path = "notice.html", config = ".askama.toml")]
pub(crate) struct NoticePage {
    pub(crate) title: &'static str,
}

/// Says what ended with an account's metadata.
#[derive(Template)]
#[template(path = "switched_off.html", config = ".askama.toml")]
pub(crate) struct SwitchedOffPage<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) ended: Ended,
    /// After how many seconds at most a browser learns of it.
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

impl Page for NoticePage {
    fn title(&self) -> &str {
        self.title
    }
}
