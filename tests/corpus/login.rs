//! A login as a manifest entry sets it up.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use saml_edge::inspect::{Inspection, examine};
use saml_edge::{PrivateKeys as _, RsaKeys};
use saml_verify::error::Refusal;
use saml_verify::internals::{Message, read_message};
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};
use saml_verify::time::UnixTime;

use crate::anchor;
use crate::codes::sha1;
use crate::manifest::{Corpus, Entry};

/// Stands for what an entry leaves out, and equals nothing in any document.
const ABSENT: &str = "urn:example:absent";

/// The service that an entry describes, and the response that comes to it.
pub(crate) struct Login<'e> {
    entry: &'e Entry,
    xml: Result<String, Refusal>,
    idp: Result<IdpMetadata, Refusal>,
    keys: Result<RsaKeys, Refusal>,
    request: Vec<&'e str>,
}

impl<'e> Login<'e> {
    pub(crate) fn new(corpus: &Corpus, entry: &'e Entry, xml: Result<String, Refusal>) -> Self {
        let anchors = [entry.list("idp_certs"), entry.list("idp_metadata")].concat();
        Self {
            idp: anchor::idp(corpus, entity_id(entry), &anchors),
            keys: anchor::private_keys(corpus, &entry.list("sp_keys")),
            request: entry.get("request_id").into_iter().collect(),
            entry,
            xml,
        }
    }

    /// The same login with settings of another entry.
    pub(crate) fn with(&self, corpus: &Corpus, changed: &'e Entry) -> Self {
        Self::new(corpus, changed, self.xml.clone())
    }

    /// The same login, where another certificate is trusted than the IdP's.
    pub(crate) fn with_another_certificate(self) -> Self {
        Self { idp: anchor::stranger(entity_id(self.entry)), ..self }
    }

    /// What comes of it.
    pub(crate) fn outcome(&self) -> Result<Inspection, Refusal> {
        let idp = self.idp.as_ref().map_err(|refusal| *refusal)?;
        let now = self.entry.get("test_time").unwrap_or("2020-01-01T00:00:00Z");
        let now = UnixTime::parse(now)?;
        let keys = self.keys.as_ref().map_err(|refusal| *refusal)?;
        let xml = self.xml.as_ref().map_err(|refusal| *refusal)?;
        let outcome = block_on(examine(xml, &self.expected(idp), keys, now));
        outcome.map_err(|refused| refused.refusal)
    }

    /// Whether every signature holds, and what is encrypted can be decrypted.
    pub(crate) fn authentic(&self) -> Result<(), Refusal> {
        let idp = self.idp.as_ref().map_err(|refusal| *refusal)?;
        let private_keys = self.keys.as_ref().map_err(|refusal| *refusal)?;
        let expected = self.expected(idp);
        let mut message = read_message(self.xml.as_ref().map_err(|refusal| *refusal)?, &expected)?;
        while let Message::Sealed(sealed) = message {
            let keys = sealed.keys().iter();
            let tries = keys.flat_map(|key| (0..private_keys.count()).map(move |at| (key, at)));
            let content_keys: Vec<_> =
                tries.filter_map(|(key, at)| block_on(private_keys.unwrap(key, at))).collect();
            let content_key = content_keys.first().ok_or(Refusal::DecryptionFailed)?;
            message = sealed.open(content_key)?;
        }
        Ok(())
    }

    /// Whether this build refuses the very keys that were configured.
    pub(crate) fn has_weak_keys(&self) -> bool {
        [self.idp.as_ref().err(), self.keys.as_ref().err()]
            .contains(&Some(&Refusal::SigningKeyUnsupported))
    }

    /// The text of the response; empty where there is none.
    pub(crate) fn text(&self) -> &str {
        self.xml.as_deref().unwrap_or_default()
    }

    fn expected<'a>(&'a self, idp: &'a IdpMetadata) -> Expected<'a> {
        Expected {
            entity_id: self.entry.get("sp_entity_id").unwrap_or(ABSENT),
            acs_url: self.entry.get("acs_url").unwrap_or(ABSENT),
            idp,
            requests: match self.request.as_slice() {
                [] => Requests::OrUnsolicited(&[]),
                known => Requests::Only(known),
            },
            skew: Skew::default(),
            sha1: sha1(),
            nameless: false,
        }
    }
}

fn entity_id(entry: &Entry) -> &str {
    entry.get("idp_entity_id").unwrap_or(ABSENT)
}

/// The outcome of a future that waits for nothing, as none does whose keys are in this process.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing was to be waited for"),
    }
}
