//! `metadata`: every entity of every document.

use std::collections::{BTreeMap, BTreeSet};

use der::Decode as _;
use der::referenced::OwnedToRef as _;
use rsa::PublicKey;
use rsa::traits::PublicKeyParts as _;
use saml_verify::dsig::{Certificate, TrustedKey};
use saml_verify::error::Refusal;
use saml_verify::internals::Digest;
use saml_verify::internals::encoding::{base64_decode, hex};
use saml_verify::internals::{Document, Element, Signature, name, verify_signature};
use saml_verify::limits::{CANONICAL_METADATA_XML, METADATA_XML};
use saml_verify::saml::{Binding, Endpoint, IdpMetadata, Location, Warning};
use saml_verify::time::UnixTime;
use serde_json::Value;
use x509_cert::certificate::{CertificateInner, Raw};

use crate::codes::{code, sha1};
use crate::finding::Finding;
use crate::manifest::{Corpus, Entry, strings};

const SAML_2: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// Later than any validUntil that the manifest calls expired.
const NOW: &str = "2026-11-24T00:00:00Z";

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    let Ok(xml) = String::from_utf8(corpus.file(entry)) else {
        return vec![Finding::wrong("not UTF-8")];
    };
    if !entry.is_valid() {
        return vec![judge_invalid(entry, &xml)];
    }
    let expected = entry.value("expected");
    let entities = ["entity_list", "entities_sample"].map(|name| array(&expected[name])).concat();
    let idps = entities.iter().filter(|it| it["idp"].is_object());
    let certificates = certificates_by_sha1(&xml);
    let mut findings: Vec<Finding> = idps.map(|it| judge_idp(&xml, it, &certificates)).collect();
    findings.extend(judge_choice(entry, &xml));
    findings.extend(judge_freshness(entry, &xml));
    if let Some(verifies) = entry.value("signature_verifies_with_embedded_key").as_bool() {
        findings.push(judge_signature(&xml, verifies));
    }
    findings
}

/// Cannot be read, or has expired, or is not what its signature covers.
fn judge_invalid(entry: &Entry, xml: &str) -> Finding {
    let now = UnixTime::parse(NOW).expect("a time");
    let is_current = |idp: &IdpMetadata| idp.valid_until().is_none_or(|until| now < until);
    let is_refused = match IdpMetadata::parse(xml) {
        Ok(idp) if is_current(&idp) => {
            entry.value("signature_verifies_with_embedded_key") == &Value::Bool(false)
                && IdpMetadata::parse_signed(xml, &embedded_keys(xml), None).is_err()
        }
        Ok(_) | Err(_) => true,
    };
    if is_refused { Finding::as_stated(BTreeSet::new()) } else { Finding::wrong("accepted") }
}

/// An IdP by its entity id: what it has, or why it cannot be an anchor here.
fn judge_idp(xml: &str, expected: &Value, certificates: &BTreeMap<String, Vec<u8>>) -> Finding {
    let id = expected["entity_id"].as_str().expect("an entity id");
    let features = features(expected, certificates);
    match IdpMetadata::parse_entity(xml, id) {
        Ok(idp) => match differs(&idp, expected, certificates) {
            Some(difference) => Finding::wrong(format!("{id}: {difference}")),
            None => Finding::as_stated(features),
        },
        Err(Refusal::SigningKeyUnsupported) if features.contains("weak-keys-only") => {
            Finding::too_weak()
        }
        Err(refusal) => Finding::otherwise(features, refusal.code()),
    }
}

/// Without an entity id: the only IdP, or none.
fn judge_choice(entry: &Entry, xml: &str) -> Option<Finding> {
    let expected = entry.value("expected");
    let listed = IdpMetadata::entity_ids(xml).expect("metadata").len();
    let refusal = IdpMetadata::parse(xml).err();
    match (listed, refusal) {
        (0, Some(Refusal::IdpRoleMissing))
        | (2.., Some(Refusal::EntityAmbiguous | Refusal::IdpRoleRepeated)) => {
            Some(Finding::as_stated(BTreeSet::new()))
        }
        // Judged by its entity id.
        (1, _) if expected["idp_entities"].as_u64() >= Some(1) => None,
        (listed, refusal) => Some(Finding::wrong(format!("{listed} IdPs, {refusal:?}"))),
    }
}

/// The manifest names validUntil of the root; what it encloses ends no later.
fn judge_freshness(entry: &Entry, xml: &str) -> Option<Finding> {
    let until = UnixTime::parse(entry.get("fresh_until")?).expect("a time");
    let idp = IdpMetadata::parse(xml).ok()?;
    if idp.valid_until().is_some_and(|found| found <= until) {
        return Some(Finding::as_stated(BTreeSet::new()));
    }
    Some(Finding::wrong("validUntil does not count"))
}

/// The signature of the root under the key that it brings along: no reason to trust it, but enough
/// to see whether it holds.
fn judge_signature(xml: &str, verifies: bool) -> Finding {
    let document = Document::parse(xml, &METADATA_XML).expect("metadata");
    let signature = document.root().children_named(name::SIGNATURE).next().expect("a signature");
    let outcome = Signature::read(signature).and_then(|signature| {
        verify_signature(&signature, &embedded_keys(xml), sha1(), &CANONICAL_METADATA_XML).map(drop)
    });
    let is_weak = cfg!(not(saml_verify_legacy_vectors)) && code(&outcome) == "sha1_refused";
    match outcome {
        Ok(()) if verifies => Finding::as_stated(BTreeSet::new()),
        Err(_) if !verifies => Finding::as_stated(BTreeSet::new()),
        Err(_) if is_weak => Finding::too_weak(),
        outcome => Finding::wrong(format!("the signature: {}", code(&outcome))),
    }
}

fn embedded_keys(xml: &str) -> Vec<TrustedKey> {
    let document = Document::parse(xml, &METADATA_XML).expect("metadata");
    let signature = document.root().children_named(name::SIGNATURE).next().expect("a signature");
    let certificates = certificates(signature).into_iter();
    let keys = certificates.filter_map(|der| Certificate::from_der(&der).ok()?.key().ok().cloned());
    keys.collect()
}

/// Every certificate inside an element, in DER.
fn certificates(element: Element<'_>) -> Vec<Vec<u8>> {
    let elements = element.descendants().filter(|it| it.is(name::X509_CERTIFICATE));
    let texts = elements.filter_map(|it| it.text().ok());
    texts.filter_map(|text| der(&text)).collect()
}

/// In base64, or in base64 of PEM.
fn der(text: &str) -> Option<Vec<u8>> {
    let octets = base64_decode(text).ok()?;
    let Ok(pem) = str::from_utf8(&octets) else { return Some(octets) };
    base64_decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>().as_str())
        .ok()
}

/// Every certificate of a document by the SHA-1 that the manifest gives.
fn certificates_by_sha1(xml: &str) -> BTreeMap<String, Vec<u8>> {
    let document = Document::parse(xml, &METADATA_XML).expect("metadata");
    let pair = |der: Vec<u8>| (hex(&Digest::Sha1.of(&der)), der);
    certificates(document.root()).into_iter().map(pair).collect()
}

/// How what was read differs from what the manifest expects.
fn differs(
    idp: &IdpMetadata,
    expected: &Value,
    certificates: &BTreeMap<String, Vec<u8>>,
) -> Option<String> {
    let expected = &expected["idp"];
    let wants = matches!(expected["want_authn_requests_signed"].as_str(), Some("true" | "1"));
    if idp.want_authn_requests_signed() != wants {
        return Some(String::from("WantAuthnRequestsSigned"));
    }
    let formats: Vec<&str> = idp.name_id_formats().iter().map(String::as_str).collect();
    if formats != strings(&expected["name_id_formats"]) {
        return Some(format!("formats are {formats:?}"));
    }
    for (name, endpoints) in
        [("sso", idp.single_sign_on_services()), ("slo", idp.single_logout_services())]
    {
        let usable = usable(&expected[name], &idp.warnings(UnixTime::from_seconds(0)));
        if endpoints != usable {
            return Some(format!("{name} is {endpoints:?}, not {usable:?}"));
        }
    }
    let signing = strings(&expected["signing_certs_sha1"]);
    let wanted =
        signing.iter().map(|sha1| certificates.get(*sha1).map(|der| Digest::Sha256.of(der)));
    let found = idp.certificates().iter().map(|it| Some(it.fingerprint().to_vec()));
    let is_same = wanted.collect::<BTreeSet<_>>() == found.collect();
    (!is_same).then(|| String::from("other certificates"))
}

/// The expected endpoints that can be used; each of the others must have been warned of.
fn usable(expected: &Value, warnings: &[Warning]) -> Vec<Endpoint> {
    let mut usable = Vec::new();
    for endpoint in array(expected) {
        let text = |name: &str| endpoint[name].as_str();
        let binding = match text("binding") {
            Some("HTTP-Redirect") => Binding::HttpRedirect,
            Some("HTTP-POST") => Binding::HttpPost,
            _ => continue,
        };
        let url = |location: &str| {
            let url = Location::parse(location).filter(|it| it.url().scheme() == "https");
            let location = location.to_owned();
            assert!(url.is_some() || warnings.contains(&Warning::EndpointUnusable { location }));
            url
        };
        let response_location = text("response_location").and_then(url);
        if let Some(location) = url(text("location").expect("a location")) {
            usable.push(Endpoint { binding, location, response_location });
        }
    }
    usable
}

/// What a rule may refer to.
fn features(expected: &Value, certificates: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    let protocols = strings(&expected["idp"]["protocols"]);
    let signing = strings(&expected["idp"]["signing_certs_sha1"]);
    let signing: Vec<_> = signing.iter().map(|sha1| certificates.get(*sha1)).collect();
    let is_weak = |der: &Option<&Vec<u8>>| der.is_some_and(|der| is_rsa_below_2048(der));
    let mut features = BTreeSet::new();
    for (feature, is_there) in [
        ("saml-1-only", !protocols.contains(&SAML_2)),
        ("key-info-in-no-ds", signing.contains(&None)),
        ("no-signing-key", signing.is_empty()),
        ("placeholder", expected["entity_id"].as_str().is_some_and(|id| id.contains("{tenant"))),
        ("weak-keys-only", cfg!(not(saml_verify_legacy_vectors)) && signing.iter().all(is_weak)),
    ] {
        if is_there {
            features.insert(feature.to_owned());
        }
    }
    features
}

fn is_rsa_below_2048(der: &[u8]) -> bool {
    let certificate = CertificateInner::<Raw>::from_der(der).expect("a certificate");
    let spki = certificate.tbs_certificate().subject_public_key_info().owned_to_ref();
    PublicKey::try_from(spki).is_ok_and(|key| key.n().bit_width_vartime() < 2048)
}

fn array(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
