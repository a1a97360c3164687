//! Verification of a message of single logout, by either binding.

use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::saml::bindings::incoming::{Carried, Incoming, Kind};
use crate::saml::bindings::signed_query::SignedQuery;
use crate::saml::logout::answer::LogoutAnswer;
use crate::saml::logout::expected::ExpectedLogout;
use crate::saml::logout::request::LogoutRequest;
use crate::saml::logout::verified::Verified;
use crate::time::UnixTime;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::name::LOGOUT_REQUEST;

/// A message of single logout whose signature was verified.
#[derive(Debug)]
pub enum Logout {
    /// The IdP ends sessions. Nothing but the signature has been checked.
    Request(LogoutRequest),
    /// The IdP has answered a LogoutRequest. Every rule held.
    Answer(LogoutAnswer),
}

impl Logout {
    /// Refuses what is no message of single logout, whatever is expected. It accepts nothing: a
    /// caller can refuse garbage with it before an account is loaded. The message in a query is not
    /// read, because it may be inflated only once its signature has held (row H8).
    pub fn require_message(message: &Incoming<'_>) -> Result<(), Refusal> {
        let carried = match message {
            Incoming::Query(query) => return SignedQuery::require_message(query),
            Incoming::Form(form) => &form.carried,
        };
        let (Carried::Request(xml) | Carried::Response(xml)) = carried;
        let xml = with_line_feeds(xml);
        let document = Document::parse(&xml, &MESSAGE_XML)?;
        match carried {
            Carried::Request(_) if !document.root().is(LOGOUT_REQUEST) => {
                Err(Refusal::NotALogoutMessage)
            }
            // The session here ended before the request was sent, whatever the answer.
            Carried::Request(_) | Carried::Response(_) => Ok(()),
        }
    }

    /// Verifies a message at `now`, or gives the first rule that it breaks (Core §3.7,
    /// Bindings §3.4.4.1, §3.5.4).
    ///
    /// Of a LogoutRequest only the signature is checked here: where it held, the sender gets a
    /// LogoutResponse even if [`LogoutRequest::accept`] refuses the rest.
    ///
    /// # Errors
    ///
    /// [`Refusal::SignatureMissing`] for a request without a signature, unless
    /// [`ExpectedLogout::unsigned`]. A signature that does not hold is always refused.
    pub fn verify(
        message: &Incoming<'_>,
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<Self, Refusal> {
        expected.idp.require_unexpired(now)?;
        let verified = Verified::of(message, expected)?;
        match verified.kind {
            Kind::Request if !verified.is_signed && !expected.unsigned => {
                Err(Refusal::SignatureMissing)
            }
            Kind::Request => Ok(Self::Request(LogoutRequest::new(verified))),
            // The session here ended before the request was sent, whatever the answer.
            Kind::Response if !verified.is_signed => Ok(Self::Answer(LogoutAnswer::Unsure)),
            Kind::Response => verified
                .read(|root, verified| LogoutAnswer::read(root, verified, expected))
                .map(Self::Answer),
        }
    }
}
