//! Endpoints of an IdP (Metadata §2.2.2) that this service can send a browser to.

use url::{Host, Url};

use super::warning::Warning;
use crate::encoding::shown;
use crate::error::Refusal;
use crate::limits::{LISTED, LISTED_OCTETS};
use crate::xml::{Element, Name};

/// Identifies the Redirect binding (Bindings §3.4.1).
pub(super) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// Identifies the POST binding (Bindings §3.5.1).
pub(super) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// How a message travels (Bindings §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the query of a redirect (Bindings §3.4).
    HttpRedirect,
    /// In a form that the browser posts (Bindings §3.5).
    HttpPost,
}

/// An endpoint of the IdP with a binding that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How to send to it.
    pub binding: Binding,
    /// Where it is: https, or http on this very machine.
    pub location: Url,
    /// Where an answer goes, when not to the same place.
    pub response_location: Option<Url>,
}

/// Every endpoint of one kind. Other bindings are passed over; an address that cannot be used is
/// left out, with a warning.
pub(super) fn read_endpoints(
    role: Element<'_>,
    service: Name<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Endpoint>, Refusal> {
    if role.children_named(service).nth(LISTED).is_some() {
        return Err(Refusal::EndpointCount);
    }
    let mut endpoints = Vec::new();
    for element in role.children_named(service) {
        let binding = match &*element.required_token("Binding")? {
            HTTP_REDIRECT => Binding::HttpRedirect,
            HTTP_POST => Binding::HttpPost,
            _ => continue,
        };
        let mut usable = |location: &str| {
            // A host name in other letters is refused anyhow, and `idna_adapter` asserts that it never
            // sees some of them.
            let may_be_one = location.is_ascii() && location.len() <= LISTED_OCTETS;
            let url = may_be_one.then(|| Url::parse(location).ok()).flatten();
            let url = url.filter(is_usable);
            if url.is_none() {
                let location = shown(location).into_owned();
                warnings.push(Warning::EndpointUnusable { location });
            }
            url
        };
        let response_location = element.token("ResponseLocation").and_then(|it| usable(&it));
        if let Some(location) = usable(&element.required_token("Location")?) {
            endpoints.push(Endpoint { binding, location, response_location });
        }
    }
    Ok(endpoints)
}

/// Only https: a `javascript:` or plain http address would end up in a redirect or a form (row
/// H6). On this machine itself http is no risk, and development needs it.
fn is_usable(location: &Url) -> bool {
    let (is_plain, is_local) = match location.host() {
        Some(Host::Domain(name)) => (name.bytes().all(is_of_host_name), name == "localhost"),
        Some(Host::Ipv4(address)) => (true, address.is_loopback()),
        Some(Host::Ipv6(address)) => (true, address.is_loopback()),
        None => (false, false),
    };
    is_plain && (location.scheme() == "https" || (location.scheme() == "http" && is_local))
}

/// Names of hosts have letters, digits, hyphens and dots (RFC 1123 §2.1), and some networks write
/// underscores. The URL standard leaves `;`, `,`, `*` and quotes in one as they are, which mean something
/// wherever a name is written next (row H6).
const fn is_of_host_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_')
}
