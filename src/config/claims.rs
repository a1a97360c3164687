//! Where claims are.

/// Names of the claims that are read, as vars set them for the whole deployment.
pub(crate) struct ClaimNames {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) role: String,
}
