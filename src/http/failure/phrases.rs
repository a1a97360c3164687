//! Sentences that several pages share.

pub(crate) const ASK: &str = "Ask your administrator, and pass on the reference below.";
pub(crate) const RETRY: &str =
    "Sign in once more. If it fails again, pass on the reference below to your administrator.";
pub(crate) const SEE_LOG: &str = "The service’s log tells under this reference what went wrong.";

pub(crate) const SEE_TEST: &str = "The service’s log tells under this reference what went wrong. So does a test of the sign-in, on \
     the settings page of the account. An administrator who cannot sign in needs a setup link from \
     this product’s operators for that.";
