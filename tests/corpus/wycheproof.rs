//! `rsa`, `ecdsa`, `aes`: every test of Wycheproof's files, by the code that responses go through.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_edge::{PrivateKeys as _, RsaKeys};
use saml_verify::dsig::TrustedKey;
use saml_verify::internals::{Digest, SignatureMethod, verify_octets};
use saml_verify::internals::{Document, EncryptedData, Surroundings};
use saml_verify::limits::MESSAGE_XML;
use saml_verify::xmlenc::{EncryptedKey, OaepDigest};
use serde_json::Value;

use crate::finding::Finding;
use crate::login::block_on;
use crate::manifest::{Corpus, Entry};

pub(crate) fn run_rsa(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    match entry.text("algorithm") {
        "RSASSA-PKCS1-v1_5" => each_signature(corpus, entry, SignatureMethod::RsaPkcs1v15),
        "RSASSA-PSS" => each_signature(corpus, entry, SignatureMethod::RsaPss),
        "RSAES-OAEP" => each(corpus, entry, unwrap),
        "RSAES-PKCS1-v1_5" => vec![Finding::not_covered(BTreeSet::from(["RSAES".to_owned()]))],
        _ => vec![Finding::not_covered(not_here())],
    }
}

pub(crate) fn run_ecdsa(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    each_signature(corpus, entry, SignatureMethod::Ecdsa)
}

pub(crate) fn run_aes(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    match entry.text("algorithm") {
        "AES-GCM" => each(corpus, entry, open_gcm),
        "AES-CBC-PKCS5" => each(corpus, entry, open_cbc),
        _ => vec![Finding::not_covered(not_here())],
    }
}

/// The findings of every test in every group.
fn each(corpus: &Corpus, entry: &Entry, judge: impl Fn(&Value, &Value) -> Finding) -> Vec<Finding> {
    let file: Value = serde_json::from_slice(&corpus.file(entry)).expect("JSON");
    let groups = array(&file["testGroups"]).iter();
    groups.flat_map(|group| array(&group["tests"]).iter().map(|test| judge(group, test))).collect()
}

fn each_signature(
    corpus: &Corpus,
    entry: &Entry,
    method: fn(Digest) -> SignatureMethod,
) -> Vec<Finding> {
    each(corpus, entry, |group, test| {
        let Some(digest) = digest_as_here(group) else { return Finding::not_covered(not_here()) };
        let features = key_features(group);
        let key = match TrustedKey::from_spki_der(&octets(&group["publicKeyDer"])) {
            Ok(key) => key,
            Err(refusal) => return Finding::otherwise(features, refusal.code()),
        };
        let (message, signature) = (octets(&test["msg"]), octets(&test["sig"]));
        let holds = verify_octets(&key, method(digest), &message, &signature).is_ok();
        // The acceptable ones leave out the NULL in DigestInfo: RFC 8017 §9.2 has it there, and
        // whoever takes both forms has to parse what must be compared as a whole (row D4).
        compare(test, holds == (test["result"] == "valid"), features)
    })
}

/// The digest of a group, if its parameters are those that XML-DSig has (row D8).
fn digest_as_here(group: &Value) -> Option<Digest> {
    let (digest, octets) = match text(&group["sha"]) {
        "SHA-256" => (Digest::Sha256, 32),
        "SHA-384" => (Digest::Sha384, 48),
        "SHA-512" => (Digest::Sha512, 64),
        _ => return None,
    };
    let is_here = match text(&group["type"]) {
        "RsassaPkcs1Verify" | "EcdsaP1363Verify" => true,
        "RsassaPssVerify" => group["sLen"] == octets && group["mgfSha"] == group["sha"],
        _ => false,
    };
    is_here.then_some(digest)
}

/// What a rule may refer to: keys that are not taken (row D5).
fn key_features(group: &Value) -> BTreeSet<String> {
    let key = &group["publicKey"];
    let exponent = key["publicExponent"].as_str().map(|it| u64::from_str_radix(it, 16));
    let is_small = exponent.is_some_and(|exponent| exponent.is_ok_and(|it| it < 65_537));
    let is_curve = |curve: &Value| curve == "secp256r1" || curve == "secp384r1";
    let is_other = key.get("curve").is_some_and(|curve| !is_curve(curve));
    let mut features = BTreeSet::new();
    for (feature, is_there) in [("small-exponent", is_small), ("other-curve", is_other)] {
        if is_there {
            features.insert(feature.to_owned());
        }
    }
    features
}

fn not_here() -> BTreeSet<String> {
    BTreeSet::from([String::from("not-here")])
}

/// A content key, as an EncryptedKey carries it.
fn unwrap(group: &Value, test: &Value) -> Finding {
    let digest = match (text(&group["sha"]), text(&group["mgfSha"])) {
        ("SHA-1", "SHA-1") => OaepDigest::Sha1,
        ("SHA-256", "SHA-256") => OaepDigest::Sha256,
        ("SHA-384", "SHA-384") => OaepDigest::Sha384,
        ("SHA-512", "SHA-512") => OaepDigest::Sha512,
        _ => return Finding::not_covered(BTreeSet::from([String::from("digests-differ")])),
    };
    if !text(&test["label"]).is_empty() {
        return Finding::not_covered(BTreeSet::from([String::from("label")]));
    }
    let keys = RsaKeys::from_pems([text(&group["privateKeyPem"])]).expect("a private key");
    let key = EncryptedKey { digest, cipher: octets(&test["ct"]) };
    let found = block_on(keys.unwrap(&key, 0));
    let expected = (text(&test["result"]) == "valid").then(|| octets(&test["msg"]));
    if found.is_some() && text(&test["comment"]) == "First byte is 1" {
        return Finding::otherwise(BTreeSet::from([String::from("first-octet")]), "accepted");
    }
    compare(test, found == expected, BTreeSet::new())
}

fn open_gcm(group: &Value, test: &Value) -> Finding {
    if group["ivSize"] != 96 || group["tagSize"] != 128 || !text(&test["aad"]).is_empty() {
        return Finding::not_covered(BTreeSet::from([String::from("no-xmlenc-gcm")]));
    }
    let cipher = [octets(&test["iv"]), octets(&test["ct"]), octets(&test["tag"])].concat();
    let uri = match group["keySize"].as_u64() {
        Some(128) => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
        Some(192) => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
        _ => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    };
    open(test, uri, &cipher, text(&test["result"]) == "valid")
}

fn open_cbc(group: &Value, test: &Value) -> Finding {
    // XML Encryption reads only the last octet of the padding, so most of what is bad for PKCS#5
    // is good here.
    if text(&test["result"]) != "valid" {
        return Finding::not_covered(BTreeSet::from([String::from("pkcs5-padding")]));
    }
    let cipher = [octets(&test["iv"]), octets(&test["ct"])].concat();
    let uri = match group["keySize"].as_u64() {
        Some(128) => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        Some(192) => "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        _ => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    };
    open(test, uri, &cipher, true)
}

fn open(test: &Value, uri: &str, cipher: &[u8], is_valid: bool) -> Finding {
    let cipher = STANDARD.encode(cipher);
    let text = format!(
        "<e xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"><xenc:EncryptedData>\
         <xenc:EncryptionMethod Algorithm=\"{uri}\"/><xenc:CipherData><xenc:CipherValue>{cipher}\
         </xenc:CipherValue></xenc:CipherData></xenc:EncryptedData><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"/>\
         <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></e>"
    );
    let document = Document::parse(&text, &MESSAGE_XML).expect("XML");
    let data = EncryptedData::read(document.root(), Surroundings::Verified).expect("a shape");
    let opened = data.decrypt_octets(&octets(&test["key"])).ok();
    compare(test, opened == is_valid.then(|| octets(&test["msg"])), BTreeSet::new())
}

fn compare(test: &Value, is_right: bool, features: BTreeSet<String>) -> Finding {
    if is_right {
        return Finding::as_stated(features);
    }
    Finding::wrong(format!("test {}: {}", test["tcId"], test["comment"]))
}

fn octets(hexadecimal: &Value) -> Vec<u8> {
    let digits = text(hexadecimal).as_bytes().chunks(2);
    let pair =
        |it| u8::from_str_radix(str::from_utf8(it).expect("ASCII"), 16).expect("hexadecimal");
    digits.map(pair).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}
