//! Access to the settings: by a role, or by a setup link.

pub(crate) mod administrator;
pub(crate) mod setup_link;
