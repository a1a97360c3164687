//! Signature values (rows D4, D6, D8): forged ones that careless verifiers took, made with the very
//! keys. Wycheproof's are in `tests/corpus`.

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::EncodePublicKey as _;
use rsa::PrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use saml_verify::dsig::TrustedKey;
use saml_verify::internals::{Digest, SignatureMethod, verify_octets};
use sha2::{Digest as _, Sha256};

const MESSAGE: &[u8] = b"signed";
const PKCS1: SignatureMethod = SignatureMethod::RsaPkcs1v15(Digest::Sha256);
const PSS: SignatureMethod = SignatureMethod::RsaPss(Digest::Sha256);
const ECDSA: SignatureMethod = SignatureMethod::Ecdsa(Digest::Sha256);

/// The DER of a DigestInfo for SHA-256 (RFC 8017 §9.2 note 1), then the same without its NULL.
const PREFIX: [u8; 19] =
    *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const PREFIX_WITHOUT_NULL: [u8; 17] =
    *b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";

fn rsa_key() -> (PrivateKey, TrustedKey) {
    let key = PrivateKey::from_pkcs8_pem(include_str!("../../../../tests/common/idp.key.pem"))
        .expect("a key");
    let public = key.to_public_key().to_public_key_der().expect("DER");
    (key, TrustedKey::from_spki_der(public.as_bytes()).expect("a strong key"))
}

/// RSASP1 (RFC 8017 §5.2.1): whatever the block.
fn raw_signature(key: &PrivateKey, block: &[u8]) -> Vec<u8> {
    let params: &BoxedMontyParams = key.n_params();
    let block = BoxedUint::from_be_slice(block, params.bits_precision()).expect("fits");
    BoxedMontyForm::new(block, params).pow(key.d()).retrieve().to_be_bytes().to_vec()
}

/// 00 01 FF…FF 00 and what follows, with as much padding as makes 256 octets with `rest`.
fn block(info: &[u8], rest: &[u8]) -> Vec<u8> {
    let padding = 256 - 3 - info.len() - rest.len();
    [&[0, 1][..], &vec![0xff; padding], &[0], info, rest].concat()
}

/// Row D4: only the one block is right; nothing in it is parsed.
#[test]
fn refuses_every_padding_but_the_one() {
    let (key, trusted) = rsa_key();
    let holds =
        |block: &[u8]| verify_octets(&trusted, PKCS1, MESSAGE, &raw_signature(&key, block)).is_ok();
    let hash = Sha256::digest(MESSAGE);
    let info = [&PREFIX[..], &hash].concat();
    let good = block(&info, b"");
    assert!(holds(&good), "the right one");

    let short = [&[0, 1][..], &[0xff; 8], &[0], &info].concat();
    let changed = |at: usize, octet: u8| {
        let mut block = good.clone();
        *block.get_mut(at).expect("within") = octet;
        block
    };
    for (block, name) in [
        // Bleichenbacher 2006: few octets of padding, the digest, and room to make a cube.
        ([&short[..], &vec![0; 256 - short.len()]].concat(), "garbage behind the digest"),
        (block(&info, &[0; 100]), "zeros behind the digest"),
        (block(&[&PREFIX_WITHOUT_NULL[..], &hash].concat(), b""), "no NULL"),
        (block(&hash, b""), "no DigestInfo"),
        (changed(0, 1), "another first octet"),
        (changed(1, 2), "the padding of encryption"),
        (changed(1, 0), "the padding of type 0"),
        (changed(2, 0), "an early end of the padding"),
        (changed(100, 0xfe), "a hole in the padding"),
        (changed(256 - 52, 0xff), "no end of the padding"),
        (changed(256 - 51, 0x31), "another tag"),
        (changed(256 - 50, 0x81), "another length"),
        (changed(256 - 34, 0x30), "another tag of the digest"),
    ] {
        assert!(!holds(&block), "{name}");
    }
}

/// Row D4: s + n has the same cube as s, and 256 octets are 256 octets.
#[test]
fn refuses_signatures_of_another_length_or_size() {
    let (key, trusted) = rsa_key();
    let signature =
        raw_signature(&key, &block(&[&PREFIX[..], &Sha256::digest(MESSAGE)].concat(), b""));
    let modulus = key.n().to_be_bytes();
    for value in [
        &[][..],
        &signature[1..],
        &[&signature[..], &[0]].concat(),
        &[&[0], &signature[..]].concat(),
        &[0; 256],
        &[0xff; 256],
        &modulus,
    ] {
        assert!(verify_octets(&trusted, PKCS1, MESSAGE, value).is_err());
        assert!(verify_octets(&trusted, PSS, MESSAGE, value).is_err());
    }
    assert!(verify_octets(&trusted, PKCS1, MESSAGE, &signature).is_ok());
}

/// MGF1 with SHA-256 (RFC 8017 §B.2.1).
fn mask(seed: &[u8], length: usize) -> Vec<u8> {
    let block = |counter: u32| Sha256::digest([seed, &counter.to_be_bytes()].concat());
    (0..).flat_map(block).take(length).collect()
}

/// EMSA-PSS (RFC 8017 §9.1.1) in 256 octets, with this salt and this last octet.
fn pss_block(salt: &[u8], trailer: u8) -> Vec<u8> {
    let hash = Sha256::digest([&[0; 8][..], &Sha256::digest(MESSAGE), salt].concat());
    let mut data = [&vec![0; 256 - 34 - salt.len()][..], &[1], salt].concat();
    for (octet, mask) in data.iter_mut().zip(mask(&hash, 256 - 33)) {
        *octet ^= mask;
    }
    *data.first_mut().expect("some") &= 0x7f;
    [&data[..], &hash, &[trailer]].concat()
}

/// Row D8: the salt is as long as the digest, whatever the signer would like.
#[test]
fn refuses_another_salt() {
    let (key, trusted) = rsa_key();
    let holds =
        |block: &[u8]| verify_octets(&trusted, PSS, MESSAGE, &raw_signature(&key, block)).is_ok();
    assert!(holds(&pss_block(&[7; 32], 0xbc)), "the right one");
    for length in [0, 20, 31, 33, 64, 222] {
        assert!(!holds(&pss_block(&vec![7; length], 0xbc)), "{length}");
    }
    assert!(!holds(&pss_block(&[7; 32], 0xcc)), "another trailer");
    // Nor does one scheme pass for the other.
    let signature = raw_signature(&key, &pss_block(&[7; 32], 0xbc));
    assert!(verify_octets(&trusted, PKCS1, MESSAGE, &signature).is_err());
    assert!(verify_octets(&trusted, ECDSA, MESSAGE, &signature).is_err());
}

/// Row D6: "psychic signatures" of zeros, r and s of the group's order, and other encodings.
#[test]
fn refuses_ecdsa_values_out_of_range_or_width() {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a scalar");
    let der = key.verifying_key().to_public_key_der().expect("DER");
    let trusted = TrustedKey::from_spki_der(der.as_bytes()).expect("a key on P-256");
    let signature: p256::ecdsa::Signature =
        key.sign_prehash(&Sha256::digest(MESSAGE)).expect("a signature");
    let holds = |value: &[u8]| verify_octets(&trusted, ECDSA, MESSAGE, value).is_ok();
    let good = signature.to_bytes().to_vec();
    assert!(holds(&good), "the right one");

    let (r, s) = good.split_at(32);
    let order = b"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad\
        \xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";
    for (name, value) in [
        ("zeros", vec![0; 64]),
        ("r is zero", [&[0; 32], s].concat()),
        ("s is zero", [r, &[0; 32]].concat()),
        ("r is n", [&order[..], s].concat()),
        ("s is n", [r, order].concat()),
        ("both are n", [order, &order[..]].concat()),
        ("all bits", vec![0xff; 64]),
        ("nothing", Vec::new()),
        ("short", good[..63].to_vec()),
        ("long", [&good[..], &[0]].concat()),
        ("the width of P-384", [&[0; 16], r, &[0; 16], s].concat()),
        ("DER", signature.to_der().as_bytes().to_vec()),
        ("changed places", [s, r].concat()),
    ] {
        assert!(!holds(&value), "{name}");
    }
    assert!(verify_octets(&trusted, PKCS1, MESSAGE, &good).is_err(), "a method of another kind");
}
