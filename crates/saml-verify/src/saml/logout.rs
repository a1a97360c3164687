//! Single logout (Core §3.7, Profiles §4.4): what an IdP sends by either binding, read from verified
//! octets.
//!
//! Whoever could forge a LogoutRequest could sign people out, or learn who is known here by whether
//! they are signed out: it takes the very verifier that a Response takes (row F8). A name that is
//! encrypted is decrypted last, once everything else has held (row E2).

use std::borrow::Cow;

use crate::dsig::algorithm::Sha1;
use crate::dsig::signature::Signature;
use crate::dsig::verify::{SignedOctets, verify_signature};
use crate::error::Refusal;
use crate::limits::{CANONICAL_XML, LOGOUT_AGE, MESSAGE_XML};
use crate::saml::expected::Skew;
use crate::saml::incoming::{Carried, Incoming, Kind};
use crate::saml::message::SealedElement;
use crate::saml::metadata::IdpMetadata;
use crate::saml::profile::issuer_key;
use crate::saml::protocol::{is_success, read_issuer, require_version_2};
use crate::saml::signed_query::SignedQuery;
use crate::saml::subject::NameId;
use crate::time::UnixTime;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{
    ENCRYPTED_ID, EXTENSIONS, ISSUER, LOGOUT_REQUEST, LOGOUT_RESPONSE, NAME_ID, SESSION_INDEX,
    SIGNATURE, STATUS, STATUS_CODE,
};
use crate::xmlenc::encrypted::{EncryptedKey, Surroundings};

/// What a message of single logout must say to be for us. All of it comes from configuration.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedLogout<'a> {
    /// The account's IdP: its entity id and the keys it may sign with.
    pub idp: &'a IdpMetadata,
    /// The addresses that it may be sent to.
    pub addresses: &'a [String],
    /// How far the IdP's clock may be off.
    pub skew: Skew,
    /// Whether the account still takes SHA-1 today.
    pub sha1: Sha1,
    /// Whether the account takes requests that nobody signed.
    pub unsigned: bool,
}

/// A message as far as its signature goes.
#[derive(Debug)]
pub enum Logout {
    /// The IdP ends sessions.
    Request(LogoutRequest),
    /// The IdP has answered a request of ours. Every rule held.
    Answer(LogoutAnswer),
}

/// A LogoutRequest whose signature held, or that the account takes without one.
#[derive(Debug)]
pub struct LogoutRequest(Verified);

/// A LogoutRequest whose every rule held, or every rule but those of its name, which is encrypted.
#[derive(Debug)]
pub enum Asked {
    /// It may be acted on.
    Accepted(LogoutAccepted),
    /// The name must be decrypted first.
    Sealed(SealedLogout),
}

/// A LogoutRequest with an EncryptedID.
#[derive(Debug)]
pub struct SealedLogout {
    element: SealedElement,
    verified: Verified,
}

/// A LogoutRequest that may be acted on, once it is used for the first time.
#[derive(Debug)]
pub struct LogoutAccepted {
    /// What must be used only once; `None` where the message is not signed.
    pub once_key: Option<String>,
    /// Until when it must be remembered.
    pub expires: UnixTime,
    /// The NameID that is to be logged out.
    pub name_id: String,
    /// None for all sessions of that name.
    pub session_indexes: Vec<String>,
    /// Whether its signature rests on SHA-1.
    pub uses_sha1: bool,
}

impl LogoutAccepted {
    /// Whether its signature held.
    pub const fn is_signed(&self) -> bool {
        self.once_key.is_some()
    }
}

/// What the IdP says of a logout that began here. Nothing depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// It is over everywhere.
    Everywhere,
    /// It is not, or nobody signed that it is.
    Unsure,
}

impl Logout {
    /// Refuses what is no message of single logout by itself, whoever it is for: nothing has to be known
    /// for that. What a query carries is not looked at, for it may only be inflated once its signature
    /// has held (row H8).
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
            // Whatever an IdP answers, nobody is signed in any more.
            Carried::Request(_) | Carried::Response(_) => Ok(()),
        }
    }

    /// Verifies a message at `now`, or names the first rule it breaks. Of a request nothing but its
    /// signature is judged yet: if that held, its sender is to have an answer, whatever else is wrong.
    pub fn verify(
        message: &Incoming<'_>,
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<Self, Refusal> {
        expected.idp.require_current(now)?;
        let verified = Verified::of(message, expected)?;
        match verified.kind {
            Kind::Request if !verified.is_signed && !expected.unsigned => {
                Err(Refusal::SignatureMissing)
            }
            Kind::Request => Ok(Self::Request(LogoutRequest(verified))),
            // Whatever it says, nobody is signed in any more.
            Kind::Response if !verified.is_signed => Ok(Self::Answer(LogoutAnswer::Unsure)),
            Kind::Response => verified
                .read(|root, verified| LogoutAnswer::read(root, verified, expected))
                .map(Self::Answer),
        }
    }
}

impl LogoutRequest {
    /// Whether its signature held.
    pub const fn is_signed(&self) -> bool {
        self.0.is_signed
    }

    /// The ID that an answer names, if it comes from the account's IdP by what it says.
    pub fn id(&self, expected: &ExpectedLogout<'_>) -> Option<String> {
        let id = |root: Element<'_>, verified: &Verified| {
            require_issuer(root, verified, expected)?;
            let id = root.is(LOGOUT_REQUEST).then(|| root.required_token("ID")).transpose()?;
            Ok(id.map(Cow::into_owned))
        };
        self.0.read(id).ok().flatten()
    }

    /// Accepts it at `now`, as far as its name can be read, or names the first rule it breaks.
    pub fn accept(self, expected: &ExpectedLogout<'_>, now: UnixTime) -> Result<Asked, Refusal> {
        let Self(verified) = self;
        let read = verified.read(|root, verified| Request::read(root, verified, expected, now))?;
        match read {
            Request { name: Named::Plainly(name_id), rest } => {
                Ok(Asked::Accepted(LogoutAccepted { name_id, ..rest }))
            }
            Request { name: Named::Sealed(element), .. } => {
                Ok(Asked::Sealed(SealedLogout { element, verified }))
            }
        }
    }
}

impl SealedLogout {
    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        self.element.keys()
    }

    /// Decrypts the name with `content_key`.
    pub fn open(
        self,
        content_key: &[u8],
        expected: &ExpectedLogout<'_>,
        now: UnixTime,
    ) -> Result<LogoutAccepted, Refusal> {
        let Self { element, verified } = self;
        let open = |text: &str| element.open_in(text, content_key, NAME_ID);
        let text = match verified.text {
            Text::Whole(text) => Text::Whole(open(&text)?),
            Text::Octets(octets) => Text::Octets(octets.with_decrypted(open)?),
        };
        match LogoutRequest(Verified { text, ..verified }).accept(expected, now)? {
            Asked::Accepted(accepted) => Ok(accepted),
            Asked::Sealed(_) => Err(Refusal::DecryptionFailed),
        }
    }
}

/// The text of a message, by what is known of it.
#[derive(Debug)]
struct Verified {
    kind: Kind,
    text: Text,
    is_signed: bool,
    uses_sha1: bool,
}

#[derive(Debug)]
enum Text {
    /// As it came in a query, or without a signature.
    Whole(String),
    /// What an enveloped signature covers.
    Octets(SignedOctets),
}

impl Verified {
    /// Verifies the signature of a message, if it has one: one that is there must hold.
    fn of(message: &Incoming<'_>, expected: &ExpectedLogout<'_>) -> Result<Self, Refusal> {
        let (keys, sha1) = (expected.idp.signing_keys(), expected.sha1);
        let whole = |carried: &Carried, is_signed, uses_sha1| {
            let (kind, xml) = match carried {
                Carried::Request(xml) => (Kind::Request, xml),
                Carried::Response(xml) => (Kind::Response, xml),
            };
            Self {
                kind,
                text: Text::Whole(with_line_feeds(xml).into_owned()),
                is_signed,
                uses_sha1,
            }
        };
        let carried = match message {
            Incoming::Query(query) => match SignedQuery::verify(query, keys, sha1) {
                Ok(signed) => return Ok(whole(signed.carried(), true, signed.uses_sha1())),
                Err(Refusal::SignatureMissing) => SignedQuery::unsigned(query)?,
                Err(refusal) => return Err(refusal),
            },
            Incoming::Form(form) => form.carried.clone(),
        };
        let unsigned = whole(&carried, false, false);
        let Text::Whole(text) = &unsigned.text else { return Ok(unsigned) };
        let Some(octets) = verify_enveloped(text, expected)? else { return Ok(unsigned) };
        let uses_sha1 = octets.uses_sha1();
        Ok(Self { text: Text::Octets(octets), is_signed: true, uses_sha1, ..unsigned })
    }

    fn read<T>(
        &self,
        read: impl FnOnce(Element<'_>, &Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        match &self.text {
            Text::Whole(text) => read(Document::parse(text, &MESSAGE_XML)?.root(), self),
            Text::Octets(octets) => read(octets.document()?.root(), self),
        }
    }
}

/// Verifies the one signature that the schema has a place for. One anywhere else is somebody's attempt
/// to have one thing verified and another read (row A4).
fn verify_enveloped(
    text: &str,
    expected: &ExpectedLogout<'_>,
) -> Result<Option<SignedOctets>, Refusal> {
    let document = Document::parse(text, &MESSAGE_XML)?;
    let root = document.root();
    let mut parts = root.sequence()?;
    let _ = parts.optional(ISSUER);
    let signature = parts.optional(SIGNATURE);
    let signatures = root.descendants().filter(|it| it.is(SIGNATURE)).count();
    if signatures != usize::from(signature.is_some()) {
        return Err(Refusal::SignatureMisplaced);
    }
    let Some(signature) = signature else { return Ok(None) };
    let signature = Signature::read(signature)?;
    verify_signature(&signature, expected.idp.signing_keys(), expected.sha1, &CANONICAL_XML)
        .map(Some)
}

/// What a LogoutRequest says.
struct Request {
    name: Named,
    /// All but its name.
    rest: LogoutAccepted,
}

enum Named {
    Plainly(String),
    Sealed(SealedElement),
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
        require_head(root, verified, expected)?;
        let mut parts = root.sequence()?;
        let _ = (parts.optional(ISSUER), parts.optional(SIGNATURE), parts.optional(EXTENSIONS));
        let name = match parts.optional(ENCRYPTED_ID) {
            // Strangers must not have anything decrypted.
            Some(_) if !verified.is_signed => return Err(Refusal::NameIdEncrypted),
            Some(sealed) => Named::Sealed(SealedElement::read(sealed, Surroundings::Verified)?),
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
        let rest = LogoutAccepted {
            once_key: verified.is_signed.then(|| issuer_key(expected.idp.entity_id(), &id)),
            expires: open_until(root, expected.skew, now)?,
            name_id: String::new(),
            session_indexes,
            uses_sha1: verified.uses_sha1,
        };
        Ok(Self { name, rest })
    }
}

impl LogoutAnswer {
    fn read(
        root: Element<'_>,
        verified: &Verified,
        expected: &ExpectedLogout<'_>,
    ) -> Result<Self, Refusal> {
        if !root.is(LOGOUT_RESPONSE) {
            return Err(Refusal::NotALogoutMessage);
        }
        require_head(root, verified, expected)?;
        let status = root.children_named(STATUS).next().ok_or(Refusal::ElementMissing)?;
        let is_everywhere = is_success(status)? && !is_qualified(status);
        Ok(if is_everywhere { Self::Everywhere } else { Self::Unsure })
    }
}

/// Whether a second-level code stands below the top-level one: beside Success that is PartialLogout,
/// which says that sessions are left elsewhere (Core §3.7.3.2), and nothing that is clearly better.
fn is_qualified(status: Element<'_>) -> bool {
    let mut codes = status.children_named(STATUS_CODE);
    codes.any(|code| code.children_named(STATUS_CODE).next().is_some())
}

/// What requests and answers have in common: who sent it, and whereto. A signed one must say where it
/// goes (Bindings §3.4.5.2, §3.5.5.2), or one that was meant for another service would do here.
fn require_head(
    root: Element<'_>,
    verified: &Verified,
    expected: &ExpectedLogout<'_>,
) -> Result<(), Refusal> {
    require_version_2(root)?;
    require_issuer(root, verified, expected)?;
    match root.token("Destination") {
        None if verified.is_signed => Err(Refusal::DestinationMissing),
        Some(found) if !expected.addresses.iter().any(|it| *it == found) => {
            Err(Refusal::DestinationMismatch)
        }
        None | Some(_) => Ok(()),
    }
}

fn require_issuer(
    root: Element<'_>,
    verified: &Verified,
    expected: &ExpectedLogout<'_>,
) -> Result<(), Refusal> {
    let issuer = root.sequence()?.optional(ISSUER).ok_or(Refusal::IssuerMissing)?;
    let issuer = read_issuer(issuer)?;
    let is_idp = names_idp(&issuer, expected.idp.entity_id(), verified.is_signed);
    is_idp.then_some(()).ok_or(Refusal::IssuerMismatch)
}

/// Entra's name in assertions, and in the documentation of its logout. Both end in the directory's id.
const ENTRA: &str = "https://sts.windows.net/";
const ENTRA_LOGIN: &str = "https://login.microsoftonline.com/";

/// Whether `issuer` is the IdP with this entity id, or Entra by its other name for the same directory.
/// That is no more than a name: the signature must hold under the account's own keys.
fn names_idp(issuer: &str, entity_id: &str, is_signed: bool) -> bool {
    let alias = || entity_id.strip_prefix(ENTRA) == issuer.strip_prefix(ENTRA_LOGIN);
    let has_alias = is_signed && entity_id.starts_with(ENTRA);
    issuer == entity_id || (has_alias && alias())
}

impl IdpMetadata {
    /// Whether its endpoint for single logout takes LogoutResponses: Entra's takes LogoutRequests,
    /// and no answers to its own.
    pub fn takes_logout_answers(&self) -> bool {
        !self.entity_id().starts_with(ENTRA)
    }
}

/// From when on the request is refused as too old. NotOnOrAfter is optional (Core §3.7.1); a request
/// without it would be good for ever.
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
