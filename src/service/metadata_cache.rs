//! Metadata that was parsed before: certificates cost more to read than a signature to verify.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::error::Refusal;
use crate::saml::IdpMetadata;

/// Most documents kept, and most octets in one that is kept: 8 MiB of an isolate's 128.
const ENTRIES: usize = 32;
const OCTETS: usize = 256 * 1024;

/// Parsed metadata by its text: a new upload is a new text, so nothing here can be out of date.
#[derive(Debug, Default)]
pub struct MetadataCache(RefCell<VecDeque<Entry>>);

#[derive(Debug)]
struct Entry {
    xml: String,
    idp: Rc<IdpMetadata>,
}

impl MetadataCache {
    /// [`IdpMetadata::parse`], or what it gave for the same text before. Refusals are not kept.
    pub(crate) fn parse(&self, xml: &str) -> Result<Rc<IdpMetadata>, Refusal> {
        let mut entries = self.0.borrow_mut();
        if let Some(entry) = entries.iter().find(|entry| entry.xml == xml) {
            return Ok(Rc::clone(&entry.idp));
        }
        let idp = Rc::new(IdpMetadata::parse(xml)?);
        if xml.len() <= OCTETS {
            entries.truncate(ENTRIES - 1);
            entries.push_front(Entry { xml: xml.to_owned(), idp: Rc::clone(&idp) });
        }
        Ok(idp)
    }
}
