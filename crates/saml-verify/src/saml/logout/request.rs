//! The IdP's LogoutRequest (Core §3.7.1), from a verified signature to a request that may be acted
//! on.
//!
//! A name that is encrypted is decrypted last, once everything else has held (row E2).

use std::borrow::Cow;

use crate::error::Refusal;
use crate::limits::LOGOUT_AGE;
use crate::saml::assertion::subject::NameId;
use crate::saml::encrypted_element::EncryptedElement;
use crate::saml::logout::expected::ExpectedLogout;
use crate::saml::logout::sender::{require_head, require_issuer};
use crate::saml::logout::verified::Verified;
use crate::saml::response::expected::Skew;
use crate::saml::response::profile::replay_digest;
use crate::time::UnixTime;
use crate::xml::element::Element;
use crate::xml::name::{
    ENCRYPTED_ID, EXTENSIONS, ISSUER, LOGOUT_REQUEST, NAME_ID, SESSION_INDEX, SIGNATURE,
};
use crate::xmlenc::encrypted::{EncryptedKey, Surroundings};

/// A LogoutRequest whose signature held, or that is accepted without one. No other rule has been
/// checked yet.
#[derive(Debug)]
pub struct LogoutRequest(Verified);

/// A LogoutRequest that was accepted, or one whose name must be decrypted first.
#[derive(Debug)]
pub enum ReceivedLogout {
    /// Every rule held.
    Accepted(AcceptedLogout),
    /// Every rule held but those of the name, which is encrypted.
    Sealed(SealedLogout),
}

/// A LogoutRequest with an EncryptedID.
#[derive(Debug)]
pub struct SealedLogout {
    element: EncryptedElement,
    verified: Verified,
}

/// A LogoutRequest that may be acted on, once its replay key is used for the first time.
/// [`LogoutRequest::accept`] and [`SealedLogout::open`] are the only makers:
///
/// ```compile_fail,E0451
/// use saml_verify::UnixTime;
/// use saml_verify::saml::AcceptedLogout;
/// fn forge(expires: UnixTime) -> AcceptedLogout {
///     AcceptedLogout {
///         replay_key: None,
///         expires,
///         name_id: String::from("ada@acme.example"),
///         session_indexes: Vec::new(),
///         uses_sha1: false,
///     }
/// }
/// ```
#[derive(Debug)]
pub struct AcceptedLogout {
    replay_key: Option<String>,
    expires: UnixTime,
    name_id: String,
    session_indexes: Vec<String>,
    uses_sha1: bool,
}

impl AcceptedLogout {
    /// What must be used only once: a digest of Issuer and ID, in hexadecimal (row G8). `None`
    /// where the request is not signed, since anyone could then use up the key of another.
    pub fn replay_key(&self) -> Option<&str> {
        self.replay_key.as_deref()
    }

    /// When the replay key may be forgotten: from then on the request is refused as expired.
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The value of the NameID whose sessions are to end.
    pub fn name_id(&self) -> &str {
        &self.name_id
    }

    /// The sessions to end; all of the NameID's where there is none.
    pub fn session_indexes(&self) -> &[String] {
        &self.session_indexes
    }

    /// Whether the signature is made with SHA-1.
    pub const fn uses_sha1(&self) -> bool {
        self.uses_sha1
    }

    /// Whether the request is signed.
    pub const fn is_signed(&self) -> bool {
        self.replay_key.is_some()
    }
}

impl LogoutRequest {
    pub(super) const fn new(verified: Verified) -> Self {
        Self(verified)
    }

    /// Whether the request is signed.
    pub const fn is_signed(&self) -> bool {
        self.0.is_signed
    }

    /// The ID that a LogoutResponse names, if the Issuer is the expected IdP.
    pub fn id(&self, expected: &ExpectedLogout<'_>) -> Option<String> {
        let id = |root: Element<'_>, verified: &Verified| {
            require_issuer(root, verified.is_signed, expected)?;
            let id = root.is(LOGOUT_REQUEST).then(|| root.required_token("ID")).transpose()?;
            Ok(id.map(Cow::into_owned))
        };
        self.0.read(id).ok().flatten()
    }

    /// Accepts the request at `now`, as far as its name can be read, or names the first rule that
    /// it breaks.
    pub fn accept(
        self,
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<ReceivedLogout, Refusal> {
        let Self(verified) = self;
        let read = verified.read(|root, verified| Request::read(root, verified, expected, now))?;
        match read {
            Request { name: Named::Plainly(name_id), rest } => {
                Ok(ReceivedLogout::Accepted(AcceptedLogout { name_id, ..rest }))
            }
            Request { name: Named::Sealed(element), .. } => {
                Ok(ReceivedLogout::Sealed(SealedLogout { element, verified }))
            }
        }
    }
}

impl SealedLogout {
    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        self.element.keys()
    }

    /// Decrypts the name with `content_key` and accepts the request. A name that cannot be
    /// decrypted is [`Refusal::DecryptionFailed`], whatever the reason.
    pub fn open(
        self,
        content_key: &[u8],
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<AcceptedLogout, Refusal> {
        let Self { element, verified } = self;
        let open = |text: &str| element.open_in(text, content_key, NAME_ID);
        match LogoutRequest(verified.with_decrypted(open)?).accept(expected, now)? {
            ReceivedLogout::Accepted(accepted) => Ok(accepted),
            ReceivedLogout::Sealed(_) => Err(Refusal::DecryptionFailed),
        }
    }
}

/// What a LogoutRequest says.
struct Request {
    name: Named,
    /// All but its name.
    rest: AcceptedLogout,
}

enum Named {
    Plainly(String),
    Sealed(EncryptedElement),
}

impl Request {
    /// In the order of the schema (Core §3.7.1).
    fn read(
        root: Element<'_>,
        verified: &Verified,
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<Self, Refusal> {
        if !root.is(LOGOUT_REQUEST) {
            return Err(Refusal::NotALogoutMessage);
        }
        require_head(root, verified.is_signed, expected)?;
        let mut parts = root.sequence()?;
        let _ = (parts.optional(ISSUER), parts.optional(SIGNATURE), parts.optional(EXTENSIONS));
        let name = match parts.optional(ENCRYPTED_ID) {
            // Nothing is decrypted for a sender that is not authenticated.
            Some(_) if !verified.is_signed => return Err(Refusal::NameIdEncrypted),
            Some(sealed) => Named::Sealed(EncryptedElement::read(sealed, Surroundings::Verified)?),
            None => {
                let name_id = parts.optional(NAME_ID).ok_or(Refusal::NameIdMissing)?;
                Named::Plainly(NameId::read(name_id)?.value)
            }
        };
        let mut session_indexes = Vec::new();
        while let Some(index) = parts.optional(SESSION_INDEX) {
            session_indexes.push(index.text()?.into_owned());
        }
        parts.end()?;
        let id = root.required_token("ID")?;
        let rest = AcceptedLogout {
            replay_key: verified.is_signed.then(|| replay_digest(expected.idp.entity_id(), &id)),
            expires: open_until(root, expected.skew, now)?,
            name_id: String::new(),
            session_indexes,
            uses_sha1: verified.uses_sha1,
        };
        Ok(Self { name, rest })
    }
}

/// From when on the request is refused as too old. NotOnOrAfter is optional (Core §3.7.1); a
/// request without it would be good for ever.
fn open_until(root: Element<'_>, skew: Skew, now: UnixTime) -> Result<UnixTime, Refusal> {
    let issued = root.time("IssueInstant")?.ok_or(Refusal::AttributeMissing)?;
    if now < issued.plus(-skew.seconds()) {
        return Err(Refusal::IssuedInFuture);
    }
    let end = root.time("NotOnOrAfter")?;
    let oldest = issued.plus(LOGOUT_AGE);
    let until = end.map_or(oldest, |end| end.min(oldest)).plus(skew.seconds());
    if now >= until {
        return Err(Refusal::LogoutExpired);
    }
    Ok(until)
}
