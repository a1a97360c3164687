//! A canonical form, parsed and canonicalized again, is itself (row B7).

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_verify::internals::{Canonicalization, Document, canonicalize, with_line_feeds};
use saml_verify::limits::{CANONICAL_OCTETS, CANONICAL_XML, MESSAGE_XML, XmlLimits};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

const ASIDES: XmlLimits = XmlLimits { asides: true, ..MESSAGE_XML };
const CANONICAL_ASIDES: XmlLimits = XmlLimits { asides: true, ..CANONICAL_XML };

fuzz_target!(|text: &str| {
    let text = with_line_feeds(text);
    let Ok(document) = Document::parse(&text, &ASIDES) else { return };
    let listed = ["", "p", "xs", "ds", "saml"].map(String::from).to_vec();
    let methods = [
        Canonicalization::Exclusive { prefix_list: Vec::new(), comments: false },
        Canonicalization::Exclusive { prefix_list: listed, comments: false },
        Canonicalization::Inclusive10 { comments: false },
        Canonicalization::Inclusive11 { comments: true },
    ];
    let last = document.root().descendants().last();
    for apex in
        [Some(document.root()), document.root().children().next(), last].into_iter().flatten()
    {
        for method in &methods {
            let Ok(form) = canonicalize(apex, None, method, CANONICAL_OCTETS) else { continue };
            let again = Document::parse(&form, &CANONICAL_ASIDES).expect("well-formed");
            assert_eq!(
                canonicalize(again.root(), None, method, CANONICAL_OCTETS).as_ref(),
                Ok(&form)
            );
        }
    }
});
