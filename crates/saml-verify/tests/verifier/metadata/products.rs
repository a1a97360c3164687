//! Documents in the shape that products publish, written for these tests after the products' own
//! documentation. Real ones of other products are among the vectors that `tests/corpus` of
//! saml-edge reads.

use saml_verify::saml::{Binding, IdpMetadata, Warning};

use crate::common::NOW;
use crate::common::documents::certificate;

fn parse(document: &str) -> IdpMetadata {
    let document = document.replace("{certificate}", certificate());
    IdpMetadata::parse(&document).expect("usable metadata")
}

fn redirect_of(idp: &IdpMetadata) -> &str {
    idp.single_sign_on_service(Binding::HttpRedirect).expect("an endpoint").as_str()
}

#[test]
fn reads_keycloak() {
    let idp = parse(include_str!("keycloak.xml"));
    assert_eq!(idp.entity_id(), "https://keycloak.example/realms/demo");
    assert_eq!(redirect_of(&idp), "https://keycloak.example/realms/demo/protocol/saml");
    assert_eq!(idp.single_sign_on_services().len(), 2);
    assert_eq!(idp.single_logout_services().len(), 2);
    assert_eq!(idp.name_id_formats().len(), 4);
    assert!(idp.want_authn_requests_signed());
    assert_eq!(idp.warnings(NOW), []);
}

#[test]
fn reads_ping_federate() {
    let idp = parse(include_str!("pingfederate.xml"));
    assert_eq!(idp.entity_id(), "https://ping.example");
    assert_eq!(idp.cache_duration(), Some(24 * 60 * 60));
    assert_eq!(redirect_of(&idp), "https://ping.example/idp/SSO.saml2");
    let answers =
        idp.single_logout_services().iter().filter_map(|it| it.response_location.as_ref());
    assert_eq!(answers.count(), 2);
    assert_eq!(idp.warnings(NOW), []);
}

#[test]
fn reads_jumpcloud() {
    let idp = parse(include_str!("jumpcloud.xml"));
    assert_eq!(idp.entity_id(), "JumpCloud");
    assert_eq!(redirect_of(&idp), "https://sso.jumpcloud.com/saml2/edge");
    assert_eq!(idp.single_logout_services(), []);
    assert_eq!(idp.warnings(NOW), []);
}

/// Entra's own, but of the endpoint for any tenant.
#[test]
fn refuses_the_document_of_no_tenant() {
    let keycloak = include_str!("keycloak.xml").replace("{certificate}", certificate());
    let common = keycloak
        .replace("https://keycloak.example/realms/demo\"", "https://sts.windows.net/{tenantid}/\"");
    let refused = IdpMetadata::parse(&common).expect_err("refused");
    assert_eq!(refused.code(), "entity_id_placeholder");
}

/// AD FS announces its next key early: both may sign, and the old one is about to expire.
#[test]
fn reads_two_keys_of_a_roll_over() {
    let other = crate::common::OTHER_CERTIFICATE;
    let second = super::key_descriptor(" use=\"signing\"", &super::x509_data(&[other]));
    let idp = super::with_more(&second).expect("usable metadata");
    assert_eq!(idp.signing_keys().len(), 2);
    let end = idp.certificates().iter().map(|it| it.not_after()).min().expect("certificates");
    let warned = idp.warnings(end.plus(-12 * 24 * 60 * 60));
    assert!(warned.iter().any(|it| matches!(it, Warning::CertificateExpires { days: 12, .. })));
}
