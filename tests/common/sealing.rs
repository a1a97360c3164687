//! Encryption by the libraries themselves, in the shape of XML Encryption.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::Aead;
use aes_gcm::aead::consts::U12;
use aes_gcm::{AesGcm, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::{Oaep, PublicKey};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

pub const GCM_128: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
pub const GCM_192: &str = "http://www.w3.org/2009/xmlenc11#aes192-gcm";
pub const GCM_256: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
pub const CBC_128: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
pub const CBC_192: &str = "http://www.w3.org/2001/04/xmlenc#aes192-cbc";
pub const CBC_256: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

pub const MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
pub const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

/// How to encrypt one element.
#[derive(Clone)]
pub struct Sealing {
    pub data: &'static str,
    pub transport: &'static str,
    /// DigestMethod and MGF by the name of their hash; empty leaves the element out.
    pub digest: &'static str,
    pub mgf: &'static str,
    pub recipients: Vec<PublicKey>,
    /// EncryptedKeys behind EncryptedData instead of inside its KeyInfo.
    pub beside: bool,
    /// The CipherValue of the data, whatever is to be encrypted.
    pub cipher: Option<&'static str>,
}

impl Sealing {
    pub fn to(recipient: &PublicKey) -> Self {
        Self {
            data: GCM_256,
            transport: MGF1P,
            digest: "",
            mgf: "",
            recipients: vec![recipient.clone()],
            beside: false,
            cipher: None,
        }
    }

    /// `plain` encrypted, inside an element of the assertion namespace called `local`.
    pub fn seal(&self, local: &str, plain: &str) -> String {
        let key = content_key(self.data);
        let cipher = || STANDARD.encode(encrypt(self.data, &key, plain.as_bytes()));
        let cipher = self.cipher.map_or_else(cipher, str::to_owned);
        let keys: String = self.recipients.iter().map(|it| self.encrypted_key(it, &key)).collect();
        let (inside, behind) =
            if self.beside { (String::new(), keys) } else { (keys, String::new()) };
        let data = self.data;
        format!(
            "<saml:{local} xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
            <xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
            Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod \
            Algorithm=\"{data}\"></xenc:EncryptionMethod><ds:KeyInfo \
            xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{inside}</ds:KeyInfo><xenc:CipherData>\
            <xenc:CipherValue>{cipher}</xenc:CipherValue></xenc:CipherData>\
            </xenc:EncryptedData>{behind}</saml:{local}>"
        )
    }

    fn encrypted_key(&self, recipient: &PublicKey, key: &[u8]) -> String {
        let cipher = match self.digest {
            "" | "sha1" => recipient.encrypt(&mut Counting(7), Oaep::<Sha1>::new(), key),
            "sha256" => recipient.encrypt(&mut Counting(7), Oaep::<Sha256>::new(), key),
            "sha384" => recipient.encrypt(&mut Counting(7), Oaep::<Sha384>::new(), key),
            _ => recipient.encrypt(&mut Counting(7), Oaep::<Sha512>::new(), key),
        };
        let cipher = STANDARD.encode(cipher.expect("encrypts"));
        let digest = match self.digest {
            "" => String::new(),
            "sha1" => method("ds", "DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
            "sha384" => {
                method("ds", "DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#sha384")
            }
            name => {
                method("ds", "DigestMethod", &format!("http://www.w3.org/2001/04/xmlenc#{name}"))
            }
        };
        let mgf = match self.mgf {
            "" => String::new(),
            name => method("xenc11", "MGF", &format!("http://www.w3.org/2009/xmlenc11#mgf1{name}")),
        };
        let transport = self.transport;
        // Behind EncryptedData `xenc` is not declared.
        let xenc =
            if self.beside { r#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#""# } else { "" };
        format!(
            "<xenc:EncryptedKey{xenc}><xenc:EncryptionMethod \
            Algorithm=\"{transport}\">{digest}{mgf}</xenc:EncryptionMethod><xenc:CipherData>\
            <xenc:CipherValue>{cipher}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        )
    }
}

fn method(prefix: &str, local: &str, algorithm: &str) -> String {
    let uri = match prefix {
        "ds" => "http://www.w3.org/2000/09/xmldsig#",
        _ => "http://www.w3.org/2009/xmlenc11#",
    };
    format!(
        "<{prefix}:{local} xmlns:{prefix}=\"{uri}\" Algorithm=\"{algorithm}\"></{prefix}:{local}>"
    )
}

fn content_key(data: &str) -> Vec<u8> {
    let length = match data {
        GCM_128 | CBC_128 => 16,
        GCM_192 | CBC_192 => 24,
        _ => 32,
    };
    (0..length).collect()
}

fn encrypt(data: &str, key: &[u8], plain: &[u8]) -> Vec<u8> {
    match data {
        GCM_128 => gcm::<AesGcm<Aes128, U12>>(key, plain),
        GCM_192 => gcm::<AesGcm<Aes192, U12>>(key, plain),
        CBC_128 => cbc::<Encryptor<Aes128>>(key, plain),
        CBC_192 => cbc::<Encryptor<Aes192>>(key, plain),
        CBC_256 => cbc::<Encryptor<Aes256>>(key, plain),
        _ => gcm::<AesGcm<Aes256, U12>>(key, plain),
    }
}

fn gcm<C: Aead + KeyInit>(key: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = [9; 12];
    let cipher = C::new_from_slice(key).expect("a key of this size");
    let nonce_array = nonce.as_slice().try_into().expect("twelve octets");
    [&nonce[..], &cipher.encrypt(nonce_array, plain).expect("encrypts")].concat()
}

fn cbc<C: BlockModeEncrypt + KeyIvInit>(key: &[u8], plain: &[u8]) -> Vec<u8> {
    let vector = [5; 16];
    let cipher = C::new_from_slices(key, &vector).expect("a key of this size");
    [&vector[..], &cipher.encrypt_padded_vec::<Pkcs7>(plain)].concat()
}

/// Random enough for a test, and the same each time.
struct Counting(u8);

impl TryRng for Counting {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Self::Error> {
        for octet in octets {
            self.0 = self.0.wrapping_mul(73).wrapping_add(19);
            *octet = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}
