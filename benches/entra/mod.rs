//! What both benches do: one full verification of an Entra-shaped response, and its RSA step.

use saml_verify::dsig::Sha1;
use saml_verify::internals::encoding::base64_decode;
use saml_verify::internals::{Canonicalization, Document, canonicalize, name};
use saml_verify::internals::{Digest, SignatureMethod, verify_octets};
use saml_verify::limits::{CANONICAL_OCTETS, MESSAGE_XML};
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew, accept};
use saml_verify::time::UnixTime;

const RESPONSE: &str = include_str!("../../tests/vectors/entra/assertion.xml");
const METADATA: &str = include_str!("../../tests/vectors/entra/assertion.metadata.xml");

/// 2026-11-24T10:00:30Z
pub(crate) const NOW: UnixTime = UnixTime::from_seconds(1_795_514_430);

/// The account's IdP as the Worker keeps it between requests, and the inputs of the RSA step.
pub(crate) struct Bench {
    idp: IdpMetadata,
    signed_info: String,
    signature_value: Vec<u8>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let document = Document::parse(RESPONSE, &MESSAGE_XML).expect("well-formed");
        let find = |name| document.root().descendants().find(|it| it.is(name)).expect("signed");
        let method = Canonicalization::Exclusive { prefix_list: Vec::new(), comments: false };
        let signed_info = canonicalize(find(name::SIGNED_INFO), None, &method, CANONICAL_OCTETS);
        let value = find(name::SIGNATURE_VALUE).text().expect("text");
        Self {
            idp: IdpMetadata::parse(METADATA).expect("usable metadata"),
            signed_info: signed_info.expect("canonical"),
            signature_value: base64_decode(&value).expect("base64"),
        }
    }

    /// From text to accepted claims.
    pub(crate) fn verify(&self) {
        accept(RESPONSE, &self.expected(), NOW).expect("accepted");
    }

    /// What the account expects of a response.
    pub(crate) fn expected(&self) -> Expected<'_> {
        Expected {
            entity_id: "https://edge.example/sso/acme/metadata",
            acs_url: "https://edge.example/sso/acme/acs",
            idp: &self.idp,
            requests: Requests::Any,
            skew: Skew::default(),
            sha1: Sha1::Refused,
            nameless: false,
        }
    }

    /// One RSASSA-PKCS1-v1_5 verification of SignedInfo, its digest included.
    pub(crate) fn rsa(&self) {
        let key = self.idp.signing_keys().first().expect("a key");
        let method = SignatureMethod::RsaPkcs1v15(Digest::Sha256);
        verify_octets(key, method, self.signed_info.as_bytes(), &self.signature_value)
            .expect("authentic");
    }
}
