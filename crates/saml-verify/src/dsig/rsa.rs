//! RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2), for speed on the exponent that everybody has.
//!
//! The `rsa` crate raises to e as if e were secret: in constant time, over a window with a table of
//! sixteen powers, some forty multiplications for e = 65537. A public exponent hides nothing, so
//! here each of its bits costs one squaring and each set bit one multiplication: seventeen in all,
//! by the same library's Montgomery arithmetic and with the parameters the key already holds. The
//! checks around it are those of RFC 8017, none of them weaker than the crate's.

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::BoxedMontyForm;
use rsa::PublicKey;
use rsa::traits::PublicKeyParts as _;

/// True when `signature` is that of a digest under `key`. `prefix` is the DER in front of the
/// digest in a DigestInfo (RFC 8017 §9.2 note 1).
pub(super) fn holds(key: &PublicKey, prefix: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    match (recover(key, signature), encode(key.size(), prefix, digest)) {
        // The whole block is compared, octet by octet. Nothing in it is parsed, so there is nothing
        // to hide in it (row D4).
        (Some(recovered), Some(expected)) => recovered == expected,
        _ => false,
    }
}

/// RSAVP1 (RFC 8017 §5.2.2) between OS2IP and I2OSP: s to the power of e, modulo n. `None` for a
/// signature that is not exactly as long as n or not less than n.
fn recover(key: &PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let bits = key.n_params().bits_precision();
    if signature.len() != key.size() {
        return None;
    }
    let s = BoxedUint::from_be_slice(signature, bits).ok()?;
    if s >= *key.n().as_ref() {
        return None;
    }
    let s = BoxedMontyForm::new(s, key.n_params());
    let mut power = s.clone();
    for bit in bits_below_the_top(key.e()) {
        power = power.square();
        if bit {
            power *= &s;
        }
    }
    let octets = power.retrieve().to_be_bytes();
    octets.get(octets.len().checked_sub(key.size())?..).map(<[u8]>::to_vec)
}

/// The bits of `exponent` from the second highest down.
fn bits_below_the_top(exponent: &BoxedUint) -> impl Iterator<Item = bool> {
    let octets = exponent.to_be_bytes().into_vec().into_iter();
    let bits = octets.flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1 == 1));
    bits.skip_while(|bit| !bit).skip(1)
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01 FF…FF 00 and the DigestInfo, `length` octets in all.
fn encode(length: usize, prefix: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
    let padding = length.checked_sub(3 + prefix.len() + digest.len()).filter(|it| *it >= 8)?;
    let mut block = vec![0x00, 0x01];
    block.resize(2 + padding, 0xff);
    block.push(0x00);
    block.extend_from_slice(prefix);
    block.extend_from_slice(digest);
    Some(block)
}
