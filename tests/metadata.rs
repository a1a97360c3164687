//! IdP metadata: what is taken from it, and what is not usable as a trust anchor.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

mod common;

use common::{IDP, METADATA, NOW, OTHER_CERTIFICATE, code};
use saml_edge::error::Refusal;
use saml_edge::saml::{Binding, IdpMetadata, Warning};
use saml_edge::time::UnixTime;

fn with(from: &str, to: &str) -> Result<IdpMetadata, Refusal> {
    assert!(METADATA.contains(from), "{from}");
    IdpMetadata::parse(&METADATA.replace(from, to))
}

fn code_with(from: &str, to: &str) -> &'static str {
    code(&with(from, to))
}

fn certificate() -> &'static str {
    let (_, rest) = METADATA.split_once("<X509Certificate>").expect("a certificate");
    rest.split_once("</X509Certificate>").expect("a certificate").0
}

/// A KeyDescriptor around a certificate.
fn key_descriptor(attributes: &str, certificate: &str) -> String {
    format!(
        "<KeyDescriptor{attributes}><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    )
}

#[test]
fn reads_entity_keys_and_endpoints() {
    let idp = IdpMetadata::parse(METADATA).expect("usable metadata");
    assert_eq!(idp.entity_id(), IDP);
    assert_eq!(idp.signing_keys().len(), 1);
    assert_eq!(idp.certificates()[0].subject(), "CN=idp.example");
    let location = |binding| idp.single_sign_on_service(binding).map(|location| location.as_str());
    assert_eq!(location(Binding::HttpRedirect), Some("https://idp.example/sso"));
    assert_eq!(location(Binding::HttpPost), Some("https://idp.example/sso"));
    assert_eq!(idp.single_logout_services(), []);
    assert_eq!(idp.name_id_formats(), ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"]);
    assert!(!idp.want_authn_requests_signed());
    assert_eq!(idp.warnings(NOW), []);
}

#[test]
fn every_key_that_may_sign_is_tried() {
    let end = "<NameIDFormat>";
    let keys =
        |more: &str| with(end, &format!("{more}{end}")).expect("usable").signing_keys().len();
    assert_eq!(keys(&key_descriptor(" use=\"signing\"", OTHER_CERTIFICATE)), 2);
    assert_eq!(keys(&key_descriptor("", OTHER_CERTIFICATE)), 2);
    assert_eq!(keys(&key_descriptor(" use=\"encryption\"", OTHER_CERTIFICATE)), 1);
    // The same certificate again is no second key.
    assert_eq!(keys(&key_descriptor(" use=\"signing\"", certificate())), 1);
}

#[test]
fn refuses_metadata_without_signing_key() {
    assert_eq!(code_with("use=\"signing\"", "use=\"encryption\""), "signing_key_missing");
    assert_eq!(code_with("X509Data>", "X509Other>"), "signing_key_missing");
}

#[test]
fn refuses_certificates_that_are_none() {
    assert_eq!(code_with(certificate(), "AAAA"), "certificate_malformed");
    assert_eq!(code_with(certificate(), "not base64"), "base64_malformed");
}

#[test]
fn leaves_out_a_certificate_that_is_none_beside_one_that_is() {
    let more = key_descriptor("", "AAAA") + "<NameIDFormat>";
    let idp = with("<NameIDFormat>", &more).expect("usable metadata");
    assert_eq!(idp.signing_keys().len(), 1);
    assert_eq!(idp.warnings(NOW), [Warning::CertificateUnreadable]);
}

/// Row D5.
#[test]
fn refuses_weak_and_foreign_keys() {
    for (weak, subject) in [
        (include_str!("common/rsa1024.certificate.b64"), "CN=rsa1024.example"),
        (include_str!("common/exponent3.certificate.b64"), "CN=exponent3.example"),
        (include_str!("common/ed25519.certificate.b64"), "CN=ed25519.example"),
    ] {
        assert_eq!(code_with(certificate(), weak), "signing_key_unsupported", "{subject}");
        let more = key_descriptor("", weak) + "<NameIDFormat>";
        let idp = with("<NameIDFormat>", &more).expect("usable metadata");
        assert_eq!(idp.signing_keys().len(), 1, "{subject}");
        let warning = Warning::KeyUnsupported { subject: subject.to_owned() };
        assert_eq!(idp.warnings(NOW), [warning]);
    }
}

/// Row D10.
#[test]
fn refuses_more_than_eight_keys() {
    let certificates = include_str!("common/nine.certificates.b64").lines();
    let descriptors: Vec<_> = certificates.map(|it| key_descriptor("", it)).collect();
    let keys = |count: usize| {
        code_with("<NameIDFormat>", &(descriptors[..count].concat() + "<NameIDFormat>"))
    };
    assert_eq!(keys(7), "accepted");
    assert_eq!(keys(8), "signing_key_count");
}

#[test]
fn refuses_other_documents() {
    assert_eq!(code_with("EntityDescriptor", "RoleDescriptor"), "not_metadata");
    assert_eq!(code(&IdpMetadata::parse("<EntityDescriptor/>")), "not_metadata");
    let several = "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>";
    assert_eq!(code(&IdpMetadata::parse(several)), "entity_count");
    assert_eq!(code(&IdpMetadata::parse("")), "xml_malformed");
}

#[test]
fn refuses_entity_ids_that_name_nobody() {
    for id in ["", "https://sts.windows.net/{tenantid}/", &"x".repeat(1025)] {
        assert_eq!(code_with(IDP, id), "entity_id_invalid");
    }
    assert_eq!(code_with(&format!(" entityID=\"{IDP}\""), ""), "entity_id_invalid");
    assert_eq!(code_with(IDP, &"x".repeat(1024)), "accepted");
}

#[test]
fn refuses_entities_that_are_no_idp() {
    assert_eq!(code_with("IDPSSODescriptor", "SPSSODescriptor"), "idp_role_missing");
    assert_eq!(code_with("SAML:2.0:protocol", "SAML:1.1:protocol"), "idp_role_missing");
}

/// Row H6: these addresses end up in redirects and forms.
#[test]
fn leaves_out_endpoints_that_are_not_https() {
    for location in
        ["http://idp.example/sso", "javascript:alert(1)", "/sso", "https:", "data:text/html,x"]
    {
        let idp = with("https://idp.example/sso", location).expect("usable metadata");
        assert_eq!(idp.single_sign_on_service(Binding::HttpRedirect), None, "{location}");
        let unusable = Warning::EndpointUnusable { location: location.to_owned() };
        let expected = [unusable.clone(), unusable, Warning::NoSingleSignOnService];
        assert_eq!(idp.warnings(NOW), expected);
    }
    for location in ["http://localhost:7000/sso", "http://127.0.0.1:7000/sso", "http://[::1]/sso"] {
        let idp = with("https://idp.example/sso", location).expect("usable metadata");
        assert!(idp.single_sign_on_service(Binding::HttpRedirect).is_some(), "{location}");
    }
}

#[test]
fn says_what_a_person_should_look_after() {
    let post_only = with("bindings:HTTP-Redirect", "bindings:SOAP").expect("usable metadata");
    assert_eq!(post_only.warnings(NOW), [Warning::OnlyPostOffered]);

    let idp = IdpMetadata::parse(METADATA).expect("usable metadata");
    let end = idp.certificates()[0].not_after();
    let begin = idp.certificates()[0].not_before();
    let day = 24 * 60 * 60;
    let texts = |now: UnixTime| -> Vec<String> {
        idp.warnings(now).iter().map(ToString::to_string).collect()
    };
    assert!(texts(end.plus(-61 * day)).is_empty());
    assert_eq!(
        texts(end.plus(-12 * day)),
        [
            "the signing certificate \"CN=idp.example\" expires in 12 days; upload new metadata when the identity provider has a new one"
        ]
    );
    assert_eq!(
        texts(end.plus(2 * day)),
        [
            "the signing certificate \"CN=idp.example\" expired 2 days ago; logins go on until the identity provider changes its key"
        ]
    );
    assert_eq!(
        texts(begin.plus(-3 * day)),
        ["the signing certificate \"CN=idp.example\" is not valid for 3 more days"]
    );
}

#[test]
fn the_earliest_valid_until_counts() {
    let role = "<IDPSSODescriptor validUntil=\"2027-01-01T00:00:00Z\"";
    let metadata = METADATA
        .replace("<IDPSSODescriptor", role)
        .replace("entityID=", "validUntil=\"2028-01-01T00:00:00Z\" entityID=");
    let idp = IdpMetadata::parse(&metadata).expect("usable metadata");
    assert_eq!(idp.valid_until(), UnixTime::parse("2027-01-01T00:00:00Z").ok());
    assert_eq!(code_with("entityID=", "validUntil=\"soon\" entityID="), "time_malformed");
}

#[test]
fn extensions_and_other_roles_are_passed_over() {
    let more = "<Extensions><x xmlns=\"urn:x\">text</x></Extensions><RoleDescriptor protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\"><KeyDescriptor/></RoleDescriptor><!-- note --><IDPSSODescriptor";
    let idp = IdpMetadata::parse(&METADATA.replacen("<IDPSSODescriptor", more, 1));
    assert_eq!(idp.expect("usable metadata").signing_keys().len(), 1);
}
