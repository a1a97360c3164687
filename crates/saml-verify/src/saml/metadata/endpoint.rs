//! Endpoints of an IdP (Metadata §2.2.2) that a browser can be sent to.

use core::fmt;

use url::{Host, Url};

use crate::encoding::shown;
use crate::error::Refusal;
use crate::limits::{LISTED, LISTED_OCTETS};
use crate::saml::metadata::warning::Warning;
use crate::xml::element::Element;
use crate::xml::name::Name;

/// Identifies the Redirect binding (Bindings §3.4.1).
pub(crate) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// Identifies the POST binding (Bindings §3.5.1).
pub(crate) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

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
    pub location: Location,
    /// Where an answer goes, when not to the same place.
    pub response_location: Option<Location>,
}

/// The address of an endpoint as the metadata writes it. IdPs compare Destination as text, and the
/// URL standard rewrites addresses: it drops `:443`, lowers the host and adds a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    text: String,
    url: Url,
}

impl Location {
    /// Reads an absolute address. Where the text is no URI and the URL standard repairs it, the
    /// text becomes what that makes of it. Browsers read the text by the same standard, so they go
    /// where `url` says, which is what was checked.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let (scheme, behind) = text.split_once("://").unwrap_or_default();
        let is_uri = scheme.eq_ignore_ascii_case(url.scheme())
            && !behind.starts_with('/')
            && text.bytes().all(is_of_uri);
        let text = if is_uri { text } else { url.as_str() };
        Some(Self { text: text.to_owned(), url })
    }

    /// The address, for Destination and for where the browser is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a browser makes of it.
    pub const fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The characters of a URI (RFC 3986 §2). None of them ends a header, and the URL standard takes
/// none of them out.
const fn is_of_uri(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(
            octet,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'%'
                | b':'
                | b'/'
                | b'?'
                | b'#'
                | b'['
                | b']'
                | b'@'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
        )
}

/// Every endpoint of one kind. Other bindings are passed over; an endpoint that cannot be used is
/// left out, with a warning.
pub(crate) fn read_endpoints(
    role: Element<'_>,
    service: Name<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Endpoint>, Refusal> {
    if role.children_named(service).nth(LISTED).is_some() {
        return Err(Refusal::EndpointCount);
    }
    let mut endpoints = Vec::new();
    for element in role.children_named(service) {
        let mut required = |attribute| {
            let value = element.token(attribute).filter(|value| !value.is_empty());
            if value.is_none() {
                let service = service.local.to_owned();
                warnings.push(Warning::EndpointIncomplete { service, attribute });
            }
            value
        };
        let Some(binding) = required("Binding") else { continue };
        let binding = match &*binding {
            HTTP_REDIRECT => Binding::HttpRedirect,
            HTTP_POST => Binding::HttpPost,
            _ => continue,
        };
        let location = required("Location");
        let mut usable = |location: &str| {
            let found = usable(location);
            if found.is_none() {
                let location = shown(location).into_owned();
                warnings.push(Warning::EndpointUnusable { location });
            }
            found
        };
        let response_location = element.token("ResponseLocation").and_then(|it| usable(&it));
        if let Some(location) = location.and_then(|it| usable(&it)) {
            endpoints.push(Endpoint { binding, location, response_location });
        }
    }
    Ok(endpoints)
}

/// A host name in other letters is refused anyhow, and `idna_adapter` asserts that it never sees
/// some of them.
fn usable(text: &str) -> Option<Location> {
    let may_be_one = text.is_ascii() && text.len() <= LISTED_OCTETS;
    let location = may_be_one.then(|| Location::parse(text)).flatten();
    location.filter(|it| is_usable(it.url()))
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
/// underscores. The URL standard leaves `;`, `,`, `*` and quotes in one as they are, which mean
/// something wherever a name is written next (row H6).
const fn is_of_host_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_addresses_as_they_are_written() {
        for text in [
            "https://idp.example:443/sso",
            "https://IDP.Example/Sso",
            "HTTPS://idp.example",
            "https://idp.example?a=b%2fc#d",
            "https://idp.example/a/../b",
        ] {
            let location = Location::parse(text).unwrap();
            assert_eq!(location.as_str(), text);
            assert_eq!(location.url(), &Url::parse(text).unwrap());
        }
        for (text, repaired) in [
            ("https:idp.example/sso", "https://idp.example/sso"),
            ("https:///idp.example/sso", "https://idp.example/sso"),
            ("https:\\\\idp.example\\sso", "https://idp.example/sso"),
            ("https://idp.example\\@other.example/", "https://idp.example/@other.example/"),
            ("https://idp.exa\nmple/\r\nx: y", "https://idp.example/x:%20y"),
            ("https://idp.example/\"<", "https://idp.example/%22%3C"),
        ] {
            assert_eq!(Location::parse(text).unwrap().as_str(), repaired, "{text:?}");
        }
    }
}
