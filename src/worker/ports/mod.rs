//! The ports of the service, as Cloudflare implements them.

pub(super) mod bindings;
pub(super) mod clock;
pub(super) mod network;
pub(super) mod private_keys;
pub(super) mod rate;
pub(super) mod store;
