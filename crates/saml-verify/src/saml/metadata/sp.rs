//! SP metadata (Metadata §2.4.4): what an IdP's administrator loads instead of typing addresses.

use crate::dsig::sign::{Place, UnsignedDocument, key_info};
use crate::error::Refusal;
use crate::saml::metadata::endpoint::{HTTP_POST, HTTP_REDIRECT};
use crate::time::UnixTime;
use crate::xml::name::{DS, MD, SAMLP};
use crate::xml::write::{Markup, element, text};

/// validUntil is ten years away, as long as the certificates of `saml-edge keygen` last. Many an
/// administrator loads the document once and never again: nothing in it goes stale by itself, and a
/// nearer date would only end logins one day.
const VALID_SECONDS: i64 = 3652 * 24 * 60 * 60;

/// cacheDuration, for IdPs that fetch the document themselves: a new certificate is known
/// everywhere after a day.
const CACHE_DURATION: &str = "P1D";

/// What assertions may be encrypted with, best first: AES-GCM, since AES-CBC is taken only inside a
/// signed Response (row E2).
const ENCRYPTION_METHODS: [&str; 3] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

/// Metadata to be written.
#[derive(Debug)]
pub struct SpMetadata<'a> {
    /// ID: an NCName that no other document has.
    pub id: &'a str,
    /// The entity id of the service provider.
    pub entity_id: &'a str,
    /// The AssertionConsumerService URL, for the POST binding.
    pub acs_url: &'a str,
    /// Where messages of single logout are taken, by either binding.
    pub slo_url: &'a str,
    /// Whether every AuthnRequest is signed.
    pub signs_requests: bool,
    /// Certificates in DER, newest first.
    pub certificates: &'a [&'a [u8]],
    /// The NameID Format that is wanted.
    pub name_id_format: &'a str,
    /// What the service is called where users are asked for consent.
    pub service_name: &'a str,
    /// The claims.
    pub attributes: &'a [RequestedAttribute<'a>],
}

/// A claim that the service reads (Metadata §2.4.4.1.1).
#[derive(Clone, Copy, Debug)]
pub struct RequestedAttribute<'a> {
    /// Name. No NameFormat: any will do.
    pub name: &'a str,
    /// Whether there is no login without it.
    pub is_required: bool,
}

impl SpMetadata<'_> {
    /// The document at `now`, valid for ten years, or `None` where its end is outside of the years
    /// that `xs:dateTime` can express.
    pub fn to_xml(&self, now: UnixTime) -> Option<String> {
        let valid_until = now.plus(VALID_SECONDS).to_xml()?;
        let attributes = [
            ("xmlns:md", MD),
            ("xmlns:ds", DS),
            ("ID", self.id),
            ("entityID", self.entity_id),
            ("validUntil", &valid_until),
            ("cacheDuration", CACHE_DURATION),
        ];
        Some(element("md:EntityDescriptor", &attributes, &[self.role()]).into_document())
    }

    /// The document `xml`, which [`Self::to_xml`] wrote, to be signed with the key of
    /// `certificate`.
    pub fn to_sign(xml: &str, certificate: &[u8]) -> Result<UnsignedDocument, Refusal> {
        UnsignedDocument::new(xml, Place::First, Some(certificate))
    }

    /// In the order of the schema.
    fn role(&self) -> Markup {
        let signs_requests = if self.signs_requests { "true" } else { "false" };
        let attributes = [
            ("protocolSupportEnumeration", SAMLP),
            ("AuthnRequestsSigned", signs_requests),
            ("WantAssertionsSigned", "true"),
        ];
        let mut children: Vec<_> =
            self.certificates.iter().flat_map(|it| [for_signing(it), for_encryption(it)]).collect();
        children.extend([HTTP_REDIRECT, HTTP_POST].map(|binding| {
            let attributes = [("Binding", binding), ("Location", self.slo_url)];
            element("md:SingleLogoutService", &attributes, &[])
        }));
        children.push(element("md:NameIDFormat", &[], &[text(self.name_id_format)]));
        let acs = [
            ("Binding", HTTP_POST),
            ("Location", self.acs_url),
            ("index", "0"),
            ("isDefault", "true"),
        ];
        children.push(element("md:AssertionConsumerService", &acs, &[]));
        children.push(self.attribute_consuming_service());
        element("md:SPSSODescriptor", &attributes, &children)
    }

    fn attribute_consuming_service(&self) -> Markup {
        let name = element("md:ServiceName", &[("xml:lang", "en")], &[text(self.service_name)]);
        let mut children = vec![name];
        children.extend(self.attributes.iter().map(|attribute| {
            let is_required = if attribute.is_required { "true" } else { "false" };
            let attributes = [("Name", attribute.name), ("isRequired", is_required)];
            element("md:RequestedAttribute", &attributes, &[])
        }));
        let attributes = [("index", "0"), ("isDefault", "true")];
        element("md:AttributeConsumingService", &attributes, &children)
    }
}

fn for_signing(certificate: &[u8]) -> Markup {
    element("md:KeyDescriptor", &[("use", "signing")], &[key_info(certificate)])
}

fn for_encryption(certificate: &[u8]) -> Markup {
    let method = |uri| element("md:EncryptionMethod", &[("Algorithm", uri)], &[]);
    let mut children = vec![key_info(certificate)];
    children.extend(ENCRYPTION_METHODS.map(method));
    element("md:KeyDescriptor", &[("use", "encryption")], &children)
}
