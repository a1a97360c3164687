//! Parsing never panics, and what it lets through keeps its promises.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_verify::internals::{Document, Event, Walk, with_line_feeds};
use saml_verify::limits::{MESSAGE_XML, METADATA_XML};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    let text = &with_line_feeds(text);
    let _ = Document::parse(text, &METADATA_XML);
    let Ok(document) = Document::parse(text, &MESSAGE_XML) else { return };
    let mut depth = 0_usize;
    for event in Walk::over(document.root()) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(_) => {}
            Event::Comment | Event::Instruction { .. } => panic!("an aside inside the root"),
        }
        assert!(depth <= MESSAGE_XML.depth);
    }
    let mut ids = Vec::new();
    for element in document.root().descendants() {
        let _ = element.text();
        assert_eq!(element.prefix(), source_prefix(text.get(element.range()).expect("within")));
        assert!(element.prefixes_in_scope().count() <= MESSAGE_XML.namespaces_in_scope);
        for attribute in element.attributes().filter(|it| it.local.eq_ignore_ascii_case("id")) {
            assert!(attribute.namespace.is_empty() && !ids.contains(&attribute.value));
            ids.push(attribute.value);
        }
    }
});

/// The prefix of a start tag, read by other means.
fn source_prefix(tag: &str) -> &str {
    let name = tag[1..].split([' ', '\t', '\n', '/', '>']).next().expect("a name");
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}
