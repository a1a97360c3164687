//! Sends a message through the browser to the IdP, by the binding of its endpoint.

use askama::Template;
use saml_verify::saml::{Binding, Location, MessageForm, Outgoing, UnsignedQuery, message_url};

use crate::crypto::sp_keys::SpKey;
use crate::error::Fault;
use crate::error::settings::InvalidSettings;
use crate::http::answer::Answer;
use crate::http::page::Page;
use crate::platform::context::{Platform, Service};
use crate::platform::keys::sign;

/// What takes a message to the IdP.
#[derive(Debug)]
pub(crate) enum OutboundMessage {
    /// The IdP's address with the message in it.
    Redirect(String),
    /// A form that the browser posts.
    PostForm(MessageForm),
}

/// Addresses `message` to `location`, signed or not.
pub(crate) async fn bind(
    cx: &Service<'_, impl Platform>,
    message: &Outgoing<'_>,
    binding: Binding,
    location: &Location,
    signed: bool,
) -> Result<OutboundMessage, Fault> {
    match binding {
        Binding::HttpRedirect if signed => {
            let query = UnsignedQuery::new(location, message);
            let value = sign(cx.private_keys, query.octets()).await?;
            Ok(OutboundMessage::Redirect(query.signed(&value)))
        }
        Binding::HttpRedirect => Ok(OutboundMessage::Redirect(message_url(location, message))),
        Binding::HttpPost if signed => {
            let certificate = cx.config.sp_keys().first().and_then(SpKey::certificate);
            let document = message
                .to_sign(certificate)
                .map_err(|refusal| Fault::SettingsInvalid(InvalidSettings::Unsignable(refusal)))?;
            let value = sign(cx.private_keys, document.octets()).await?;
            let xml = &document.signed(&value);
            Ok(OutboundMessage::PostForm(MessageForm::new(location, &Outgoing { xml, ..*message })))
        }
        Binding::HttpPost => Ok(OutboundMessage::PostForm(MessageForm::new(location, message))),
    }
}

/// The one script of all pages. Without scripts a button does the same.
pub(crate) const SUBMIT: &str = "document.forms[0].submit()";

/// Posts a message to the IdP.
#[derive(Template)]
#[template(path = "request.html", config = ".askama.toml")]
pub(crate) struct RequestPage<'a> {
    pub(crate) form: &'a MessageForm,
}

impl Page for RequestPage<'_> {
    fn title(&self) -> &str {
        "On to your identity provider"
    }
}

/// A message on its way to the IdP; by redirect, with that status.
pub(crate) fn to_answer(status: u16, outbound: OutboundMessage) -> Answer {
    match outbound {
        OutboundMessage::Redirect(url) => Answer::redirect(status, &url),
        OutboundMessage::PostForm(form) => {
            // Not the IdP's origin alone: browsers hold form-action against every address that
            // the IdP redirects to.
            let targets =
                if form.action.url().scheme() == "https" { "https:" } else { "http: https:" };
            Answer::page(200, &RequestPage { form: &form }).form_action(targets).script(SUBMIT)
        }
    }
}
