//! EncryptedAssertion and EncryptedID (Core §2.3.4, §2.2.4): what is decrypted takes the place of
//! its ciphertext in the text around it.

use std::ops::Range;

use crate::c14n::method::Canonicalization;
use crate::c14n::{canonicalize, push_declaration};
use crate::error::Refusal;
use crate::limits::{CANONICAL_OCTETS, MESSAGE_XML};
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::Name;
use crate::xml::scan::without_declaration;
use crate::xmlenc::encrypted::{EncryptedData, EncryptedKey, Surroundings};

/// An EncryptedAssertion or EncryptedID.
#[derive(Debug)]
pub(crate) struct EncryptedElement {
    data: EncryptedData,
    /// Where it stands in the text.
    place: Range<usize>,
    /// A start tag with the namespaces in scope there.
    context: String,
}

impl EncryptedElement {
    pub(crate) fn read(sealed: Element<'_>, surroundings: Surroundings) -> Result<Self, Refusal> {
        let data = EncryptedData::read(sealed, surroundings)?;
        Ok(Self { data, place: sealed.range(), context: start_tag_of_scope(sealed) })
    }

    /// The content key as each recipient gets it; never empty.
    pub(crate) fn keys(&self) -> &[EncryptedKey] {
        self.data.keys()
    }

    /// `text` with what this decrypts to in its place. That must be one element called `name`, and
    /// whatever else comes out of the decryption is one and the same refusal (row E2).
    pub(crate) fn open_in(
        &self,
        text: &str,
        content_key: &[u8],
        name: Name<'_>,
    ) -> Result<String, Refusal> {
        let plain = self.data.decrypt(content_key)?;
        let plain = self.in_scope(&plain, name).map_err(|_| Refusal::DecryptionFailed)?;
        let parts = text.get(..self.place.start).zip(text.get(self.place.end..));
        let (before, behind) = parts.ok_or(Refusal::DecryptionFailed)?;
        Ok([before, &plain, behind].concat())
    }

    /// `plain` with the declarations that it needs from around its ciphertext (row E4): read in
    /// their scope and written by inclusive C14N, which takes along all that is in scope. In a
    /// signed Response that is what its canonical form declares: exclusive C14N drops a prefix that
    /// nothing uses but the plaintext, so no signature covers what the prefix means there. Some
    /// IdPs encrypt a whole document, whose XML declaration could not stand there and is left out.
    fn in_scope(&self, plain: &str, name: Name<'_>) -> Result<String, Refusal> {
        let plain = with_line_feeds(plain);
        let plain = without_declaration(&plain, &MESSAGE_XML)?;
        let text = format!("{}{plain}</scope>", self.context);
        let document = Document::parse(&text, &MESSAGE_XML)?;
        let mut parts = document.root().sequence()?;
        let element = parts.required(name)?;
        parts.end()?;
        let method = Canonicalization::Inclusive10 { comments: true };
        let mut written = canonicalize(element, None, &method, CANONICAL_OCTETS)?;
        // C14N §2.3 writes no `xmlns=""` on an apex: nothing is around one. Here something is,
        // whose names would become those of the plaintext.
        let has_default = |it: Element<'_>| !it.namespace_of("").is_empty();
        if has_default(document.root()) && !has_default(element) {
            let behind_name = written.find([' ', '>']).ok_or(Refusal::DecryptionFailed)?;
            written.insert_str(behind_name, " xmlns=\"\"");
        }
        Ok(written)
    }
}

/// A start tag that declares what is in scope at `element`.
fn start_tag_of_scope(element: Element<'_>) -> String {
    let mut tag = String::from("<scope");
    for prefix in element.prefixes_in_scope() {
        push_declaration(&mut tag, prefix, element.namespace_of(prefix));
    }
    tag + ">"
}
