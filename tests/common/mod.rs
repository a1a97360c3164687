//! A test IdP and one passing login, of which a test breaks exactly one thing.
//!
//! The templates are written in canonical form, so what is signed here is the literal text: our
//! own canonicalization has no part in making what it is tested with.

#![allow(dead_code, unreachable_pub, reason = "every test crate uses its own part")]
#![allow(clippy::expect_used, reason = "a test that cannot be set up must say so")]

pub mod documents;
pub mod said;
pub mod sealing;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Sign, PrivateKey, PublicKey};
use said::{Said, inspect};
use saml_verify::dsig;
use saml_verify::error::Refusal;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};
use saml_verify::time::UnixTime;
use sealing::Sealing;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

pub const ENTITY_ID: &str = "https://edge.example/sso/acme/metadata";
pub const ACS_URL: &str = "https://edge.example/sso/acme/acs";
pub const REQUEST_ID: &str = "_request";
pub const IDP: &str = "https://idp.example/metadata";
pub const METADATA: &str = include_str!("idp.metadata.xml");
/// Base64 of a certificate that no metadata holds.
pub const OTHER_CERTIFICATE: &str = include_str!("other.certificate.b64");

/// That many certificates in base64, each another one, with keys of a kind that is not taken.
pub fn unusable_certificates(count: u8) -> Vec<String> {
    let der = STANDARD.decode(include_str!("ed25519.certificate.b64").trim()).expect("base64");
    let numbered = |number| {
        // Signatures of certificates are not verified, so the last octet may be any.
        let mut der = der.clone();
        *der.last_mut().expect("an octet") = number;
        STANDARD.encode(der)
    };
    (0..count).map(numbered).collect()
}

/// 2026-11-24T10:00:00Z, half a minute into the assertion's life.
pub const NOW: UnixTime = UnixTime::from_seconds(1_795_514_400);

/// The service's own key, and one that is not.
pub const SP_KEY_PEM: &str = include_str!("sp.key.pem");
pub const OTHER_KEY_PEM: &str = include_str!("other.key.pem");

static IDP_KEY: LazyLock<PrivateKey> = LazyLock::new(|| key(include_str!("idp.key.pem")));
static OTHER_KEY: LazyLock<PrivateKey> = LazyLock::new(|| key(OTHER_KEY_PEM));
static IDP_METADATA: LazyLock<IdpMetadata> =
    LazyLock::new(|| IdpMetadata::parse(METADATA).expect("usable metadata"));

/// A document in UTF-16 of either byte order, as its declaration says, and the text of both.
pub fn in_utf_16(xml: &str) -> ([Vec<u8>; 2], String) {
    assert!(xml.contains("encoding=\"UTF-8\""), "{xml}");
    let text = xml.replacen("encoding=\"UTF-8\"", "encoding=\"utf-16\"", 1);
    let octets = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    ([octets(u16::to_le_bytes), octets(u16::to_be_bytes)], text)
}

fn key(pem: &str) -> PrivateKey {
    PrivateKey::from_pkcs8_pem(pem).expect("a PKCS#8 key")
}

/// The IdP's signature with SHA-256 over any octets.
pub fn sign_octets(octets: &[u8]) -> Vec<u8> {
    IDP_KEY.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(octets)).expect("a signature")
}

/// The public half of a private key in PEM.
pub fn public_key(pem: &str) -> PublicKey {
    key(pem).into()
}

const RESPONSE: &str = include_str!("response.xml").trim_ascii_end();

const ASSERTION: &str = include_str!("assertion.xml").trim_ascii_end();

const SIGNED_INFO: &str = include_str!("signed_info.xml").trim_ascii_end();

const SIGNATURE: &str = include_str!("signature.xml").trim_ascii_end();

/// Which elements carry a Signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Nothing,
    Assertion,
    Response,
    Both,
}

/// A login that is accepted at [`NOW`], until a test changes it.
#[derive(Clone)]
pub struct Scenario {
    response: String,
    assertion: String,
    signed_info: String,
    signature: String,
    message: Vec<(String, String)>,
    signed: Signed,
    key: &'static LazyLock<PrivateKey>,
    response_key: Option<&'static LazyLock<PrivateKey>>,
    sealing: Option<Sealing>,
    sealed_name: Option<Sealing>,
    sealed_text: Option<String>,
    own_namespace: bool,
    sha1: bool,
}

/// Replaces the one occurrence of `from`; a change that misses its target would prove nothing.
fn replace_once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} must occur once in {text}");
    text.replace(from, to)
}

impl Scenario {
    /// An answer to [`REQUEST_ID`], its assertion signed.
    pub fn valid() -> Self {
        Self {
            response: RESPONSE.to_owned(),
            assertion: ASSERTION.to_owned(),
            signed_info: SIGNED_INFO.to_owned(),
            signature: SIGNATURE.to_owned(),
            message: Vec::new(),
            signed: Signed::Assertion,
            key: &IDP_KEY,
            response_key: None,
            sealing: None,
            sealed_name: None,
            sealed_text: None,
            own_namespace: true,
            sha1: false,
        }
    }

    /// A login that the IdP starts: it answers no request.
    pub fn unsolicited() -> Self {
        let request = " InResponseTo=\"_request\"";
        Self::valid().in_response(request, "").in_assertion(request, "")
    }

    /// Signs other elements.
    pub fn signed(mut self, signed: Signed) -> Self {
        self.signed = signed;
        self
    }

    /// Signs with a key that is not in the metadata.
    pub fn signed_by_another_key(mut self) -> Self {
        self.key = &OTHER_KEY;
        self
    }

    /// Signs the Response, and only that, with a key that is not in the metadata.
    pub fn response_signed_by_another_key(mut self) -> Self {
        self.response_key = Some(&OTHER_KEY);
        self
    }

    /// Encrypts the Assertion, once it is signed and before the Response is.
    pub fn sealed(mut self, sealing: Sealing) -> Self {
        self.sealing = Some(sealing);
        self
    }

    /// Encrypts `plain` in the place of the Assertion.
    pub fn sealed_text(mut self, sealing: Sealing, plain: &str) -> Self {
        self.sealed_text = Some(plain.to_owned());
        self.sealed(sealing)
    }

    /// Encrypts the NameID before anything is signed.
    pub fn sealed_name(mut self, sealing: Sealing) -> Self {
        self.sealed_name = Some(sealing);
        self
    }

    /// Leaves it to the surroundings of the ciphertext to declare the plaintext's prefix.
    pub fn without_own_namespace(mut self) -> Self {
        self.own_namespace = false;
        self
    }

    /// Signs with SHA-1 throughout.
    pub fn with_sha1(mut self) -> Self {
        self.signed_info = self
            .signed_info
            .replace(
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            )
            .replace(
                "http://www.w3.org/2001/04/xmlenc#sha256",
                "http://www.w3.org/2000/09/xmldsig#sha1",
            );
        self.sha1 = true;
        self
    }

    /// Changes the Response before it is signed. The change must leave it canonical.
    pub fn in_response(mut self, from: &str, to: &str) -> Self {
        self.response = replace_once(&self.response, from, to);
        self
    }

    /// Changes the Assertion before it is signed. The change must leave it canonical.
    pub fn in_assertion(mut self, from: &str, to: &str) -> Self {
        self.assertion = replace_once(&self.assertion, from, to);
        self
    }

    /// Changes SignedInfo before it is signed. The change must leave it canonical.
    pub fn in_signed_info(mut self, from: &str, to: &str) -> Self {
        self.signed_info = replace_once(&self.signed_info, from, to);
        self
    }

    /// Changes the Signature around its SignedInfo.
    pub fn in_signature(mut self, from: &str, to: &str) -> Self {
        self.signature = replace_once(&self.signature, from, to);
        self
    }

    /// Changes the finished message, as an attacker on the way could.
    pub fn in_message(mut self, from: &str, to: &str) -> Self {
        self.message.push((from.to_owned(), to.to_owned()));
        self
    }

    /// The message as XML.
    pub fn xml(&self) -> String {
        let covers = |element| self.signed == element || self.signed == Signed::Both;
        let mut assertion = self.assertion.clone();
        if let Some(sealing) = &self.sealed_name {
            assertion = seal_name(&assertion, sealing);
        }
        if covers(Signed::Assertion) {
            assertion = self.sign(&assertion);
        }
        if let Some(sealing) = &self.sealing {
            if !self.own_namespace {
                assertion = assertion.replacen(NAMESPACE, "", 1);
            }
            let plain = self.sealed_text.as_ref().unwrap_or(&assertion);
            assertion = sealing.seal("EncryptedAssertion", plain);
        }
        let mut message = self.response.replace("{assertion}", &assertion);
        if covers(Signed::Response) {
            let key = self.response_key.unwrap_or(self.key);
            message = Self { key, ..self.clone() }.sign(&message);
        }
        for (from, to) in &self.message {
            message = replace_once(&message, from, to);
        }
        message
    }

    /// The Signature that `element` would carry.
    pub fn signature_over(&self, element: &str, id: &str) -> String {
        let digest = STANDARD.encode(self.digest(element));
        let signed_info = self.signed_info.replace("{id}", id).replace("{digest}", &digest);
        let octets = self.digest(&signed_info);
        let scheme =
            if self.sha1 { Pkcs1v15Sign::new::<Sha1>() } else { Pkcs1v15Sign::new::<Sha256>() };
        let value = self.key.sign(scheme, &octets).expect("a signature");
        let value = STANDARD.encode(value);
        // SignedInfo is canonicalized alone, so its octets declare the prefix; in the message the
        // Signature around it does.
        let declaration = " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
        let signed_info = signed_info.replacen(declaration, "", 1);
        self.signature.replace("{signed_info}", &signed_info).replace("{value}", &value)
    }

    fn digest(&self, text: &str) -> Vec<u8> {
        if self.sha1 { Sha1::digest(text).to_vec() } else { Sha256::digest(text).to_vec() }
    }

    /// `element` with its Signature behind its first Issuer.
    fn sign(&self, element: &str) -> String {
        let id = element.split_once(" ID=\"").and_then(|(_, rest)| rest.split_once('"'));
        let id = id.map_or("", |(id, _)| id);
        let issuer_end = "</saml:Issuer>";
        let signature = self.signature_over(element, id);
        element.replacen(issuer_end, &format!("{issuer_end}{signature}"), 1)
    }

    /// The outcome at [`NOW`] for the browser that sent [`REQUEST_ID`].
    pub fn outcome(&self) -> Result<Said, Refusal> {
        inspect(&self.xml(), &expected(), NOW)
    }

    /// The code of the refusal, or `accepted`.
    pub fn code(&self) -> &'static str {
        code(&self.outcome())
    }
}

const NAMESPACE: &str = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

/// `assertion` with its NameID encrypted.
fn seal_name(assertion: &str, sealing: &Sealing) -> String {
    let (before, rest) = assertion.split_once("<saml:NameID").expect("a NameID");
    let (inside, behind) = rest.split_once("</saml:NameID>").expect("its end");
    let plain = format!("<saml:NameID{NAMESPACE}{inside}</saml:NameID>");
    // The Assertion around it declares the prefix, so the canonical form does not do it again.
    let sealed = sealing.seal("EncryptedID", &plain).replacen(NAMESPACE, "", 1);
    format!("{before}{sealed}{behind}")
}

/// The code of a refusal, or `accepted`.
pub fn code<T>(outcome: &Result<T, Refusal>) -> &'static str {
    outcome.as_ref().map_or_else(|refusal| refusal.code(), |_| "accepted")
}

/// What the account `acme` expects of a response to [`REQUEST_ID`].
pub fn expected() -> Expected<'static> {
    Expected {
        entity_id: ENTITY_ID,
        acs_url: ACS_URL,
        idp: &IDP_METADATA,
        requests: Requests::Only(&[REQUEST_ID]),
        skew: Skew::default(),
        sha1: dsig::Sha1::Refused,
        nameless: false,
    }
}
