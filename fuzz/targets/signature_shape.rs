//! Any ds:Signature in any document, as if it stood where signatures may: what verifies is one of
//! the signatures that the key has made, wherever it was moved.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_edge_fuzz::world;
use saml_verify::dsig::Sha1;
use saml_verify::internals::name::SIGNATURE;
use saml_verify::internals::{Document, Signature, verify_signature, with_line_feeds};
use saml_verify::limits::{CANONICAL_XML, MESSAGE_XML};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    let text = with_line_feeds(text);
    let Ok(document) = Document::parse(&text, &MESSAGE_XML) else { return };
    for element in document.root().descendants().filter(|element| element.is(SIGNATURE)) {
        let Ok(signature) = Signature::read(element) else { continue };
        let verified = verify_signature(
            &signature,
            world::expected().idp.signing_keys(),
            Sha1::Refused,
            &CANONICAL_XML,
        );
        let Ok(octets) = verified else { continue };
        let signed = octets.document().expect("what was signed is well-formed");
        let root = signed.root();
        assert!(matches!(root.name().local, "Assertion" | "Response"));
        assert_eq!(root.name(), element.parent().expect("a parent").name());
    }
});
