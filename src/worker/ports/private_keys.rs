//! Private keys in WebCrypto: in wasm one RSA operation would take 8 ms of a request's CPU time.

use saml_verify::xmlenc::{EncryptedKey, OaepDigest};
use worker::js_sys::{Array, Object, Reflect, Uint8Array, global};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Crypto, CryptoKey, SubtleCrypto};

use crate::crypto::sp_keys::SpKey;
use crate::platform::keys::PrivateKeys;

pub(in crate::worker) struct WebCryptoKeys<'a>(pub(in crate::worker) &'a [SpKey]);

impl PrivateKeys for WebCryptoKeys<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    async fn unwrap(&self, key: &EncryptedKey, index: usize) -> Option<Vec<u8>> {
        decrypt(self.0.get(index)?, key).await.ok()
    }

    async fn sign(&self, octets: &[u8]) -> Option<Vec<u8>> {
        sign(self.0.first()?, octets).await.ok()
    }
}

async fn decrypt(private: &SpKey, key: &EncryptedKey) -> Result<Vec<u8>, JsValue> {
    let hash = match key.digest {
        OaepDigest::Sha1 => "SHA-1",
        OaepDigest::Sha256 => "SHA-256",
        OaepDigest::Sha384 => "SHA-384",
        OaepDigest::Sha512 => "SHA-512",
    };
    let algorithm = algorithm("RSA-OAEP", hash)?;
    let imported = import(private, &algorithm, "decrypt").await?;
    let plain = subtle()?.decrypt_with_object_and_u8_array(&algorithm, &imported, &key.cipher)?;
    Ok(Uint8Array::new(&JsFuture::from(plain).await?).to_vec())
}

async fn sign(private: &SpKey, octets: &[u8]) -> Result<Vec<u8>, JsValue> {
    let algorithm = algorithm("RSASSA-PKCS1-v1_5", "SHA-256")?;
    let imported = import(private, &algorithm, "sign").await?;
    let value = subtle()?.sign_with_object_and_u8_array(&algorithm, &imported, octets)?;
    Ok(Uint8Array::new(&JsFuture::from(value).await?).to_vec())
}

fn algorithm(name: &str, hash: &str) -> Result<Object, JsValue> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &name.into())?;
    Reflect::set(&algorithm, &"hash".into(), &hash.into())?;
    Ok(algorithm)
}

async fn import(private: &SpKey, algorithm: &Object, usage: &str) -> Result<CryptoKey, JsValue> {
    let pkcs8 = Uint8Array::from(private.pkcs8());
    let usages = Array::of1(&usage.into());
    let key = subtle()?.import_key_with_object("pkcs8", &pkcs8, algorithm, false, &usages)?;
    Ok(JsFuture::from(key).await?.unchecked_into())
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(Reflect::get(&global(), &"crypto".into())?.unchecked_into::<Crypto>().subtle())
}
