//! Web Browser SSO: from an authentic Response to an [`Accepted`] one.
//!
//! Follows Profiles §4.1.4.2 (content), §4.1.4.3 (processing) and §4.1.4.5 (POST binding) in order.
//! Signatures were settled in [`super::authenticate`]. Once-only use is what [`Accepted::claim`] is
//! for.

use crate::dsig::algorithm::Digest;
use crate::encoding::hex;
use crate::error::Refusal;
use crate::limits::ASSERTION_AGE;
use crate::saml::assertion::Assertion;
use crate::saml::assertion::conditions::Conditions;
use crate::saml::assertion::subject::ConfirmationData;
use crate::saml::response::accepted::{Accepted, Contents};
use crate::saml::response::authenticate::Authentic;
use crate::saml::response::expected::{Expected, Requests};
use crate::saml::response::head::Head;
use crate::time::UnixTime;

/// Accepts an authentic message at `now`, or names the first rule it breaks.
pub(super) fn accept_message(
    message: &Authentic,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<Accepted, Refusal> {
    expected.idp.require_unexpired(now)?;
    accept_head(&message.head, expected)?;
    let assertion = message.read_assertion(Assertion::read)?;
    if assertion.subject.name_id.is_none() && !expected.nameless {
        return Err(Refusal::NameIdMissing);
    }
    if assertion.issuer != expected.idp.entity_id() {
        return Err(Refusal::IssuerMismatch);
    }
    let claimed_request = message.head.claimed_in_response_to.as_deref();
    let confirmation = confirm(&assertion.subject.bearer, claimed_request, expected, now)?;
    if claimed_request.is_some() && claimed_request != confirmation.in_response_to.as_deref() {
        return Err(Refusal::InResponseToMismatch);
    }
    let expires = within_conditions(&assertion, expected, now)?;
    let session_end = assertion.authn_statements.iter().filter_map(|it| it.session_not_on_or_after);
    let session_end = session_end.min();
    if session_end.is_some_and(|end| now >= end.plus(expected.skew.seconds())) {
        return Err(Refusal::SessionExpired);
    }
    Ok(Accepted {
        replay_key: replay_digest(&assertion.issuer, &assertion.id),
        expires,
        in_response_to: confirmation.in_response_to.clone(),
        authn_instant: assertion.authn_instant(),
        signatures: message.signatures.clone(),
        contents: assertion.into_contents(session_end),
    })
}

/// What the Response says of itself must not contradict what is expected. When it is signed, it
/// must say where it goes (Bindings §3.5.5.2) and who sent it (Profiles §4.1.4.2).
fn accept_head(head: &Head, expected: &Expected<'_>) -> Result<(), Refusal> {
    match head.claimed_destination.as_deref() {
        None if head.signed => return Err(Refusal::DestinationMissing),
        Some(found) if found != expected.acs_url => return Err(Refusal::DestinationMismatch),
        None | Some(_) => {}
    }
    match head.claimed_issuer.as_deref() {
        None if head.signed => Err(Refusal::IssuerMissing),
        Some(found) if found != expected.idp.entity_id() => Err(Refusal::IssuerMismatch),
        None | Some(_) => Ok(()),
    }
}

/// Of the bearer confirmations that hold, any of which is enough (Profiles §4.1.4.3), one that
/// answers the request that the Response does, or else any request, or else the first; or the
/// reason why the last one does not hold.
fn confirm<'a>(
    bearer: &'a [ConfirmationData],
    claimed_request: Option<&str>,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<&'a ConfirmationData, Refusal> {
    let mut refusal = Refusal::ConfirmationMissing;
    let mut held = Vec::new();
    for data in bearer {
        match confirms(data, expected, now) {
            Ok(()) => held.push(data),
            Err(reason) => refusal = reason,
        }
    }
    let preference = |data: &&ConfirmationData| {
        let answered = data.in_response_to.as_deref();
        (claimed_request.is_some() && claimed_request != answered, answered.is_none())
    };
    held.into_iter().min_by_key(preference).ok_or(refusal)
}

/// Accepts a bearer confirmation whose Recipient is the ACS URL, that answers a known request, and
/// that has not expired at `now`.
fn confirms(
    data: &ConfirmationData,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<(), Refusal> {
    // Profiles §4.1.4.2: Recipient and NotOnOrAfter are mandatory here, NotBefore is forbidden.
    let recipient = data.recipient.as_deref().ok_or(Refusal::RecipientMissing)?;
    let until = data.not_on_or_after.ok_or(Refusal::ConfirmationWithoutExpiry)?;
    if data.not_before.is_some() {
        return Err(Refusal::ConfirmationNotBefore);
    }
    if recipient != expected.acs_url {
        return Err(Refusal::RecipientMismatch);
    }
    answers(data.in_response_to.as_deref(), expected.requests)?;
    if now >= until.plus(expected.skew.seconds()) {
        return Err(Refusal::ConfirmationExpired);
    }
    Ok(())
}

fn answers(in_response_to: Option<&str>, requests: Requests<'_>) -> Result<(), Refusal> {
    match (in_response_to, requests) {
        (_, Requests::Any) | (None, Requests::OrUnsolicited(_)) => Ok(()),
        (None, Requests::Only(_)) => Err(Refusal::InResponseToMissing),
        (Some(id), Requests::Only(known) | Requests::OrUnsolicited(known)) => {
            if known.contains(&id) { Ok(()) } else { Err(Refusal::InResponseToUnknown) }
        }
    }
}

/// Accepts the assertion's age, its Conditions and its audience; returns from when on they cannot
/// hold any more.
fn within_conditions(
    assertion: &Assertion,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<UnixTime, Refusal> {
    let skew = expected.skew.seconds();
    let Conditions { not_before, not_on_or_after, audience_restrictions } = &assertion.conditions;
    // Core §2.5.1.2: valid from NotBefore on, up to but not at NotOnOrAfter.
    if not_before.is_some_and(|from| now < from.plus(-skew)) {
        return Err(Refusal::ConditionsNotYetValid);
    }
    if not_on_or_after.is_some_and(|until| now >= until.plus(skew)) {
        return Err(Refusal::ConditionsExpired);
    }
    if now < assertion.issue_instant.plus(-skew) {
        return Err(Refusal::IssuedInFuture);
    }
    let oldest = assertion.issue_instant.plus(ASSERTION_AGE);
    if now >= oldest.plus(skew) {
        return Err(Refusal::AssertionTooOld);
    }
    if audience_restrictions.is_empty() {
        return Err(Refusal::AudienceMissing);
    }
    if !audience_restrictions
        .iter()
        .all(|audiences| audience_matches(audiences, expected.entity_id))
    {
        return Err(Refusal::AudienceMismatch);
    }
    Ok(not_on_or_after.map_or(oldest, |until| until.min(oldest)).plus(skew))
}

/// Entra writes an identifier into Audience without its fragment (RFC 3986 §3.5). What is left can
/// be the name of another account, so a service that gives out entity ids with a fragment gives out
/// as many Reply URLs: Recipient and Destination are compared with the fragment (row G1).
fn audience_matches(audiences: &[String], entity_id: &str) -> bool {
    let bare = entity_id.split_once('#').map_or(entity_id, |(uri, _)| uri);
    audiences.iter().any(|it| it == entity_id || it == bare)
}

/// A digest of an Issuer and what it says, so that no foreign text becomes a key (rows F5, G8).
pub(crate) fn replay_digest(issuer: &str, said: &str) -> String {
    // The length in front keeps two pairs from sharing one concatenation.
    hex(&Digest::Sha256.of(format!("{}:{issuer}{said}", issuer.len()).as_bytes()))
}

impl Assertion {
    fn authn_instant(&self) -> Option<UnixTime> {
        let instants = self.authn_statements.iter().map(|it| it.authn_instant);
        instants.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    fn into_contents(self, session_not_on_or_after: Option<UnixTime>) -> Contents {
        let authn = self.authn_statements.into_iter().next();
        let (session_index, authn_context_class_ref) =
            authn.map_or((None, None), |it| (it.session_index, it.authn_context_class_ref));
        Contents {
            issuer: self.issuer,
            name_id: self.subject.name_id,
            session_index,
            session_not_on_or_after,
            authn_context_class_ref,
            attributes: self.attributes,
        }
    }
}
