//! IdP metadata: what is taken from it, and what is not usable as a trust anchor.

mod certificates;
mod entities;
mod keys;
mod products;
mod signed;
mod warnings;

use crate::common::documents::certificate;
use crate::common::{IDP, METADATA, NOW, code};
use saml_verify::error::Refusal;
use saml_verify::saml::{Binding, IdpMetadata};
use saml_verify::time::UnixTime;

/// The metadata of the test IdP with something changed.
fn with(from: &str, to: &str) -> Result<IdpMetadata, Refusal> {
    assert!(METADATA.contains(from), "{from}");
    IdpMetadata::parse(&METADATA.replace(from, to))
}

fn code_with(from: &str, to: &str) -> &'static str {
    code(&with(from, to))
}

/// A KeyDescriptor around the children of a KeyInfo.
fn key_descriptor(attributes: &str, key_info: &str) -> String {
    format!(
        "<KeyDescriptor{attributes}><KeyInfo \
        xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{key_info}</KeyInfo></KeyDescriptor>"
    )
}

/// An X509Data around certificates.
fn x509_data(certificates: &[&str]) -> String {
    let element = |it: &&str| format!("<X509Certificate>{it}</X509Certificate>");
    format!("<X509Data>{}</X509Data>", certificates.iter().map(element).collect::<String>())
}

/// The metadata with KeyDescriptors behind its own.
fn with_more(descriptors: &str) -> Result<IdpMetadata, Refusal> {
    with("<NameIDFormat>", &format!("{descriptors}<NameIDFormat>"))
}

/// The metadata with these children in its KeyInfo instead of its own.
fn with_key_info(key_info: &str) -> Result<IdpMetadata, Refusal> {
    with(&x509_data(&[certificate()]), key_info)
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
    assert_eq!(idp.cache_duration(), None);
    assert_eq!(idp.valid_until(), None);
    assert_eq!(idp.warnings(NOW), []);
}

#[test]
fn reads_what_only_some_have() {
    let wants = with("<IDPSSODescriptor", "<IDPSSODescriptor WantAuthnRequestsSigned=\"1\"");
    assert!(wants.expect("usable metadata").want_authn_requests_signed());
    let logout = "<SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
        Location=\"https://idp.example/out\" ResponseLocation=\"https://idp.example/done\"/>";
    let idp = with_more(logout).expect("usable metadata");
    let [endpoint] = idp.single_logout_services() else { panic!("one endpoint") };
    assert_eq!(endpoint.binding, Binding::HttpPost);
    assert_eq!(endpoint.location.as_str(), "https://idp.example/out");
    let response = endpoint.response_location.as_ref().map(|location| location.as_str());
    assert_eq!(response, Some("https://idp.example/done"));
    // Federation metadata of Microsoft's begins with a byte order mark.
    let marked = IdpMetadata::parse(&format!("\u{feff}{METADATA}"));
    assert_eq!(marked.expect("usable metadata").entity_id(), IDP);
}

/// Lists are stored, compared and shown, so their length is limited.
#[test]
fn refuses_more_endpoints_and_formats_than_any_idp_has() {
    let endpoint = |service: &str, number: usize| {
        format!(
            "<{service} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" \
            Location=\"https://idp.example/{number}\"/>"
        )
    };
    let endpoints = |service: &str, count: usize| -> String {
        (0..count).map(|number| endpoint(service, number)).collect()
    };
    let formats = |count: usize| "<NameIDFormat>urn:x</NameIDFormat>".repeat(count);
    let format =
        "<NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>";
    for (from, more, code) in [
        // Two are there already,
        ("<SingleSignOnService", endpoints("SingleSignOnService", 30), "accepted"),
        ("<SingleSignOnService", endpoints("SingleSignOnService", 31), "endpoint_count"),
        // none of these,
        (format, endpoints("SingleLogoutService", 32), "accepted"),
        (format, endpoints("SingleLogoutService", 33), "endpoint_count"),
        // and one of these.
        (format, formats(31), "accepted"),
        (format, formats(32), "name_id_format_count"),
    ] {
        let xml = METADATA.replacen(from, &format!("{more}{from}"), 1);
        assert_ne!(xml, METADATA);
        assert_eq!(crate::common::code(&IdpMetadata::parse(&xml)), code, "{more}");
    }
}

#[test]
fn an_address_or_a_format_that_is_too_long_is_left_out() {
    let long = |octets: usize| format!("https://idp.example/{}", "x".repeat(octets - 20));
    let idp = with("https://idp.example/sso", &long(2048)).expect("usable metadata");
    assert_eq!((idp.single_sign_on_services().len(), idp.warnings(NOW).len()), (2, 0));
    let idp = with("https://idp.example/sso", &long(2049)).expect("usable metadata");
    assert_eq!((idp.single_sign_on_services().len(), idp.warnings(NOW).len()), (0, 3));
    let warning = idp.warnings(NOW)[0].to_string();
    assert!(warning.contains(&format!("\"{}…\"", long(256))), "{warning}");
    let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    let idp = with(format, &long(2048)).expect("usable metadata");
    assert_eq!(idp.name_id_formats().len(), 1);
    let idp = with(format, &long(2049)).expect("usable metadata");
    assert_eq!(idp.name_id_formats().len(), 0);
}

/// XML Schema part 2 §4.3.6: white space around a URI or a time is no part of it. An entity id with
/// its blanks would be that of no Issuer.
#[test]
fn white_space_around_uris_and_times_is_none_of_them() {
    let expected = IdpMetadata::parse(METADATA).expect("usable metadata");
    let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    let protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    for value in [IDP, "https://idp.example/sso", post, protocol] {
        let (from, to) = (format!("\"{value}\""), format!("\"\n\t{value} \""));
        let idp = with(&from, &to).expect("usable metadata");
        assert_eq!(idp.entity_id(), IDP);
        assert_eq!(idp.single_sign_on_services(), expected.single_sign_on_services(), "{value}");
    }
    let format = expected.name_id_formats().first().expect("a format");
    let idp = with(format, &format!("\n  {format}\n")).expect("usable metadata");
    assert_eq!(idp.name_id_formats(), expected.name_id_formats());
    let until = "validUntil=\" 2027-01-01T00:00:00Z\n\" entityID=";
    let idp = with("entityID=", until).expect("usable metadata");
    assert_eq!(idp.valid_until(), UnixTime::parse("2027-01-01T00:00:00Z").ok());
    let padded = METADATA.replace(IDP, &format!(" {IDP} "));
    assert!(IdpMetadata::parse_entity(&padded, IDP).is_ok());
    assert_eq!(IdpMetadata::entity_ids(&padded), Ok(vec![IDP.to_owned()]));
}

#[test]
fn the_earliest_valid_until_and_the_shortest_cache_duration_count() {
    let limits = |until: &str, cache: &str| {
        format!("validUntil=\"{until}-01-01T00:00:00Z\" cacheDuration=\"{cache}\" ")
    };
    let group = "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" ";
    for (outer, inner, entity, role) in [
        (("2027", "PT1H"), ("2028", "P1D"), ("2029", "P1D"), ("2030", "P1D")),
        (("2028", "P1D"), ("2027", "PT1H"), ("2029", "P1D"), ("2030", "P1D")),
        (("2028", "P1D"), ("2029", "P1D"), ("2027", "PT1H"), ("2030", "P1D")),
        (("2028", "P1D"), ("2029", "P1D"), ("2030", "P1DT"), ("2027", "PT1H")),
    ] {
        let [outer, inner, entity, role] =
            [outer, inner, entity, role].map(|(until, cache)| limits(until, cache));
        let (_, body) = METADATA.split_once("?>").expect("an XML declaration");
        let body = body
            .replace("<IDPSSODescriptor ", &format!("<IDPSSODescriptor {role}"))
            .replace("<EntityDescriptor ", &format!("<EntityDescriptor {entity}"));
        let nested = format!(
            "{group}{outer}>{group}{inner}>{body}</EntitiesDescriptor></EntitiesDescriptor>"
        );
        let idp = IdpMetadata::parse(&nested).expect("usable metadata");
        assert_eq!(idp.valid_until(), UnixTime::parse("2027-01-01T00:00:00Z").ok());
        assert_eq!(idp.cache_duration(), Some(3600));
    }
    assert_eq!(code_with("entityID=", "validUntil=\"soon\" entityID="), "time_malformed");
    let unreadable = with("entityID=", "cacheDuration=\"often\" entityID=");
    assert_eq!(unreadable.expect("usable metadata").cache_duration(), None);
}

#[test]
fn extensions_and_other_roles_are_passed_over() {
    let more = "<Extensions><x xmlns=\"urn:x\">text</x></Extensions><RoleDescriptor \
        protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\">\
        <KeyDescriptor/></RoleDescriptor><!-- note --><IDPSSODescriptor";
    let idp = IdpMetadata::parse(&METADATA.replacen("<IDPSSODescriptor", more, 1));
    assert_eq!(idp.expect("usable metadata").signing_keys().len(), 1);
}

#[test]
fn refuses_other_documents() {
    assert_eq!(code_with("EntityDescriptor", "RoleDescriptor"), "not_metadata");
    assert_eq!(code(&IdpMetadata::parse("<EntityDescriptor/>")), "not_metadata");
    assert_eq!(code(&IdpMetadata::parse("")), "xml_malformed");
}

#[test]
fn refuses_entities_that_are_no_idp() {
    assert_eq!(code_with("IDPSSODescriptor", "SPSSODescriptor"), "idp_role_missing");
    assert_eq!(code_with("SAML:2.0:protocol", "SAML:1.1:protocol"), "idp_role_missing");
}

#[test]
fn refuses_entity_ids_that_name_nobody() {
    for id in ["", &"x".repeat(1025)] {
        assert_eq!(code_with(IDP, id), "entity_id_invalid");
    }
    assert_eq!(code_with(&format!(" entityID=\"{IDP}\""), ""), "entity_id_invalid");
    assert_eq!(code_with(IDP, &"x".repeat(1024)), "accepted");
    let placeholder = with(IDP, "https://sts.windows.net/{tenantid}/").expect_err("refused");
    assert_eq!(placeholder.code(), "entity_id_placeholder");
    assert!(placeholder.to_string().contains("your own tenant"));
}
