//! Messages of single logout as a browser brings them, by either binding. They are not verified.

use crate::error::Refusal;
use crate::form::{fields, message_xml};

/// The XML of a message, by the parameter that it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// SAMLRequest.
    Request(String),
    /// SAMLResponse.
    Response(String),
}

/// A message, and how it came.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// By Redirect: the query, exactly as it came and without its question mark.
    Query(&'a str),
    /// By POST.
    Form(IncomingForm),
}

/// The fields of a form.
#[derive(Debug)]
pub struct IncomingForm {
    pub(crate) carried: Carried,
    relay_state: Option<String>,
}

impl IncomingForm {
    /// Reads `application/x-www-form-urlencoded` with one message and at most one RelayState
    /// (row F10). The caller has bounded `body` by [`crate::limits::FORM_OCTETS`].
    pub fn parse(content_type: Option<&str>, body: &[u8]) -> Result<Self, Refusal> {
        let (mut request, mut response, mut relay_state) = (None, None, None);
        for (name, value) in fields(content_type, body)? {
            let field = match &*name {
                "SAMLRequest" => &mut request,
                "SAMLResponse" => &mut response,
                "RelayState" => &mut relay_state,
                _ => continue,
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(Refusal::ParameterRepeated);
            }
        }
        let (message, kind) = one_of(request, response)?;
        Ok(Self { carried: kind.carried(message_xml(&message)?), relay_state })
    }
}

/// Which parameter a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Response,
}

impl Kind {
    pub(crate) const fn carried(self, xml: String) -> Carried {
        match self {
            Self::Request => Carried::Request(xml),
            Self::Response => Carried::Response(xml),
        }
    }
}

/// The one message.
pub(crate) fn one_of<T>(request: Option<T>, response: Option<T>) -> Result<(T, Kind), Refusal> {
    match (request, response) {
        (Some(request), None) => Ok((request, Kind::Request)),
        (None, Some(response)) => Ok((response, Kind::Response)),
        (None, None) => Err(Refusal::MessageAbsent),
        (Some(_), Some(_)) => Err(Refusal::MessageAmbiguous),
    }
}

impl Incoming<'_> {
    /// The RelayState as it came, which an answer to the message gives back. An empty one is none,
    /// and no part of a query that is to be signed (Bindings §3.4.4.1).
    pub fn relay_state(&self) -> Option<String> {
        let relay_state = match self {
            Self::Query(query) => {
                let mut fields = form_urlencoded::parse(query.as_bytes());
                fields.find(|(name, _)| name == "RelayState").map(|(_, value)| value.into_owned())
            }
            Self::Form(form) => form.relay_state.clone(),
        };
        relay_state.filter(|it| !it.is_empty())
    }
}
