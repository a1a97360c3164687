//! When two metadata documents come to the same.

use saml_verify::dsig::TrustedKey;
use saml_verify::saml::IdpMetadata;
/// Whether both trust the same keys of the same IdP, and send users to the same places in the same
/// way.
pub(crate) fn is_alike(one: &IdpMetadata, other: &IdpMetadata) -> bool {
    let holds_all =
        |one: &[TrustedKey], other: &[TrustedKey]| other.iter().all(|it| one.contains(it));
    let (keys, others) = (one.signing_keys(), other.signing_keys());
    one.entity_id() == other.entity_id()
        && holds_all(keys, others)
        && holds_all(others, keys)
        && one.single_sign_on_services() == other.single_sign_on_services()
        && one.single_logout_services() == other.single_logout_services()
        && one.want_authn_requests_signed() == other.want_authn_requests_signed()
}
