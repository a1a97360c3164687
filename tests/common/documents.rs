//! Metadata documents around the test IdP: several IdPs in one, and a signed one.

use super::{IDP, METADATA, Scenario};

/// The entity id of the second IdP in [`both`].
pub const OTHER: &str = "https://other.example/metadata";
pub const GROUP: &str = "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">";

/// The certificate in [`METADATA`], in base64.
pub fn certificate() -> &'static str {
    let (_, rest) = METADATA.split_once("<X509Certificate>").expect("a certificate");
    rest.split_once("</X509Certificate>").expect("a certificate").0
}

/// The EntityDescriptor of the test IdP.
pub fn entity() -> &'static str {
    METADATA.split_once("?>").expect("an XML declaration").1
}

/// An EntityDescriptor like [`entity`] with the entity id [`OTHER`].
pub fn other_entity() -> String {
    entity().replace(IDP, OTHER)
}

/// An EntitiesDescriptor.
pub fn group(members: &[&str]) -> String {
    format!("{GROUP}{}</EntitiesDescriptor>", members.concat())
}

/// Two IdPs, one of them in a group of its own.
pub fn both() -> String {
    group(&[entity(), &group(&[&other_entity()])])
}

/// Metadata without a signature; canonical, so that the literal text is what is signed.
pub fn unsigned() -> String {
    let certificate = certificate();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_metadata\" \
        entityID=\"{IDP}\"><md:IDPSSODescriptor \
        protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:KeyDescriptor>\
        <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
        <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
        </md:KeyDescriptor><md:SingleSignOnService \
        Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
        Location=\"https://idp.example/sso\"></md:SingleSignOnService></md:IDPSSODescriptor>\
        </md:EntityDescriptor>"
    )
}

/// `document` with the signature of `signer` over it.
pub fn sign(document: &str, signer: &Scenario) -> String {
    let (start, rest) = document.split_once('>').expect("a start tag");
    format!("{start}>{}{rest}", signer.signature_over(document, "_metadata"))
}
