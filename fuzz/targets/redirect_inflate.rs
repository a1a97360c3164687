//! A message in a query is never larger than the cap (row H8), ours come back as they went, and no
//! query is taken that nobody has signed (row F9).

#![no_main]

use libfuzzer_sys::fuzz_target;
use saml_edge_fuzz::world;
use saml_verify::dsig::Sha1;
use saml_verify::internals::SignedQuery;
use saml_verify::internals::decode_message;
use saml_verify::internals::encoding::{base64_encode, deflate, inflate};
use saml_verify::limits::REDIRECT_OCTETS;

fuzz_target!(|octets: &[u8]| {
    if let Ok(text) = decode_message(&base64_encode(octets)) {
        assert!(text.len() <= REDIRECT_OCTETS);
    }
    if let Ok(query) = str::from_utf8(octets) {
        let _ = decode_message(query);
        let keys = world::expected().idp.signing_keys();
        assert!(SignedQuery::verify(query, keys, Sha1::Refused).is_err());
    }
    assert_eq!(inflate(&deflate(octets), octets.len()).ok().unwrap_or_default(), octets);
});
