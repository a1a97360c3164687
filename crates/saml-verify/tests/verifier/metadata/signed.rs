//! Signed metadata under a pinned key.

use saml_verify::dsig::TrustedKey;
use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;

use crate::common::documents::{certificate, sign, unsigned};
use crate::common::{IDP, METADATA, OTHER_CERTIFICATE, Scenario, code};

/// The key of the test IdP: here it stands for a federation's.
fn pinned() -> Vec<TrustedKey> {
    IdpMetadata::parse(METADATA).expect("usable metadata").signing_keys().to_vec()
}

fn parse(document: &str) -> Result<IdpMetadata, Refusal> {
    IdpMetadata::parse_signed(document, &pinned(), None)
}

#[test]
fn reads_what_the_pinned_key_signed() {
    let signed = sign(&unsigned(), &Scenario::valid());
    assert_eq!(parse(&signed).expect("usable metadata").entity_id(), IDP);
    let chosen = |id| code(&IdpMetadata::parse_signed(&signed, &pinned(), Some(id)));
    assert_eq!(chosen(IDP), "accepted");
    assert_eq!(chosen("https://other.example"), "entity_unknown");
}

#[test]
fn refuses_changed_metadata() {
    let signed = sign(&unsigned(), &Scenario::valid());
    for (from, to) in [
        ("https://idp.example/sso", "https://evil.example/sso"),
        (certificate(), OTHER_CERTIFICATE.trim()),
        (" entityID=", " validUntil=\"2040-01-01T00:00:00Z\" entityID="),
    ] {
        assert_eq!(code(&parse(&signed.replace(from, to))), "digest_mismatch");
    }
}

/// Row D1: a document may carry any key, and be signed with it.
#[test]
fn refuses_metadata_signed_by_another_key() {
    let signed = sign(&unsigned(), &Scenario::valid().signed_by_another_key());
    assert_eq!(code(&parse(&signed)), "signature_invalid");
    assert_eq!(code(&IdpMetadata::parse_signed(&signed, &[], None)), "signature_invalid");
}

#[test]
fn refuses_metadata_without_signature() {
    assert_eq!(code(&parse(&unsigned())), "metadata_unsigned");
    // One further in covers less than what would be read.
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}\
        </md:EntitiesDescriptor>",
        sign(&unsigned(), &Scenario::valid())
    );
    assert_eq!(code(&parse(&group)), "metadata_unsigned");
}

/// Row A1, for metadata: the signed entity is hidden in a forged one.
#[test]
fn refuses_wrapped_metadata() {
    let document = unsigned();
    let signature = Scenario::valid().signature_over(&document, "_metadata");
    let forged = document.replace("_metadata", "_forged").replace(IDP, "https://evil.example");
    let (start, rest) = forged.split_once('>').expect("a start tag");
    let wrapped = format!("{start}>{signature}<md:Extensions>{document}</md:Extensions>{rest}");
    assert_eq!(code(&parse(&wrapped)), "reference_not_parent");
}
