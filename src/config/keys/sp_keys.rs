//! `SP_KEYS` and `SP_CERTIFICATES`: the service's own RSA keys.

use crate::config::vars::Vars;
use crate::crypto::sp_keys::{SpKey, add_certificates};

/// The keys, newest first; none where this service signs nothing and decrypts nothing.
pub(crate) fn read(vars: &mut Vars<'_>) -> Vec<SpKey> {
    let mut keys = vars.take_explained("SP_KEYS", SpKey::parse_all).unwrap_or_default();
    vars.take_explained("SP_CERTIFICATES", |text| add_certificates(&mut keys, text));
    keys
}
