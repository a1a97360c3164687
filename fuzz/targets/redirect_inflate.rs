//! A message in a query is never larger than the cap (row H8), and ours come back as they went.

#![no_main]

use libfuzzer_sys::fuzz_target;
use saml_edge::encoding::{base64_encode, deflate, inflate};
use saml_edge::limits::REDIRECT_OCTETS;
use saml_edge::saml::decode_message;

fuzz_target!(|octets: &[u8]| {
    if let Ok(text) = decode_message(&base64_encode(octets)) {
        assert!(text.len() <= REDIRECT_OCTETS);
    }
    let _ = str::from_utf8(octets).map(decode_message);
    assert_eq!(inflate(&deflate(octets), octets.len()).ok().unwrap_or_default(), octets);
});
