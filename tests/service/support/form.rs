//! The forms that the IdP's page posts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::Scenario;

/// A passing response to the request `id`.
pub(crate) fn answering(id: &str) -> Scenario {
    let (from, to) = ("InResponseTo=\"_request\"", format!("InResponseTo=\"{id}\""));
    Scenario::valid().in_response(from, &to).in_assertion(from, &to)
}

/// The same, in an assertion called `assertion`.
pub(crate) fn answering_with(id: &str, assertion: &str) -> Scenario {
    answering(id).in_assertion("ID=\"_assertion\"", &format!("ID=\"{assertion}\""))
}

/// The form that the IdP's page posts.
pub(crate) fn form(scenario: &Scenario) -> String {
    fields(&[("SAMLResponse", &STANDARD.encode(scenario.xml()))])
}

/// The same with a RelayState.
pub(crate) fn form_with(scenario: &Scenario, relay_state: &str) -> String {
    let response = STANDARD.encode(scenario.xml());
    fields(&[("SAMLResponse", &response), ("RelayState", relay_state)])
}

pub(crate) fn fields(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
