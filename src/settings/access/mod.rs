//! Who may see and change the settings.

pub(crate) mod administrator;
pub(crate) mod setup_link;
