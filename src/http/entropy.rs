//! Randomness, which comes in from the platform.

use crate::encoding::hex;

/// Random octets for one request. It cannot be cloned, so nothing is drawn from it twice.
#[derive(Default)]
pub struct Entropy {
    /// Names the request in the log and on an error page.
    pub reference: [u8; 8],
    /// Names the session or the AuthnRequest that comes of it.
    pub id: [u8; 16],
    /// An AES-GCM nonce. Whatever is sealed with it has a key for its own purpose: under each key
    /// it is used once.
    pub nonce: [u8; 12],
}

impl From<[u8; 36]> for Entropy {
    fn from(octets: [u8; 36]) -> Self {
        let mut entropy = Self::default();
        let parts = [&mut entropy.reference[..], &mut entropy.id, &mut entropy.nonce];
        for (part, octet) in parts.into_iter().flatten().zip(octets) {
            *part = octet;
        }
        entropy
    }
}

impl Entropy {
    /// The ID of a message or document of ours: an NCName, so it begins with no digit.
    pub(crate) fn message_id(&self) -> String {
        format!("_{}", hex(&self.id))
    }
}
