//! What an accepted Response says, and how its claims come out: once (Profiles §4.1.4.5).

use std::ops::Deref;

use crate::dsig::key::TrustedKey;
use crate::error::Refusal;
use crate::saml::assertion::attributes::Attributes;
use crate::saml::assertion::subject::NameId;
use crate::saml::response::authenticate::Signatures;
use crate::saml::response::expected::Skew;
use crate::time::UnixTime;

/// A Response whose every rule held. It is not a sign-in yet: its [`Claims`] come out by
/// [`claim`](Self::claim) alone, which uses up its replay key. What it says can be read before, as
/// [`unclaimed`](Self::unclaimed) contents, which grant nothing.
///
/// ```compile_fail,E0616
/// # use saml_verify::saml::{Accepted, Contents};
/// fn look(accepted: Accepted) -> Contents {
///     accepted.contents
/// }
/// ```
///
/// It is used up with its replay key, so there is no second set of claims:
///
/// ```compile_fail,E0382
/// # use saml_verify::error::Refusal;
/// # use saml_verify::saml::{Accepted, Claims, Use};
/// fn twice(accepted: Accepted) -> Result<(Claims, Claims), Refusal> {
///     Ok((accepted.claim(|_, _| Ok(Use::First))?, accepted.claim(|_, _| Ok(Use::First))?))
/// }
/// ```
#[derive(Debug)]
pub struct Accepted {
    pub(super) replay_key: String,
    pub(super) expires: UnixTime,
    pub(super) in_response_to: Option<String>,
    /// The earliest AuthnInstant, if each statement has one.
    pub(super) authn_instant: Option<UnixTime>,
    pub(super) signatures: Signatures,
    pub(super) contents: Contents,
}

/// What an accepted assertion says. By themselves the contents grant nothing: they are the same
/// however often an assertion is presented. A sign-in is made of [`Claims`].
///
/// ```compile_fail,E0639
/// # use saml_verify::saml::{Attributes, Contents};
/// let forged = Contents {
///     issuer: "https://idp.example".to_owned(),
///     name_id: None,
///     session_index: None,
///     session_not_on_or_after: None,
///     authn_context_class_ref: None,
///     attributes: Attributes::default(),
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// The Issuer of the assertion.
    pub issuer: String,
    /// There is one unless [`Expected::nameless`](crate::saml::Expected::nameless).
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

/// The contents of an accepted assertion that is used for the first time. [`Accepted::claim`] and
/// [`Accepted::claim_async`] are the only makers, so a function that takes `Claims` cannot be
/// called with what was only looked at:
///
/// ```compile_fail,E0308
/// # use saml_verify::saml::{Accepted, Claims};
/// fn sign_in(claims: &Claims) {}
/// fn skip(accepted: &Accepted) {
///     sign_in(accepted.unclaimed());
/// }
/// ```
///
/// ```compile_fail,E0423
/// # use saml_verify::saml::{Accepted, Claims};
/// fn forge(accepted: &Accepted) -> Claims {
///     Claims(accepted.unclaimed().clone())
/// }
/// ```
#[derive(Debug)]
pub struct Claims(Contents);

/// What a store of replay keys says of a key that it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It did not have the key, and has it now.
    First,
    /// It had the key already.
    Repeated,
}

impl Accepted {
    /// What must be used only once: a digest of Issuer and assertion ID, in hexadecimal, so that no
    /// foreign text becomes a key (rows F5, G8).
    pub fn replay_key(&self) -> &str {
        &self.replay_key
    }

    /// When the replay key may be forgotten: from then on the assertion is refused as expired or
    /// too old, at most a day and the skew after its IssueInstant.
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The ID of the AuthnRequest that was answered; `None` for a login that the IdP started.
    pub fn in_response_to(&self) -> Option<&str> {
        self.in_response_to.as_deref()
    }

    /// Refuses a user who has not signed in at the IdP since `asked`, less `skew`, when the
    /// AuthnRequest had ForceAuthn (Core §3.4.1), which some IdPs ignore. The refusal is
    /// [`Refusal::AuthnTooOld`], also where an AuthnStatement has no AuthnInstant.
    pub fn require_authn_since(&self, asked: UnixTime, skew: Skew) -> Result<(), Refusal> {
        let earliest = asked.plus(-skew.seconds());
        let is_fresh = self.authn_instant.is_some_and(|instant| instant >= earliest);
        is_fresh.then_some(()).ok_or(Refusal::AuthnTooOld)
    }

    /// Whether a signature was made with SHA-1, which an administrator should be told (row D3).
    pub const fn uses_sha1(&self) -> bool {
        self.signatures.use_sha1
    }

    /// The keys whose signatures held: that of the Response, of the Assertion, or both.
    pub fn signed_by(&self) -> &[TrustedKey] {
        &self.signatures.keys
    }

    /// Whether the assertion is signed itself, so that it means the same in every Response.
    pub const fn is_assertion_signed(&self) -> bool {
        self.signatures.has_assertion
    }

    /// What the assertion says, without using it up: for reports, and for what a transaction stores
    /// together with the replay key. It grants nothing.
    pub const fn unclaimed(&self) -> &Contents {
        &self.contents
    }

    /// The claims, if `use_up` takes the replay key for the first time. `use_up` gets the key and
    /// when it may be forgotten. Look-up and storing must be one atomic step, such as an INSERT
    /// with a unique key, and a store that fails must be an error. A key that was taken before is
    /// [`Refusal::AssertionReplayed`].
    pub fn claim<E: From<Refusal>>(
        self,
        use_up: impl FnOnce(&str, UnixTime) -> Result<Use, E>,
    ) -> Result<Claims, E> {
        let used = use_up(&self.replay_key, self.expires)?;
        Ok(self.used(used)?)
    }

    /// Like [`claim`](Self::claim), for a store that must be waited for.
    pub async fn claim_async<E: From<Refusal>>(
        self,
        use_up: impl AsyncFnOnce(&str, UnixTime) -> Result<Use, E>,
    ) -> Result<Claims, E> {
        let used = use_up(&self.replay_key, self.expires).await?;
        Ok(self.used(used)?)
    }

    fn used(self, used: Use) -> Result<Claims, Refusal> {
        match used {
            Use::First => Ok(Claims(self.contents)),
            Use::Repeated => Err(Refusal::AssertionReplayed),
        }
    }
}

impl Deref for Claims {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.0
    }
}
