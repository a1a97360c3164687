//! What the settings page shows.

pub(crate) mod certificate;
pub(crate) mod certificate_change;
pub(crate) mod idp;
pub(crate) mod published;
pub(crate) mod settings;
pub(crate) mod sign_ins;
pub(crate) mod values;
pub(crate) mod versions;
pub(crate) mod words;
