mod decryption;
pub(crate) mod idp_initiated;
mod login;
pub(crate) mod refusals;
mod repeated_post;
mod shared_endpoint;
