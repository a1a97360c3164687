//! An account as plain values.

pub(crate) mod account_id;
pub(crate) mod acs;
pub(crate) mod certificate_expiry;
pub(crate) mod email;
pub(crate) mod entity_id;
pub(crate) mod metadata;
pub(crate) mod new_certificates;
pub(crate) mod paths;
pub(crate) mod settings;
pub(crate) mod stored;
pub(crate) mod trust;
