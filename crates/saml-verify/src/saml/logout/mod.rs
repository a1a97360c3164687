//! Single logout (Core §3.7, Profiles §4.4): what an IdP sends by either binding, read from
//! verified octets, and what a service provider sends.
//!
//! A forged LogoutRequest could sign users out, or tell by its effect who is signed in. So it goes
//! through the same verifier as a Response (row F8).

pub(crate) mod answer;
pub(crate) mod expected;
pub(crate) mod request;
pub(crate) mod sender;
pub(crate) mod sent;
pub(crate) mod verified;
pub(crate) mod verify;
