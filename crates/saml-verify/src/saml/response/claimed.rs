//! What an unverified Response says, for a person who looks for the mistake in it.
//!
//! Nothing here is verified, and nothing here names a user. It may be shown beside a refusal; it
//! admits nothing.

use std::borrow::Cow;

use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{
    ASSERTION, AUDIENCE, AUDIENCE_RESTRICTION, CONDITIONS, ISSUER, Name, RESPONSE, STATUS,
    STATUS_CODE, STATUS_MESSAGE, SUBJECT, SUBJECT_CONFIRMATION, SUBJECT_CONFIRMATION_DATA,
};

/// The addresses, times and names of services in a Response, as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimedResponse {
    /// Audience elements.
    pub claimed_audiences: Vec<String>,
    /// Destination of the Response.
    pub claimed_destinations: Vec<String>,
    /// Issuer elements.
    pub claimed_issuers: Vec<String>,
    /// Recipients of the confirmations.
    pub claimed_recipients: Vec<String>,
    /// InResponseTo, wherever it stands.
    pub claimed_requests: Vec<String>,
    /// Status codes, the outer one first, and the message with them.
    pub claimed_statuses: Vec<String>,
    /// Every time in the Response, each after the name of its element and attribute.
    pub claimed_times: Vec<String>,
}

impl ClaimedResponse {
    /// Reads the unverified Response in `xml`. A part that cannot be read is left out.
    pub fn read(xml: &str) -> Self {
        let xml = with_line_feeds(xml);
        let Ok(document) = Document::parse(&xml, &MESSAGE_XML) else { return Self::default() };
        let root = document.root();
        let mut claimed = Self::default();
        if root.is(RESPONSE) {
            claimed.read_response(root);
        }
        claimed
    }

    /// Refuses text that is not even a Response by its root element, whatever is expected.
    pub fn require(xml: &str) -> Result<(), Refusal> {
        let xml = with_line_feeds(xml);
        let document = Document::parse(&xml, &MESSAGE_XML)?;
        document.root().is(RESPONSE).then_some(()).ok_or(Refusal::NotAResponse)
    }

    fn read_response(&mut self, response: Element<'_>) {
        self.claimed_destinations.extend(attribute(response, "Destination"));
        self.claimed_requests.extend(attribute(response, "InResponseTo"));
        self.claimed_issuers.extend(texts(response.children_named(ISSUER)));
        for status in response.children_named(STATUS) {
            let outer = below(status, STATUS_CODE);
            for code in &outer {
                self.claimed_statuses.extend(attribute(*code, "Value"));
                let inner = below(*code, STATUS_CODE).into_iter();
                self.claimed_statuses.extend(inner.filter_map(|it| attribute(it, "Value")));
            }
            self.claimed_statuses.extend(texts(status.children_named(STATUS_MESSAGE)));
        }
        for assertion in below(response, ASSERTION) {
            self.read_assertion(assertion);
        }
    }

    fn read_assertion(&mut self, assertion: Element<'_>) {
        self.read_times(assertion, &["IssueInstant"]);
        self.claimed_issuers.extend(texts(assertion.children_named(ISSUER)));
        let confirmations = assertion
            .children_named(SUBJECT)
            .flat_map(|subject| subject.children_named(SUBJECT_CONFIRMATION))
            .flat_map(|confirmation| confirmation.children_named(SUBJECT_CONFIRMATION_DATA));
        for data in confirmations {
            self.claimed_recipients.extend(attribute(data, "Recipient"));
            self.claimed_requests.extend(attribute(data, "InResponseTo"));
            self.read_times(data, &["NotOnOrAfter"]);
        }
        for conditions in assertion.children_named(CONDITIONS) {
            self.read_times(conditions, &["NotBefore", "NotOnOrAfter"]);
            let audiences = conditions
                .children_named(AUDIENCE_RESTRICTION)
                .flat_map(|restriction| restriction.children_named(AUDIENCE));
            let audiences = audiences.filter_map(|it| it.token_text().ok());
            self.claimed_audiences.extend(audiences.map(Cow::into_owned));
        }
    }

    fn read_times(&mut self, element: Element<'_>, names: &[&str]) {
        let place = element.name().local;
        let times = names.iter().filter_map(|name| {
            let time = element.token(name)?;
            Some(format!("{place} {name}: {time}"))
        });
        self.claimed_times.extend(times);
    }
}

fn attribute(element: Element<'_>, name: &str) -> Option<String> {
    element.token(name).map(Cow::into_owned)
}

fn below<'d>(element: Element<'d>, name: Name<'d>) -> Vec<Element<'d>> {
    element.children_named(name).collect()
}

fn texts<'d>(elements: impl Iterator<Item = Element<'d>>) -> impl Iterator<Item = String> {
    elements.filter_map(|it| it.text().ok()).map(Cow::into_owned)
}
