//! Keys, and what is made with them: MACs, seals and tokens.

pub(crate) mod keys;
pub(crate) mod mac;
pub(crate) mod masked_token;
pub(crate) mod rotation;
pub(crate) mod seal;
pub(crate) mod sp_keys;
pub(crate) mod token;
