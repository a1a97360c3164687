//! The words of an error page: in the terms of the people who read it, with nothing that an
//! attacker could use.

use std::borrow::Cow;

/// What people are told of an error.
pub(crate) struct Advice {
    /// What happened, as a headline.
    pub(crate) title: &'static str,
    /// What happened, in a sentence.
    pub(crate) what: &'static str,
    /// What the user can do.
    pub(crate) user: &'static str,
    /// Where the user can do it.
    pub(crate) next: Next,
    /// What an administrator can do.
    pub(crate) administrator: Cow<'static, str>,
    /// The values that an administrator may set.
    pub(crate) values: Vec<String>,
}

/// The one button of an error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The list of devices, once more.
    Devices,
    /// The account's login, once more.
    Login,
    /// The account's login, and a link to the page that shows the current session.
    LoginUnlessSignedIn,
    /// The login page, for another account.
    LoginPage,
    /// The login page in another tab: this tab keeps what was sent.
    LoginTab,
    /// The account's settings, after a fresh sign-in.
    Reauthenticate,
    /// The account's settings.
    Settings,
    /// The page that signs out.
    Logout,
    /// No button: the user can do nothing here.
    Nowhere,
}

pub(crate) const ASK: &str = "Ask your administrator, and pass on the reference below.";
pub(crate) const RETRY: &str =
    "Sign in once more. If it fails again, pass on the reference below to your administrator.";
const SEE_LOG: &str = "The service’s log tells under this reference what went wrong.";
const SEE_TEST: &str = "The service’s log tells under this reference what went wrong. So does a \
    test of the sign-in, on the settings page of the account. An administrator who cannot sign in \
    needs a setup link from this product’s operators for that.";

impl Advice {
    /// The base of advice that leaves administrators to the service's log.
    pub(crate) const SEE_LOG: Self = Self::for_administrator(SEE_LOG);

    /// The base of advice that leads administrators to a test sign-in.
    pub(crate) const SEE_TEST: Self = Self::for_administrator(SEE_TEST);

    const fn for_administrator(text: &'static str) -> Self {
        Self {
            title: "",
            what: "",
            user: "",
            next: Next::Nowhere,
            administrator: Cow::Borrowed(text),
            values: Vec::new(),
        }
    }

    /// Whether a test sign-in tells an administrator more.
    pub(crate) fn is_testable(&self) -> bool {
        self.administrator == SEE_TEST
    }
}
