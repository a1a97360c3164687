//! Trust anchors, made into IdP metadata whatever form they come in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::PublicKey;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use saml_edge::RsaKeys;
use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;

use crate::manifest::Corpus;

/// An IdP called `entity_id` that signs with the keys in `files`: certificates, public keys, or
/// metadata that holds some. Without any it is a stranger.
pub(crate) fn idp(
    corpus: &Corpus,
    entity_id: &str,
    files: &[&str],
) -> Result<IdpMetadata, Refusal> {
    if files.is_empty() {
        return stranger(entity_id);
    }
    let texts: Vec<String> =
        files.iter().map(|file| String::from_utf8_lossy(&corpus.read(file)).into_owned()).collect();
    match texts.iter().find(|text| text.trim_start().starts_with('<')) {
        Some(metadata) => renamed(metadata, entity_id),
        None => describe(entity_id, texts.iter().map(|text| key_info(text))),
    }
}

/// An IdP with a key that has signed no entry.
pub(crate) fn stranger(entity_id: &str) -> Result<IdpMetadata, Refusal> {
    let certificate = include_str!("../common/other.certificate.b64");
    describe(entity_id, [key_info(certificate)].into_iter())
}

fn describe(
    entity_id: &str,
    key_infos: impl Iterator<Item = String>,
) -> Result<IdpMetadata, Refusal> {
    let descriptor = |key_info| {
        format!(
            "<KeyDescriptor><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{key_info}\
             </KeyInfo></KeyDescriptor>"
        )
    };
    IdpMetadata::parse(&format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
         <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
         </IDPSSODescriptor></EntityDescriptor>",
        escape(entity_id),
        key_infos.map(descriptor).collect::<String>()
    ))
}

/// Metadata as it stands, but for the entity id, which a variant may change.
fn renamed(xml: &str, entity_id: &str) -> Result<IdpMetadata, Refusal> {
    let ids = IdpMetadata::entity_ids(xml)?;
    let [id] = ids.as_slice() else { return IdpMetadata::parse_entity(xml, entity_id) };
    let attribute = |id: &str| format!("entityID=\"{}\"", escape(id));
    IdpMetadata::parse(&xml.replace(&attribute(id), &attribute(entity_id)))
}

/// The key in a file as a child of KeyInfo.
fn key_info(text: &str) -> String {
    if let Some(spki) = unarmoured(text, "PUBLIC KEY") {
        return format!(
            "<DEREncodedKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\">{spki}\
             </DEREncodedKeyValue>"
        );
    }
    if unarmoured(text, "RSA PUBLIC KEY").is_some() {
        let key = PublicKey::from_pkcs1_pem(text.trim()).expect("a PKCS#1 key");
        let [n, e] = [key.n().as_ref(), key.e()].map(|it| STANDARD.encode(it.to_be_bytes()));
        return format!(
            "<KeyValue><RSAKeyValue><Modulus>{n}</Modulus><Exponent>{e}</Exponent></RSAKeyValue>\
             </KeyValue>"
        );
    }
    let certificate = unarmoured(text, "CERTIFICATE").unwrap_or(text);
    format!("<X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>")
}

/// The base64 between the lines of a PEM file.
fn unarmoured<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let (_, body) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    body.split_once(&format!("-----END {label}-----")).map(|(body, _)| body)
}

/// The private keys in `files`: PEM, or PKCS#1 in DER. A weak one is refused like an IdP's.
pub(crate) fn private_keys(corpus: &Corpus, files: &[&str]) -> Result<RsaKeys, Refusal> {
    let pem = |file: &&str| {
        String::from_utf8(corpus.read(file)).unwrap_or_else(|der| {
            let base64 = STANDARD.encode(der.as_bytes());
            let lines = base64.as_bytes().chunks(64).map(String::from_utf8_lossy);
            let lines: String = lines.map(|line| format!("{line}\n")).collect();
            format!("-----BEGIN RSA PRIVATE KEY-----\n{lines}-----END RSA PRIVATE KEY-----\n")
        })
    };
    let pems: Vec<String> = files.iter().map(pem).collect();
    let keys = RsaKeys::from_pems(pems.iter().map(String::as_str));
    keys.ok_or(Refusal::SigningKeyUnsupported)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
