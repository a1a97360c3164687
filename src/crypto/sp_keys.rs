//! `SP_KEYS` and `SP_CERTIFICATES`: the service's RSA keys and their certificates, as they are
//! stored.

use core::fmt;

use der::pem;
use rsa::pkcs1::{
    UintRef, {self},
};
use rsa::pkcs8::PrivateKeyInfoRef;
use saml_verify::dsig::{Certificate, TrustedKey};
use saml_verify::limits::ENCRYPTED_KEYS;

/// A private key with its certificate, if it has one. Nothing prints it.
pub struct SpKey {
    pkcs8: Vec<u8>,
    public: TrustedKey,
    certificate: Option<Vec<u8>>,
}

/// What must be, where it is not.
const KEYS: &str = "one to four RSA keys in PEM (PKCS#8)";
const CERTIFICATES: &str = "X.509 certificates in PEM";
const PAIRS: &str = "certificates of the keys in SP_KEYS alone, one for each key";

impl SpKey {
    /// Reads `SP_KEYS`: one to four PEM blocks `PRIVATE KEY` (PKCS#8, RSA of 2048 bits or more),
    /// newest first, and with them the `CERTIFICATE` of those that have one. The error says what
    /// must be and is not.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, &'static str> {
        let blocks = blocks(text).ok_or(KEYS)?;
        let (keys, others): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|block| block.label == "PRIVATE KEY");
        let keys = keys.into_iter().map(|block| Self::new(block.octets)).collect::<Option<_>>();
        let mut keys: Vec<Self> = keys.ok_or(KEYS)?;
        if !(1..=ENCRYPTED_KEYS).contains(&keys.len()) {
            return Err(KEYS);
        }
        certify(&mut keys, others, KEYS)?;
        Ok(keys)
    }

    fn new(pkcs8: Vec<u8>) -> Option<Self> {
        let public = public_key(&pkcs8)?;
        Some(Self { pkcs8, public, certificate: None })
    }

    /// PKCS#8 in DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The certificate in DER, which is what others know the key by.
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }
}

/// Reads `SP_CERTIFICATES`: those for which a secret of 5 KB has no room beside two keys. Where
/// there are no keys, as there are none before a deploy, only its form is looked at.
pub(crate) fn add_certificates(keys: &mut [SpKey], text: &str) -> Result<(), &'static str> {
    certify(keys, blocks(text).ok_or(CERTIFICATES)?, CERTIFICATES)
}

/// Gives each certificate to its key: with a certificate of another key, IdPs would encrypt to, or
/// verify with, a key that is not ours.
fn certify(
    keys: &mut [SpKey],
    blocks: Vec<Block>,
    expected: &'static str,
) -> Result<(), &'static str> {
    for Block { label, octets } in blocks {
        if label != "CERTIFICATE" {
            return Err(expected);
        }
        let certificate = Certificate::from_der(&octets).map_err(|_| CERTIFICATES)?;
        if keys.is_empty() {
            continue;
        }
        let is_of = |key: &&mut SpKey| certificate.key().is_ok_and(|public| *public == key.public);
        let key = keys.iter_mut().find(is_of).ok_or(PAIRS)?;
        if key.certificate.replace(octets).is_some() {
            return Err(PAIRS);
        }
    }
    Ok(())
}

struct Block {
    label: String,
    octets: Vec<u8>,
}

/// The PEM blocks of a text that holds nothing else.
fn blocks(text: &str) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (block, behind) = rest.split_once("-----END ")?;
        let (label, behind) = behind.split_once("-----")?;
        let block = format!("{block}-----END {label}-----\n");
        let (label, octets) = pem::decode_vec(block.as_bytes()).ok()?;
        blocks.push(Block { label: label.to_owned(), octets });
        rest = behind.trim_start();
    }
    Some(blocks)
}

/// The public half, under the rules for an IdP's key. WebCrypto would take other keys, too, and
/// then say no more than that decrypting failed.
fn public_key(pkcs8: &[u8]) -> Option<TrustedKey> {
    let info = PrivateKeyInfoRef::try_from(pkcs8).ok()?;
    if info.algorithm.oid != pkcs1::ALGORITHM_OID {
        return None;
    }
    let key = pkcs1::RsaPrivateKey::<UintRef<'_>>::try_from(info.private_key).ok()?;
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    TrustedKey::from_rsa_numbers(modulus, exponent).ok()
}

impl fmt::Debug for SpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SpKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = include_str!("../../tests/common/sp.key.pem");
    const OTHER_KEY: &str = include_str!("../../tests/common/other.key.pem");

    fn block(label: &str, base64: &str) -> String {
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    }

    /// The certificate of `sp.key.pem`.
    fn certificate() -> String {
        let lines = include_str!("../../tests/common/sp.certificate.b64").trim();
        block("CERTIFICATE", lines)
    }

    #[test]
    fn reads_keys_and_gives_each_its_certificate() {
        let keys = SpKey::parse_all(&format!("\n{KEY}\n{}{OTHER_KEY}", certificate()));
        let keys = keys.expect("readable");
        assert_eq!(format!("{keys:?}"), "[SpKey, SpKey]");
        let certified = |keys: &[SpKey]| keys.iter().map(|it| it.certificate.is_some()).collect();
        let certified_keys: Vec<bool> = certified(&keys);
        assert_eq!(certified_keys, [true, false]);
        let mut keys = SpKey::parse_all(&format!("{OTHER_KEY}{KEY}")).expect("readable");
        add_certificates(&mut keys, &certificate()).expect("a certificate of a key");
        let certified_keys: Vec<bool> = certified(&keys);
        assert_eq!(certified_keys, [false, true]);
        assert!(SpKey::parse_all(&KEY.repeat(4)).is_ok());
    }

    #[test]
    fn refuses_keys_that_could_not_decrypt() {
        let ec = "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCABAQEBAQEBAQEBAQEB\
                  AQEBAQEBAQEBAQEBAQEBAQEBAQ==";
        for text in [
            "x".to_owned(),
            KEY.to_owned() + "x",
            KEY.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
            block("PRIVATE KEY", "?"),
            block("PRIVATE KEY", "AQID"),
            block("PRIVATE KEY", ec),
            certificate(),
            KEY.to_owned() + &block("PUBLIC KEY", "BAUG"),
            KEY.repeat(5),
        ] {
            assert_eq!(SpKey::parse_all(&text).err(), Some(KEYS), "{text}");
        }
    }

    #[test]
    fn refuses_certificates_that_are_of_no_key_here() {
        let certificate = certificate();
        for (text, expected) in [
            (format!("{KEY}{}", block("CERTIFICATE", "BAUG")), CERTIFICATES),
            (format!("{OTHER_KEY}{certificate}"), PAIRS),
            (format!("{KEY}{certificate}{certificate}"), PAIRS),
        ] {
            assert_eq!(SpKey::parse_all(&text).err(), Some(expected), "{text}");
        }
        let mut keys = SpKey::parse_all(OTHER_KEY).expect("readable");
        for (text, expected) in [("x", CERTIFICATES), (KEY, CERTIFICATES), (&*certificate, PAIRS)] {
            assert_eq!(add_certificates(&mut keys, text), Err(expected));
        }
        assert_eq!(add_certificates(&mut [], &certificate), Ok(()));
        assert_eq!(add_certificates(&mut [], "x"), Err(CERTIFICATES));
    }
}
