//! Sends a message through the browser to the IdP, by the binding of its endpoint.

use saml_verify::saml::{Binding, Location, MessageForm, Outgoing, UnsignedQuery, message_url};

use crate::service::context::{Platform, Service};
use crate::service::error::Fault;
use crate::service::private_keys::sign;
use crate::service::sp_keys::SpKey;

/// What takes a message to the IdP.
#[derive(Debug)]
pub(crate) enum Carrier {
    /// The IdP's address with the message in it.
    Address(String),
    /// A form that the browser posts.
    Form(MessageForm),
}

/// Addresses `message` to `location`, signed or not.
pub(crate) async fn send(
    cx: &Service<'_, impl Platform>,
    message: &Outgoing<'_>,
    binding: Binding,
    location: &Location,
    signed: bool,
) -> Result<Carrier, Fault> {
    match binding {
        Binding::HttpRedirect if signed => {
            let query = UnsignedQuery::new(location, message);
            let value = sign(cx.private_keys, query.octets()).await?;
            Ok(Carrier::Address(query.signed(&value)))
        }
        Binding::HttpRedirect => Ok(Carrier::Address(message_url(location, message))),
        Binding::HttpPost if signed => {
            let certificate = cx.config.sp_keys().first().and_then(SpKey::certificate);
            let document = message
                .to_sign(certificate)
                .map_err(|refusal| Fault::SettingsInvalid(refusal.to_string()))?;
            let value = sign(cx.private_keys, document.octets()).await?;
            let xml = &document.signed(&value);
            Ok(Carrier::Form(MessageForm::new(location, &Outgoing { xml, ..*message })))
        }
        Binding::HttpPost => Ok(Carrier::Form(MessageForm::new(location, message))),
    }
}
