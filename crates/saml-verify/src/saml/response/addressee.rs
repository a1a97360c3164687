//! What a Response claims about whom it is for, where nothing but the Response can say it.
//!
//! Nothing here is verified. What it claims chooses whose keys and whose rules a Response is held
//! to, and those rules name the account again, in signed octets. So a wrong claim can only end in a
//! refusal (row G1).

use std::borrow::Cow;

use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::saml::assertion::attributes::values_named;
use crate::saml::response::envelope::{Content, Envelope};
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{
    ATTRIBUTE_STATEMENT, SUBJECT, SUBJECT_CONFIRMATION, SUBJECT_CONFIRMATION_DATA,
};

/// What a Response claims about its addressee, verified or not. It may choose by whose rules the
/// Response is judged, and admits nothing.
#[derive(Debug)]
pub struct ClaimedAddressee {
    /// The IDs of requests that it claims to answer.
    pub claimed_requests: Vec<String>,
    /// The Reply URLs that it claims to be sent to.
    pub claimed_acs_urls: Vec<String>,
    /// The values of the claim that names the account. None in an encrypted assertion.
    pub claimed_accounts: Vec<String>,
}

impl ClaimedAddressee {
    /// Reads the unverified Response in `xml`. `claim` is the Name of the claim that names
    /// the account.
    pub fn read(xml: &str, claim: &str) -> Result<Self, Refusal> {
        let xml = with_line_feeds(xml);
        let document = Document::parse(&xml, &MESSAGE_XML)?;
        let envelope = Envelope::of(&document)?;
        let head = envelope.head()?;
        let mut claimed = Self {
            claimed_requests: head.claimed_in_response_to.into_iter().collect(),
            claimed_acs_urls: head.claimed_destination.into_iter().collect(),
            claimed_accounts: Vec::new(),
        };
        if let Content::Assertion(assertion) = envelope.content() {
            claimed.read_assertion(assertion, claim);
        }
        Ok(claimed)
    }

    fn read_assertion(&mut self, assertion: Element<'_>, claim: &str) {
        let confirmations = assertion
            .children_named(SUBJECT)
            .flat_map(|subject| subject.children_named(SUBJECT_CONFIRMATION))
            .flat_map(|confirmation| confirmation.children_named(SUBJECT_CONFIRMATION_DATA));
        for data in confirmations {
            self.claimed_requests.extend(data.token("InResponseTo").map(Cow::into_owned));
            self.claimed_acs_urls.extend(data.token("Recipient").map(Cow::into_owned));
        }
        for statement in assertion.children_named(ATTRIBUTE_STATEMENT) {
            self.claimed_accounts.extend(values_named(statement, claim));
        }
    }
}
