//! `xmlenc`: encrypted elements and what is in them.

use std::collections::BTreeSet;

use saml_edge::PrivateKeys as _;
use saml_verify::error::Refusal;
use saml_verify::internals::Digest;
use saml_verify::internals::encoding::hex;
use saml_verify::internals::{Document, EncryptedData, Surroundings, name};
use saml_verify::limits::MESSAGE_XML;

use crate::anchor;
use crate::finding::Finding;
use crate::login::block_on;
use crate::manifest::{Corpus, Entry};

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    vec![match plaintext(corpus, entry) {
        Ok(plain)
            if hex(&Digest::Sha256.of(plain.as_bytes())) == entry.text("plaintext_sha256") =>
        {
            Finding::as_stated(features(entry))
        }
        Ok(plain) => Finding::wrong(format!("decrypts to {plain}")),
        Err(Refusal::SigningKeyUnsupported) if cfg!(not(saml_verify_legacy_vectors)) => {
            Finding::too_weak()
        }
        Err(refusal) => Finding::otherwise(features(entry), refusal.code()),
    }]
}

fn plaintext(corpus: &Corpus, entry: &Entry) -> Result<String, Refusal> {
    let text = String::from_utf8(corpus.file(entry)).map_err(|_| Refusal::NotUtf8)?;
    let document = Document::parse(&text, &MESSAGE_XML)?;
    let data = document.root().descendants().find(|it| it.is(name::ENCRYPTED_DATA));
    let data = data.expect("encrypted data");
    // SAML has EncryptedData alone in an element; here it may stand among others.
    let declarations: String = data
        .prefixes_in_scope()
        .map(|prefix| {
            let attribute =
                if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            format!(" {attribute}=\"{}\"", data.namespace_of(prefix))
        })
        .collect();
    let alone = format!("<e{declarations}>{}</e>", text.get(data.range()).expect("its source"));
    let alone = Document::parse(&alone, &MESSAGE_XML)?;
    let data = EncryptedData::read(alone.root(), Surroundings::Verified)?;
    let keys = anchor::private_keys(corpus, &entry.list("sp_keys"))?;
    let content_key = data.keys().iter().find_map(|key| block_on(keys.unwrap(key, 0)));
    data.decrypt(&content_key.ok_or(Refusal::DecryptionFailed)?)
}

fn features(entry: &Entry) -> BTreeSet<String> {
    let names = ["data_algorithm", "key_algorithm", "oaep_digest", "mgf"];
    let is_oaep = entry.text("key_algorithm").contains("rsa-oaep");
    let is_aes = entry.text("data_algorithm").contains("#aes");
    let mut features: BTreeSet<String> = names
        .iter()
        .filter_map(|name| Some((name, entry.get(name)?)))
        .map(|(name, uri)| format!("{name} {}", uri.rsplit('#').next().unwrap_or(uri)))
        .collect();
    for (feature, is_there) in [
        ("no mgf", entry.get("mgf").is_none()),
        ("other transport", !is_oaep),
        ("other encryption", !is_aes),
    ] {
        if is_there {
            features.insert(feature.to_owned());
        }
    }
    features
}
