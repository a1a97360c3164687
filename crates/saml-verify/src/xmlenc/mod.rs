//! XML Encryption as SAML Core §6 uses it: an element that is encrypted for a service provider.
//!
//! Decryption proves nothing about the sender: anyone can encrypt to a public key. What comes out
//! goes through the very same verification as what comes in plain (row E1).

pub(crate) mod algorithm;
pub(crate) mod decrypt;
pub(crate) mod encrypted;

pub use crate::xmlenc::algorithm::OaepDigest;
pub use crate::xmlenc::encrypted::EncryptedKey;
