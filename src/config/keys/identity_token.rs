//! `TOKEN_KEYS` and `TOKEN_AUDIENCE`: the token that names the user to the origin.

use crate::config::claims;
use crate::config::keys::KEYS;
use crate::config::site::Site;
use crate::config::vars::Vars;
use crate::crypto::keys::Keys;
use crate::crypto::token::TokenKeys;

/// How the identity token is made.
pub(crate) struct IdentityToken {
    pub(crate) audience: String,
    pub(crate) keys: TokenKeys,
}

impl IdentityToken {
    pub(crate) fn read(vars: &mut Vars<'_>, site: Option<&Site>) -> Option<Self> {
        let keys = vars.take("TOKEN_KEYS", KEYS, |text| TokenKeys::new(&Keys::parse(text)?));
        let expected = "a name or an address";
        let audience = vars.take_optional("TOKEN_AUDIENCE", expected, claims::name);
        Some(Self { audience: audience.or_else(|| Some(site?.origin.clone()))?, keys: keys? })
    }
}
