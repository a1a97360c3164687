//! A cache of parsed metadata: reading certificates costs more than verifying a signature.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;

/// Most octets of text kept in all, of an isolate's 128 MiB. A parsed document takes no more than
/// its text. Every document is small enough to be kept, or any request to its account would parse
/// it again (row H14).
const OCTETS: usize = 8 * 1024 * 1024;

/// Parsed metadata by its text, the last used first. A new upload is a new text, so no entry can be
/// stale. Texts are compared and not hashed, which takes less time.
#[derive(Debug, Default)]
pub struct MetadataCache(RefCell<VecDeque<Entry>>);

#[derive(Debug)]
struct Entry {
    xml: String,
    idp: Rc<IdpMetadata>,
}

impl MetadataCache {
    /// [`IdpMetadata::parse`], or its earlier result for the same text. Refusals are not kept.
    pub(crate) fn parse(&self, xml: &str) -> Result<Rc<IdpMetadata>, Refusal> {
        let mut entries = self.0.borrow_mut();
        let known = entries.iter().position(|entry| entry.xml == xml);
        let entry = match known.and_then(|at| entries.remove(at)) {
            Some(entry) => entry,
            None => Entry { xml: xml.to_owned(), idp: Rc::new(IdpMetadata::parse(xml)?) },
        };
        let idp = Rc::clone(&entry.idp);
        entries.push_front(entry);
        let mut octets = 0_usize;
        let fits = entries.iter().take_while(|entry| {
            octets = octets.saturating_add(entry.xml.len());
            octets <= OCTETS
        });
        let count = fits.count();
        entries.truncate(count);
        Ok(idp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metadata of one IdP, padded to this many octets.
    fn metadata(mark: char, octets: usize) -> String {
        let xml = include_str!("../../tests/common/idp.metadata.xml");
        let filling = mark.to_string().repeat(octets - xml.len() - "<!---->".len());
        format!("{xml}<!--{filling}-->")
    }

    const MIB: usize = 1024 * 1024;

    #[test]
    fn no_document_is_read_twice_while_there_is_room() {
        let cache = MetadataCache::default();
        let documents: Vec<_> = ('a'..='h').map(|mark| metadata(mark, MIB)).collect();
        let read: Vec<_> = documents.iter().map(|xml| cache.parse(xml).unwrap()).collect();
        for (xml, idp) in documents.iter().zip(&read) {
            assert!(Rc::ptr_eq(&cache.parse(xml).unwrap(), idp));
        }
        // The one that was used longest ago makes room.
        let first = cache.parse(&documents[0]).unwrap();
        cache.parse(&metadata('i', MIB)).unwrap();
        assert!(Rc::ptr_eq(&cache.parse(&documents[0]).unwrap(), &first));
        assert!(!Rc::ptr_eq(&cache.parse(&documents[1]).unwrap(), &read[1]));
        let octets: usize = cache.0.borrow().iter().map(|entry| entry.xml.len()).sum();
        assert!(octets <= OCTETS, "{octets}");
    }

    #[test]
    fn keeps_no_refusal() {
        let cache = MetadataCache::default();
        assert_eq!(cache.parse("<x/>").unwrap_err(), Refusal::NotMetadata);
        assert!(cache.0.borrow().is_empty());
    }
}
