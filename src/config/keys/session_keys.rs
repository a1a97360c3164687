//! `SESSION_KEYS`: one key for each purpose, all made from the same secret.

use crate::config::keys::KEYS;
use crate::config::vars::Vars;
use crate::crypto::keys::Keys;
use crate::crypto::mac::MacKeys;
use crate::crypto::masked_token::MaskKeys;
use crate::crypto::seal::SealKeys;

/// The keys for each purpose.
pub(crate) struct SessionKeys {
    /// Seals a session that waits to be confirmed.
    pub(crate) confirm: SealKeys,
    /// Masks the session cookie.
    pub(crate) cookie: MaskKeys,
    /// Authenticates a place in a list of the admin API.
    pub(crate) cursor: MacKeys,
    /// Authenticates forms of the settings.
    pub(crate) form: MacKeys,
    /// Seals the session at the IdP.
    pub(crate) idp_session: SealKeys,
    /// Seals a pending request.
    pub(crate) pending: SealKeys,
    /// Seals the cookie of a setup.
    pub(crate) setup: SealKeys,
    /// Authenticates setup links.
    pub(crate) setup_link: MacKeys,
}

impl SessionKeys {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let keys = vars.take("SESSION_KEYS", KEYS, Keys::parse)?;
        Some(Self {
            confirm: SealKeys::new(&keys, "held session"),
            cookie: MaskKeys::new(&keys),
            cursor: MacKeys::new(&keys, "cursor"),
            form: MacKeys::new(&keys, "settings form"),
            idp_session: SealKeys::new(&keys, "session at the IdP"),
            pending: SealKeys::new(&keys, "pending request"),
            setup: SealKeys::new(&keys, "setup"),
            setup_link: MacKeys::new(&keys, "setup link"),
        })
    }
}
