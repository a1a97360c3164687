//! Any plaintext, well encrypted to us as anybody can do it (row E1): refused, or saying what one
//! of the genuine assertions says. Then any text as an EncryptedAssertion.

#![no_main]

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_edge_fuzz::world::said::Said;
use saml_edge_fuzz::world::{NOW, TRUTHS, expected};
use saml_verify::error::Refusal;
use saml_verify::internals::encoding::base64_encode;
use saml_verify::internals::name::ENCRYPTED_ASSERTION;
use saml_verify::internals::{Document, EncryptedData, Surroundings, with_line_feeds};
use saml_verify::limits::MESSAGE_XML;
use saml_verify::saml::{Received, receive};

const KEY: [u8; 16] = [7; 16];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    if let Ok(said) = open(&sealed(text)) {
        assert!(TRUTHS.contains(&said), "{said:?}");
    }
    read(text);
});

/// What the Response in `message` says. Every EncryptedKey holds the same content key.
fn open(message: &str) -> Result<Said, Refusal> {
    let expected = expected();
    let mut received = receive(message, &expected, NOW)?;
    loop {
        received = match received {
            Received::Accepted(accepted) => return Ok(Said::of(&accepted)),
            Received::Sealed(sealed) => sealed.open(&KEY)?,
        };
    }
}

/// A Response around the ciphertext of `plain`.
fn sealed(plain: &str) -> String {
    let nonce = Nonce::from([1; 12]);
    let cipher = Aes128Gcm::new(&KEY.into()).encrypt(&nonce, plain.as_bytes()).expect("short");
    let value = base64_encode(&[nonce.to_vec(), cipher].concat());
    let key = base64_encode(&[1; 256]);
    include_str!("sealed.xml").replace("{cipher}", &value).replace("{key}", &key)
}

fn read(text: &str) {
    let text = with_line_feeds(text);
    let Ok(document) = Document::parse(&text, &MESSAGE_XML) else { return };
    for element in document.root().descendants().filter(|it| it.is(ENCRYPTED_ASSERTION)) {
        let Ok(data) = EncryptedData::read(element, Surroundings::Verified) else { continue };
        assert!((1..=4).contains(&data.keys().len()));
        for length in [16, 24, 32] {
            let _ = data.decrypt(&KEY.repeat(2)[..length]);
        }
    }
}
