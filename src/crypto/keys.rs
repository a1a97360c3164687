//! Secrets of 32 octets, the order in which they come to be used, and what is derived from them.

use std::iter;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

use crate::encoding::{base64url_decode, base64url_encode};

/// `SESSION_KEYS` or `TOKEN_KEYS`: `current`, `current,next` or `current,next,previous`.
///
/// The current key makes, and what any of them made is taken. The next one makes nothing before a
/// rotation has moved it up: by then every Worker and every origin has known it since the rotation
/// before, so that it does not matter who hears of the new list first.
pub(crate) struct Keys<K = SecretKey> {
    current: K,
    next: Option<K>,
    previous: Vec<K>,
}

impl<K> Keys<K> {
    fn of(keys: impl IntoIterator<Item = K>) -> Option<Self> {
        let mut keys = keys.into_iter();
        Some(Self { current: keys.next()?, next: keys.next(), previous: keys.collect() })
    }

    /// The one that makes.
    pub(crate) const fn current(&self) -> &K {
        &self.current
    }

    /// Those that are taken, in the list's order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &K> {
        iter::once(&self.current).chain(&self.next).chain(&self.previous)
    }

    pub(crate) fn map<T>(&self, make: impl Fn(&K) -> T) -> Keys<T> {
        Keys {
            current: make(&self.current),
            next: self.next.as_ref().map(&make),
            previous: self.previous.iter().map(&make).collect(),
        }
    }
}

impl<K> Keys<Option<K>> {
    /// `None` where one of them is.
    pub(crate) fn whole(self) -> Option<Keys<K>> {
        let Self { current, next, previous } = self;
        let keys = iter::once(current).chain(next).chain(previous).collect::<Option<Vec<_>>>()?;
        Keys::of(keys)
    }
}

impl Keys {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::of(SecretKey::parse_all(text)?)
    }

    pub(crate) const fn new(current: SecretKey, next: SecretKey) -> Self {
        Self { current, next: Some(next), previous: Vec::new() }
    }

    pub(crate) const fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// The next key becomes the current one, `fresh` the next, and of the previous only the one
    /// that was current stays. Without a next key, `fresh` only becomes the next one: a key
    /// that not every Worker knows yet must not make anything.
    pub(crate) fn rotated(self, fresh: SecretKey) -> Self {
        match self.next {
            Some(next) => Self { current: next, next: Some(fresh), previous: vec![self.current] },
            None => Self { next: Some(fresh), ..self },
        }
    }

    /// The list as it is stored.
    pub(crate) fn text(&self) -> String {
        let keys: Vec<_> = self.all().map(|key| base64url_encode(key.octets())).collect();
        keys.join(",")
    }
}

/// One of `SESSION_KEYS` or `TOKEN_KEYS`. Nothing prints it but what makes secrets.
pub(crate) struct SecretKey([u8; 32]);

impl SecretKey {
    pub(crate) const fn new(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// Reads keys with commas between.
    pub(crate) fn parse_all(text: &str) -> Option<Vec<Self>> {
        text.split(',').map(|key| Self::parse(key.trim())).collect()
    }

    /// Reads 32 octets in base64url without padding.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        base64url_decode(text)?.try_into().ok().map(Self)
    }

    /// The secret itself, for the algorithm that takes it whole.
    pub(crate) const fn octets(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose alone, so that what is made for one is worthless for another.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.0).chain_update(purpose).finalize().into_bytes().into()
    }
}

/// HMAC-SHA256 under a key of 32 octets.
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new(&padded::<64>(key).into())
}

/// HMAC-SHA512, the same.
pub(crate) fn long_hmac(key: &[u8; 32]) -> Hmac<Sha512> {
    Hmac::new(&padded::<128>(key).into())
}

/// A key as the algorithm pads it, with zeros to a block (RFC 2104 §2).
fn padded<const BLOCK: usize>(key: &[u8; 32]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block.iter_mut().zip(key).for_each(|(place, octet)| *place = *octet);
    block
}

#[cfg(test)]
mod tests {
    use crate::encoding::hex;

    use super::*;

    #[test]
    fn pads_as_rfc_4231_test_case_1_does() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let tag = hmac(&key).chain_update(b"Hi There").finalize().into_bytes();
        assert_eq!(hex(&tag), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        let tag = long_hmac(&key).chain_update(b"Hi There").finalize().into_bytes();
        let half = "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde";
        assert!(hex(&tag).starts_with(half));
    }

    #[test]
    fn takes_exactly_32_octets() {
        assert!(SecretKey::parse(&"A".repeat(43)).is_some());
        for text in [
            "",
            "A",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", "A".repeat(43)),
            &"+".repeat(43),
        ] {
            assert!(SecretKey::parse(text).is_none(), "{text}");
        }
    }
}
