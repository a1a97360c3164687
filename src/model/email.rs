//! E-mail addresses.

use sha2::{Digest, Sha256};

use crate::encoding::hex;

/// Longest e-mail address (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub(crate) const EMAIL_OCTETS: usize = 254;

/// One address that mail systems, headers and the product read alike: printable ASCII, exactly one
/// `@`, a host name after it, in lower case (row B9).
pub(crate) fn plain_email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let domain = domain.to_ascii_lowercase();
    let plain = text.len() <= EMAIL_OCTETS
        && !local.is_empty()
        && local
            .bytes()
            .all(|octet| octet.is_ascii_graphic() && !b"\"(),:;<>[\\]".contains(&octet))
        // The principal name of a guest in Entra: no mail arrives there.
        && !local.ends_with("#EXT#")
        && is_domain(&domain);
    plain.then(|| format!("{local}@{domain}"))
}

/// Whether `text` is a host name in lower case.
pub(crate) fn is_domain(text: &str) -> bool {
    let octet = |octet: u8| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-');
    text.split('.').all(|label| !label.is_empty() && label.bytes().all(octet))
}

/// A plain e-mail address, of which the directory never sees more than a digest.
#[derive(Debug)]
pub(crate) struct Email(pub(crate) String);

impl Email {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        plain_email(text).map(|email| Self(email.to_ascii_lowercase()))
    }

    /// SHA-256 in hexadecimal, so that the list of the store's keys contains no addresses.
    pub(crate) fn digest(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }

    pub(crate) fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}
