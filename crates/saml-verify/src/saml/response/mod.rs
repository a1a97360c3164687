//! samlp:Response (Core §3.3.3): from its text to an accepted sign-in, by the Web Browser SSO
//! profile.

pub(crate) mod accepted;
pub(crate) mod addressee;
pub(crate) mod authenticate;
pub(crate) mod claimed;
pub(crate) mod envelope;
pub(crate) mod expected;
pub(crate) mod head;
pub(crate) mod profile;
pub(crate) mod receive;
