//! The HTTP POST binding (Bindings §3.5), for messages to an IdP.

use crate::encoding::base64_encode;
use crate::saml::bindings::outgoing::Outgoing;
use crate::saml::metadata::endpoint::Location;

/// A form that the browser posts to an IdP.
#[derive(Debug)]
pub struct MessageForm {
    /// Where it goes: an endpoint from metadata, so https, or http on this very machine (row H6).
    pub action: Location,
    /// The name of the field with the message.
    pub parameter: &'static str,
    /// The XML in base64, without DEFLATE (Bindings §3.5.4).
    pub message: String,
    /// The RelayState field.
    pub relay_state: Option<String>,
}

impl MessageForm {
    /// Puts a message into a form for `endpoint`.
    pub fn new(endpoint: &Location, message: &Outgoing<'_>) -> Self {
        Self {
            action: endpoint.clone(),
            parameter: message.parameter,
            message: base64_encode(message.xml.as_bytes()),
            relay_state: message.relay_state.map(str::to_owned),
        }
    }
}
