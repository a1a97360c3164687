//! Inspects a response without making a session: for the command line.

use saml_verify::error::Refusal;
use saml_verify::form::message_xml;
use saml_verify::saml::{Accepted, Attributes, ClaimedResponse, Contents, Expected};
use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::addresses::is_shared;
use crate::platform::keys::{PrivateKeys, Verdict, judge};
pub use crate::report::check::CheckState;
use crate::report::check::{Check, Failed};
use crate::report::comparison::Terms;
use crate::report::text::shortened;

/// The content of a response that was verified in full. No session can be made from it, and it
/// does not use up the assertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// NameID, exactly as signed; `None` where the subject may go without one, and does.
    pub name_id: Option<String>,
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

/// Why a response is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The rule that is broken.
    pub refusal: Refusal,
    /// The values that the rule compares, if it compares some.
    pub comparison: Option<Comparison>,
}

/// The expected values, and those of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What the caller expects.
    pub expected: Vec<String>,
    /// What the message claims, verified or not. Empty if it claims nothing.
    pub received: Vec<String>,
}

/// Verifies the Response in `xml` as a login does, and returns its content or the refusal.
pub async fn examine(
    xml: &str,
    expected: &Expected<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Result<Inspection, Refused> {
    let verdict = judge(xml, expected, private_keys, now).await;
    // The XML does not show what is encrypted.
    let is_plain = matches!(verdict, Verdict::Plain(_));
    let is_shared = || is_shared(expected.entity_id, expected.acs_url);
    let accepted = verdict.for_operator().and_then(|accepted| {
        if !is_plain && !accepted.is_assertion_signed() && is_shared() {
            return Err(Refusal::EncryptedAssertionUnsigned);
        }
        Ok(accepted)
    });
    accepted.map(Inspection::of).map_err(|refusal| {
        let comparison = || Comparison::of(refusal, xml, &Terms::of(expected, now));
        Refused { refusal, comparison: is_plain.then(comparison).flatten() }
    })
}

/// The checks of the verifier in their order, and what is known of each if it accepts a response
/// or refuses it for `refusal`.
pub fn steps(refusal: Option<Refusal>) -> impl Iterator<Item = (&'static str, CheckState)> {
    let failed = refusal.map(|refusal| Failed::of(&refusal.into()));
    let state = move |check: Check| match failed {
        None => CheckState::Passed,
        Some(None) => CheckState::Unknown,
        Some(failed) => check.state(failed),
    };
    Check::of_messages().map(move |check| (check.title(), state(check)))
}

/// The XML of a Response that was saved as XML or as the base64 that browsers post.
pub fn response_xml(kept: &str) -> Result<String, Refusal> {
    if kept.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Ok(kept.to_owned());
    }
    message_xml(kept)
}

impl Comparison {
    fn of(refusal: Refusal, xml: &str, terms: &Terms<'_>) -> Option<Self> {
        let claimed = ClaimedResponse::read(xml);
        let (expected, received) = terms.compare(refusal.rule().step, &claimed)?;
        Some(Self { expected, received: shortened(received.to_vec()) })
    }
}

impl From<Refusal> for Refused {
    /// A refusal that compares nothing.
    fn from(refusal: Refusal) -> Self {
        Self { refusal, comparison: None }
    }
}

impl Inspection {
    fn of(accepted: Accepted) -> Self {
        let in_response_to = accepted.in_response_to().map(str::to_owned);
        let uses_sha1 = accepted.uses_sha1();
        let Contents {
            issuer,
            name_id,
            session_index,
            session_not_on_or_after,
            authn_context_class_ref,
            attributes,
            ..
        } = accepted.unclaimed().clone();
        let (name_id, name_id_format) =
            name_id.map_or((None, None), |it| (Some(it.value), it.format));
        Self {
            uses_sha1,
            name_id,
            name_id_format,
            issuer,
            session_index,
            session_not_on_or_after: session_not_on_or_after.map(UnixTime::seconds),
            authn_context_class_ref,
            in_response_to,
            attributes,
        }
    }
}

fn as_map<S: serde::Serializer>(attributes: &Attributes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(attributes.iter())
}
