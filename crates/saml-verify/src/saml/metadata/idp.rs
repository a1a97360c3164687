//! IdP metadata (Metadata §2): the account's trust anchor.

use crate::dsig::algorithm::Sha1;
use crate::dsig::certificate::Certificate;
use crate::dsig::key::TrustedKey;
use crate::dsig::signature::Signature;
use crate::dsig::verify::verify_signature;
use crate::error::Refusal;
use crate::limits::{
    CANONICAL_METADATA_XML, ENTITY_ID_OCTETS, LISTED, LISTED_OCTETS, METADATA_XML,
};
use crate::saml::metadata::endpoint::{Binding, Endpoint, Location, read_endpoints};
use crate::saml::metadata::entities::{choose, idp_roles};
use crate::saml::metadata::key_descriptor::SigningKeys;
use crate::saml::metadata::warning::Warning;
use crate::time::UnixTime;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{NAME_ID_FORMAT, SIGNATURE, SINGLE_LOGOUT_SERVICE, SINGLE_SIGN_ON_SERVICE};

/// An IdP: its entity id, its keys and its endpoints. There is at least one signing key: metadata
/// without one is refused, never trusted by default (row G5).
#[derive(Clone, Debug)]
pub struct IdpMetadata {
    entity_id: String,
    valid_until: Option<UnixTime>,
    cache_duration: Option<i64>,
    want_authn_requests_signed: bool,
    signing_keys: Vec<TrustedKey>,
    certificates: Vec<Certificate>,
    single_sign_on: Vec<Endpoint>,
    single_logout: Vec<Endpoint>,
    name_id_formats: Vec<String>,
    warnings: Vec<Warning>,
}

impl IdpMetadata {
    /// Reads the one SAML 2.0 IdP that a document describes, within [`METADATA_XML`] (Metadata
    /// §2.3, §2.4). Extensions, other roles and other entities are passed over. Endpoints and keys
    /// that cannot be used are left out, with a [`Warning`].
    ///
    /// # Errors
    ///
    /// A [`Refusal`], such as [`Refusal::SigningKeyMissing`], or [`Refusal::EntityAmbiguous`] where
    /// several IdPs are described. Metadata that has expired is read: see
    /// [`Self::require_unexpired`].
    pub fn parse(xml: &str) -> Result<Self, Refusal> {
        Self::read_unsigned(xml, None)
    }

    /// Like [`Self::parse`], for the IdP with this entity id in a document that may describe many;
    /// [`Refusal::EntityUnknown`] where it does not describe this one.
    pub fn parse_entity(xml: &str, entity_id: &str) -> Result<Self, Refusal> {
        Self::read_unsigned(xml, Some(entity_id))
    }

    /// Like [`Self::parse`] or [`Self::parse_entity`], for a document whose root is signed
    /// (Metadata §3.1) under one of `pinned`, which were agreed upon in another way: a key in the
    /// document itself proves nothing. Only the octets that the signature covers are read. Without
    /// a signature the refusal is [`Refusal::MetadataUnsigned`].
    pub fn parse_signed(
        xml: &str,
        pinned: &[TrustedKey],
        entity_id: Option<&str>,
    ) -> Result<Self, Refusal> {
        let xml = with_line_feeds(xml);
        let document = Document::parse(&xml, &METADATA_XML)?;
        let signature = document.root().sequence()?.optional(SIGNATURE);
        let signature = Signature::read(signature.ok_or(Refusal::MetadataUnsigned)?)?;
        let octets = verify_signature(&signature, pinned, Sha1::Refused, &CANONICAL_METADATA_XML)?;
        Self::read(octets.document()?.root(), entity_id)
    }

    /// The entity ids of the SAML 2.0 IdPs in a document, for a person to choose from.
    pub fn entity_ids(xml: &str) -> Result<Vec<String>, Refusal> {
        let document = Document::parse(xml, &METADATA_XML)?;
        let roles = idp_roles(document.root())?;
        let ids = roles.iter().filter_map(|it| it.entity.token("entityID"));
        Ok(ids.map(String::from).collect())
    }

    fn read_unsigned(xml: &str, entity_id: Option<&str>) -> Result<Self, Refusal> {
        let xml = with_line_feeds(xml);
        Self::read(Document::parse(&xml, &METADATA_XML)?.root(), entity_id)
    }

    fn read(root: Element<'_>, entity_id: Option<&str>) -> Result<Self, Refusal> {
        let idp = choose(root, entity_id)?;
        let role = idp.role;
        let entity_id = read_entity_id(idp.entity)?;
        let found = SigningKeys::of(role)?;
        let signing_keys = found.keys()?;
        let SigningKeys { certificates, mut warnings, .. } = found;
        Ok(Self {
            entity_id,
            valid_until: idp.valid_until()?,
            cache_duration: idp.cache_duration(),
            want_authn_requests_signed: matches!(
                role.token("WantAuthnRequestsSigned").as_deref(),
                Some("true" | "1")
            ),
            signing_keys,
            certificates,
            single_sign_on: read_endpoints(role, SINGLE_SIGN_ON_SERVICE, &mut warnings)?,
            single_logout: read_endpoints(role, SINGLE_LOGOUT_SERVICE, &mut warnings)?,
            name_id_formats: read_name_id_formats(role)?,
            warnings,
        })
    }

    /// The IdP's entity id, which is the Issuer of everything it sends.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Refuses metadata whose `validUntil` is not after `now`, as [`Refusal::MetadataExpired`]
    /// (Metadata §2.3.1).
    pub fn require_unexpired(&self, now: UnixTime) -> Result<(), Refusal> {
        let is_over = self.valid_until.is_some_and(|until| now >= until);
        if is_over { Err(Refusal::MetadataExpired) } else { Ok(()) }
    }

    /// The keys that may sign; never empty.
    pub fn signing_keys(&self) -> &[TrustedKey] {
        &self.signing_keys
    }

    /// The certificates around the signing keys, usable or not. A key can do without one.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Of the certificates whose keys may sign, the one that expires last.
    pub fn last_certificate(&self) -> Option<&Certificate> {
        let usable = self.certificates.iter().filter(|it| it.key().is_ok());
        usable.max_by_key(|it| it.not_after())
    }

    /// Where to send an AuthnRequest by `binding`.
    pub fn single_sign_on_service(&self, binding: Binding) -> Option<&Location> {
        let endpoint = self.single_sign_on.iter().find(|endpoint| endpoint.binding == binding);
        endpoint.map(|endpoint| &endpoint.location)
    }

    /// Every usable SingleSignOnService.
    pub fn single_sign_on_services(&self) -> &[Endpoint] {
        &self.single_sign_on
    }

    /// Every usable SingleLogoutService.
    pub fn single_logout_services(&self) -> &[Endpoint] {
        &self.single_logout
    }

    /// The NameID formats that the IdP lists.
    pub fn name_id_formats(&self) -> &[String] {
        &self.name_id_formats
    }

    /// Whether the IdP takes only signed AuthnRequests.
    pub const fn want_authn_requests_signed(&self) -> bool {
        self.want_authn_requests_signed
    }

    /// From when on the metadata must not be used any more (Metadata §2.3.1, §2.4.1).
    pub const fn valid_until(&self) -> Option<UnixTime> {
        self.valid_until
    }

    /// After how many seconds the metadata should be fetched again: the shortest cacheDuration
    /// (Metadata §2.3.1).
    pub const fn cache_duration(&self) -> Option<i64> {
        self.cache_duration
    }

    /// What a person should know about this metadata at `now`: what was left out, and what will
    /// stop working.
    pub fn warnings(&self, now: UnixTime) -> Vec<Warning> {
        let mut warnings = self.warnings.clone();
        warnings.extend(self.valid_until.and_then(|until| Warning::of_valid_until(until, now)));
        warnings.extend(self.certificates.iter().filter_map(|it| Warning::of_validity(it, now)));
        if self.single_sign_on.is_empty() {
            warnings.push(Warning::NoSingleSignOnService);
        }
        warnings
    }
}

/// The NameIDFormats, without those that are too long to be one.
fn read_name_id_formats(role: Element<'_>) -> Result<Vec<String>, Refusal> {
    if role.children_named(NAME_ID_FORMAT).nth(LISTED).is_some() {
        return Err(Refusal::NameIdFormatCount);
    }
    let formats = role.children_named(NAME_ID_FORMAT).map(Element::token_text);
    let mut formats: Vec<_> = formats.collect::<Result<_, _>>()?;
    formats.retain(|it| it.len() <= LISTED_OCTETS);
    Ok(formats.into_iter().map(String::from).collect())
}

fn read_entity_id(entity: Element<'_>) -> Result<String, Refusal> {
    let id = entity.token("entityID").unwrap_or_default();
    if id.is_empty() || id.len() > ENTITY_ID_OCTETS {
        return Err(Refusal::EntityIdInvalid);
    }
    if id.contains("{tenant") {
        return Err(Refusal::EntityIdPlaceholder);
    }
    Ok(id.into_owned())
}
