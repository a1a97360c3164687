//! Vars and secrets of a deployment, a section a file. All that is wrong is named at once.

pub(crate) mod account_defaults;
pub(crate) mod address;
pub(crate) mod admin_tokens;
pub(crate) mod brand;
pub(crate) mod claims;
pub(crate) mod gate;
pub(crate) mod header_names;
pub(crate) mod identity_token;
pub(crate) mod keys;
pub(crate) mod lookalike;
pub(crate) mod parse;
pub(crate) mod paths;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod site;
pub(crate) mod sp_keys;
pub(crate) mod vars;
pub(crate) mod webhook;
