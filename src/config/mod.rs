//! Vars and secrets of a deployment, a section a file. All that is wrong is named at once.

pub(crate) mod admin_tokens;
pub(crate) mod brand;
pub(crate) mod claims;
pub(crate) mod gate;
pub(crate) mod header_names;
pub(crate) mod lookalike;
pub(crate) mod parse;
pub(crate) mod paths;
pub(crate) mod webhook;
