//! Vars and secrets of a deployment, one section per file. One error names every wrong var.

pub(crate) mod account_defaults;
pub(crate) mod address;
pub(crate) mod admin_tokens;
pub(crate) mod brand;
pub(crate) mod claims;
pub(crate) mod gate;
pub(crate) mod keys;
pub(crate) mod parse;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod site;
pub(crate) mod vars;
pub(crate) mod webhook;
