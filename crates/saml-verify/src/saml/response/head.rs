//! The attributes of a Response’s root.

/// What the Response says around its Assertion: good for a refusal and, signed or not, never for
/// more.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) signed: bool,
    pub(crate) claimed_issuer: Option<String>,
    pub(crate) claimed_destination: Option<String>,
    pub(crate) claimed_in_response_to: Option<String>,
}
