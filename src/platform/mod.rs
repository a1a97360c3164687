//! The ports that a platform implements, and `Service`, which holds them.

pub(crate) mod accounts;
pub(crate) mod body;
pub(crate) mod context;
pub(crate) mod keys;
pub(crate) mod metadata_cache;
pub(crate) mod metadata_url;
pub(crate) mod network;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod rsa_keys;
