//! Pages of a session, and what a product’s front end is told of it.

use askama::Template;
use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::config::parse::Config;
use crate::error::Error;
use crate::error::advice::{Advice, Next};
use crate::http::answer::Answer;
use crate::http::elapsed::{at_most, elapsed_in_words};
use crate::http::failure;
use crate::http::links;
use crate::http::page::Page;
use crate::http::routes::Route;
use crate::ledger::sessions::list::KnownSession;
use crate::model::account_id::AccountId;
use crate::session::device::UNKNOWN;
use crate::session::issue::Session;

/// Who is signed in.
#[derive(Template)]
#[template(path = "start.html", config = ".askama.toml")]
pub(crate) struct StartPage<'a> {
    pub(crate) session: &'a Session,
    /// The path of the account's settings, if the user may see them.
    pub(crate) settings: Option<String>,
}

impl Page for StartPage<'_> {
    fn title(&self) -> &str {
        "Signed in"
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

/// One session in the list of a user's sessions.
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
        let ago = |time: i64| elapsed_in_words(now.seconds() - time);
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

/// Who is signed in.
pub(crate) fn start_page(session: &Session, config: &Config) -> Answer {
    let account = AccountId::parse(&session.account);
    let is_administrator = config.roles.administrators.contains(&session.role);
    let settings = account.filter(|_| is_administrator).map(|account| links::settings(&account));
    Answer::own_form_page(&StartPage { session, settings }, config)
}

/// Where the user is signed in.
pub(crate) fn devices_page(page: &DevicesPage<'_>, config: &Config) -> Answer {
    Answer::own_form_page(page, config)
}

/// Says that the devices are not known.
pub(crate) fn devices_failed(error: &Error, reference: &str) -> Answer {
    failure::page(error, &on_devices(), None, reference)
}

/// The advice where it is not known who is signed in where.
pub(crate) fn on_devices() -> Advice {
    Advice {
        title: "Your devices cannot be shown right now",
        what: "Something on our side failed. If you have just signed a device out, it may still \
               be signed in.",
        user: "Try again in a minute.",
        next: Next::Devices,
        ..Advice::SEE_LOG
    }
}

/// Asks before a session is replaced. The browser must say that the form is ours, and under the
/// policy of other pages its Origin would be null.
pub(crate) fn confirm_page(page: &ConfirmPage<'_>) -> Answer {
    Answer::page(200, page).form_action("'self'").with("referrer-policy", "same-origin")
}

/// The signed-in user, for the product's front end.
pub(crate) fn session_json(session: Option<&Session>) -> Answer {
    #[derive(Serialize)]
    struct NotSignedIn<'a> {
        error: &'a str,
        login: &'a str,
    }
    #[derive(Serialize)]
    struct User<'a> {
        sub: &'a str,
        account: &'a str,
        email: &'a str,
        name: &'a str,
        role: &'a str,
        exp: i64,
    }
    let Some(Session { sub, account, email, name, role, until, .. }) = session else {
        let login = Route::LoginPage.path();
        return Answer::json(401, &NotSignedIn { error: "not_signed_in", login: &login });
    };
    Answer::json(200, &User { sub, account, email, name, role, exp: *until })
}
