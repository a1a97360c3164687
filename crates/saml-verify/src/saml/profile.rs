//! Web Browser SSO: from an authentic Response to an [`Accepted`] one.
//!
//! Follows Profiles §4.1.4.2 (content), §4.1.4.3 (processing) and §4.1.4.5 (POST binding) in order.
//! Signatures were settled in [`super::message`]. Once-only use is settled one floor above, with what [`Accepted::replay_key`] gives.

use crate::dsig::algorithm::Digest;
use crate::dsig::key::TrustedKey;
use crate::encoding::hex;
use crate::error::Refusal;
use crate::limits::ASSERTION_AGE;
use crate::saml::assertion::Assertion;
use crate::saml::attribute::Attributes;
use crate::saml::conditions::Conditions;
use crate::saml::expected::{Expected, Requests, Skew};
use crate::saml::head::Head;
use crate::saml::message::{Authentic, Signatures};
use crate::saml::subject::{ConfirmationData, NameId};
use crate::time::UnixTime;

/// A Response whose every rule held. It is not a sign-in yet: whoever makes one of it must first
/// have its [`replay_key`](Self::replay_key) taken, once, by a store that cannot give it twice.
/// Until then the claims stay inside.
///
/// ```compile_fail
/// fn name(accepted: saml_edge::saml::Accepted) -> String {
///     accepted.claims.issuer
/// }
/// ```
#[derive(Debug)]
pub struct Accepted {
    replay_key: String,
    expires: UnixTime,
    in_response_to: Option<String>,
    /// The earliest AuthnInstant, if each statement has one.
    authn_instant: Option<UnixTime>,
    signatures: Signatures,
    claims: Claims,
}

/// What an accepted assertion says.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The Issuer of the assertion.
    pub issuer: String,
    /// There is one unless [`Expected::nameless`].
    pub name_id: Option<NameId>,
    /// SessionIndex of the AuthnStatement.
    pub session_index: Option<String>,
    /// When the IdP wants the session to end.
    pub session_not_on_or_after: Option<UnixTime>,
    /// AuthnContextClassRef of the AuthnStatement.
    pub authn_context_class_ref: Option<String>,
    /// The attributes, by name.
    pub attributes: Attributes,
}

impl Accepted {
    /// What must be used only once: a digest of Issuer and assertion ID, in hexadecimal, so that no
    /// foreign text becomes a key (rows F5, G8).
    pub fn replay_key(&self) -> &str {
        &self.replay_key
    }

    /// When the replay key may be forgotten: from then on the assertion is refused as too old.
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The ID of the AuthnRequest that was answered; `None` for a login that the IdP started.
    pub fn in_response_to(&self) -> Option<&str> {
        self.in_response_to.as_deref()
    }

    /// Refuses a user who has not signed in at the IdP since `asked`, when a request with ForceAuthn
    /// was made (Core §3.4.1): IdPs are known to pass over it.
    pub fn require_authn_since(&self, asked: UnixTime, skew: Skew) -> Result<(), Refusal> {
        let earliest = asked.plus(-skew.seconds());
        let is_fresh = self.authn_instant.is_some_and(|instant| instant >= earliest);
        is_fresh.then_some(()).ok_or(Refusal::AuthnTooOld)
    }

    /// Whether a signature was made with SHA-1, which the account's people should hear of (row D3).
    pub const fn uses_sha1(&self) -> bool {
        self.signatures.use_sha1
    }

    /// The keys whose signatures held: that of the Response, of the Assertion, or both.
    pub fn signed_by(&self) -> &[TrustedKey] {
        &self.signatures.keys
    }

    /// Whether the assertion is signed itself, so that it means the same in whatever Response.
    pub const fn is_assertion_signed(&self) -> bool {
        self.signatures.has_assertion
    }

    /// The values of the claim `name`, for one who asks whose the assertion is.
    pub fn claim(&self, name: &str) -> &[String] {
        self.claims.attributes.values(name)
    }

    /// The claims, for one who has taken the replay key or signs nobody in.
    pub fn into_claims(self) -> Claims {
        self.claims
    }
}

/// Accepts an authentic message at `now`, or names the first rule it breaks.
pub fn accept(
    message: &Authentic,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<Accepted, Refusal> {
    expected.idp.require_current(now)?;
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
        replay_key: issuer_key(&assertion.issuer, &assertion.id),
        expires,
        in_response_to: confirmation.in_response_to.clone(),
        authn_instant: assertion.authn_instant(),
        signatures: message.signatures.clone(),
        claims: assertion.into_claims(session_end),
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

/// Of the bearer confirmations that hold, any of which is enough (Profiles §4.1.4.3), one that answers
/// the request that the Response does, or else any request, or else the first; or the reason why the
/// last one does not hold.
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

/// Accepts a bearer confirmation that is addressed to us, answers a request of ours, and is still
/// open at `now`.
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
    if !audience_restrictions.iter().all(|audiences| names_us(audiences, expected.entity_id)) {
        return Err(Refusal::AudienceMismatch);
    }
    Ok(not_on_or_after.map_or(oldest, |until| until.min(oldest)).plus(skew))
}

/// Entra writes an identifier into Audience without its fragment. What is left can be the name of
/// another account, so whoever gives out entity ids with a fragment gives out as many Reply URLs:
/// Recipient and Destination are compared with the fragment (row G1).
fn names_us(audiences: &[String], entity_id: &str) -> bool {
    audiences.iter().any(|it| it == entity_id || it == without_fragment(entity_id))
}

/// A URI up to its fragment (RFC 3986 §3.5).
pub fn without_fragment(uri: &str) -> &str {
    uri.split_once('#').map_or(uri, |(uri, _)| uri)
}

/// A digest of an Issuer and what it says, so that no foreign text becomes a key (rows F5, G8).
pub fn issuer_key(issuer: &str, said: &str) -> String {
    // The length in front keeps two pairs from sharing one concatenation.
    hex(&Digest::Sha256.of(format!("{}:{issuer}{said}", issuer.len()).as_bytes()))
}

impl Assertion {
    fn authn_instant(&self) -> Option<UnixTime> {
        let instants = self.authn_statements.iter().map(|it| it.authn_instant);
        instants.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    fn into_claims(self, session_not_on_or_after: Option<UnixTime>) -> Claims {
        let authn = self.authn_statements.into_iter().next();
        let (session_index, authn_context_class_ref) =
            authn.map_or((None, None), |it| (it.session_index, it.authn_context_class_ref));
        Claims {
            issuer: self.issuer,
            name_id: self.subject.name_id,
            session_index,
            session_not_on_or_after,
            authn_context_class_ref,
            attributes: self.attributes,
        }
    }
}
