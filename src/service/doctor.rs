//! Looking into a response without signing anybody in: for the command line and for tests.

use serde::Serialize;

use crate::error::Refusal;
use crate::form::message_xml;
use crate::saml::{Accepted, Attributes, Expected, Received, accept, receive};
use crate::service::private_keys::{PrivateKeys, verify};
pub use crate::service::report::Standing;
use crate::service::report::{Check, Failed};
use crate::time::UnixTime;

/// What a response says, once it has been verified in full. It is a report: no session can be made
/// from it, and its assertion was not taken from any ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// NameID, exactly as signed.
    pub name_id: String,
    /// NameID/@Format.
    pub name_id_format: Option<String>,
    /// The IdP's entity id.
    pub issuer: String,
    /// AuthnStatement/@SessionIndex.
    pub session_index: Option<String>,
    /// When the session at the IdP ends, in seconds since 1970.
    pub session_not_on_or_after: Option<i64>,
    /// AuthnContextClassRef.
    pub authn_context_class_ref: Option<String>,
    /// The AuthnRequest that was answered.
    pub in_response_to: Option<String>,
    /// Whether a signature was made with SHA-1.
    pub uses_sha1: bool,
    /// Attribute values by Name.
    #[serde(serialize_with = "as_map")]
    pub attributes: Attributes,
}

/// Runs the very pipeline of a login over the Response in `xml` and reports what it says.
pub async fn inspect_sealed(
    xml: &str,
    expected: &Expected<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Result<Inspection, Refusal> {
    verify(xml, expected, private_keys, now).await.map(Inspection::of)
}

/// Like [`inspect_sealed`] for a service without private keys, with nothing to wait for.
pub fn inspect(xml: &str, expected: &Expected<'_>, now: UnixTime) -> Result<Inspection, Refusal> {
    match receive(xml, expected)? {
        Received::Authentic(message) => accept(&message, expected, now).map(Inspection::of),
        Received::Sealed(_) => Err(Refusal::AssertionEncrypted),
    }
}

/// What the verifier judges, in its order, and what is known of each step where it accepts a
/// response or refuses it for `refusal`.
pub fn steps(refusal: Option<Refusal>) -> impl Iterator<Item = (&'static str, Standing)> {
    let failed = refusal.map(|refusal| Failed::of(&refusal.into()));
    let standing = move |check: Check| match failed {
        None => Standing::Passed,
        Some(None) => Standing::Unknown,
        Some(failed) => check.standing(failed),
    };
    Check::of_messages().map(move |check| (check.title(), standing(check)))
}

/// The Response's XML in what somebody has kept: the XML as it stands, or the base64 in which
/// browsers carry it.
pub fn response_xml(kept: &str) -> Result<String, Refusal> {
    if kept.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Ok(kept.to_owned());
    }
    message_xml(kept)
}

impl Inspection {
    fn of(accepted: Accepted) -> Self {
        let in_response_to = accepted.in_response_to().map(str::to_owned);
        let uses_sha1 = accepted.uses_sha1();
        let claims = accepted.into_claims();
        Self {
            uses_sha1,
            name_id: claims.name_id.value,
            name_id_format: claims.name_id.format,
            issuer: claims.issuer,
            session_index: claims.session_index,
            session_not_on_or_after: claims.session_not_on_or_after.map(UnixTime::seconds),
            authn_context_class_ref: claims.authn_context_class_ref,
            in_response_to,
            attributes: claims.attributes,
        }
    }
}

fn as_map<S: serde::Serializer>(attributes: &Attributes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(attributes.iter())
}
