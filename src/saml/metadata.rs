//! IdP metadata (Metadata §2): the account's trust anchor.

use url::{Host, Url};

use super::warning::Warning;
use crate::dsig::{Certificate, TrustedKey};
use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::{ENTITY_ID_OCTETS, METADATA_XML, SIGNING_KEYS};
use crate::time::UnixTime;
use crate::xml::name::{
    ENTITIES_DESCRIPTOR, ENTITY_DESCRIPTOR, IDP_SSO_DESCRIPTOR, KEY_DESCRIPTOR, KEY_INFO,
    NAME_ID_FORMAT, SAMLP, SINGLE_LOGOUT_SERVICE, SINGLE_SIGN_ON_SERVICE, X509_CERTIFICATE,
    X509_DATA,
};
use crate::xml::{Document, Element, Name, with_line_feeds};

/// How a message travels (Bindings §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the query of a redirect (Bindings §3.4).
    HttpRedirect,
    /// In a form that the browser posts (Bindings §3.5).
    HttpPost,
}

/// An endpoint of the IdP with a binding that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How to send to it.
    pub binding: Binding,
    /// Where it is: https, or http on this very machine.
    pub location: Url,
}

/// What an account knows of its IdP. There is at least one signing key: metadata without one is
/// refused, never trusted by default (row G5).
#[derive(Clone, Debug)]
pub struct IdpMetadata {
    entity_id: String,
    valid_until: Option<UnixTime>,
    want_authn_requests_signed: bool,
    signing_keys: Vec<TrustedKey>,
    certificates: Vec<Certificate>,
    single_sign_on: Vec<Endpoint>,
    single_logout: Vec<Endpoint>,
    name_id_formats: Vec<String>,
    warnings: Vec<Warning>,
}

impl IdpMetadata {
    /// Reads an EntityDescriptor with an IDPSSODescriptor for SAML 2.0. Extensions and other roles
    /// are passed over; endpoints and keys that cannot be used are left out, with a warning.
    pub fn parse(xml: &str) -> Result<Self, Refusal> {
        let xml = with_line_feeds(xml);
        let document = Document::parse(&xml, &METADATA_XML)?;
        let entity = document.root();
        if entity.is(ENTITIES_DESCRIPTOR) {
            return Err(Refusal::EntityCount);
        }
        if !entity.is(ENTITY_DESCRIPTOR) {
            return Err(Refusal::NotMetadata);
        }
        let is_saml_2 = |role: &Element<'_>| {
            let protocols = role.attribute("protocolSupportEnumeration").unwrap_or("");
            protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP)
        };
        let role = entity.children_named(IDP_SSO_DESCRIPTOR).find(is_saml_2);
        let role = role.ok_or(Refusal::IdpRoleMissing)?;

        let mut warnings = Vec::new();
        let certificates = read_certificates(role, &mut warnings)?;
        Ok(Self {
            entity_id: read_entity_id(entity)?,
            valid_until: earliest_valid_until([entity, role])?,
            want_authn_requests_signed: matches!(
                role.attribute("WantAuthnRequestsSigned"),
                Some("true" | "1")
            ),
            signing_keys: usable_keys(&certificates, &mut warnings)?,
            certificates,
            single_sign_on: read_endpoints(role, SINGLE_SIGN_ON_SERVICE, &mut warnings)?,
            single_logout: read_endpoints(role, SINGLE_LOGOUT_SERVICE, &mut warnings)?,
            name_id_formats: role
                .children_named(NAME_ID_FORMAT)
                .map(|format| format.text().map(|text| text.trim().to_owned()))
                .collect::<Result<_, _>>()?,
            warnings,
        })
    }

    /// The IdP's entity id, which is the Issuer of everything it sends.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The keys that may sign; never empty.
    pub fn signing_keys(&self) -> &[TrustedKey] {
        &self.signing_keys
    }

    /// The certificates around the signing keys, usable or not.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Where to send an AuthnRequest by `binding`.
    pub fn single_sign_on_service(&self, binding: Binding) -> Option<&Url> {
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

    /// What a person should know about this metadata at `now`: what was left out, and what will
    /// stop working.
    pub fn warnings(&self, now: UnixTime) -> Vec<Warning> {
        let mut warnings = self.warnings.clone();
        warnings.extend(self.certificates.iter().filter_map(|it| Warning::of_validity(it, now)));
        if self.single_sign_on.is_empty() {
            warnings.push(Warning::NoSingleSignOnService);
        } else if self.single_sign_on_service(Binding::HttpRedirect).is_none() {
            warnings.push(Warning::OnlyPostOffered);
        }
        warnings
    }

    /// Refuses metadata whose validUntil has come.
    pub(super) fn require_current(&self, now: UnixTime) -> Result<(), Refusal> {
        if self.valid_until.is_some_and(|until| now >= until) {
            return Err(Refusal::MetadataExpired);
        }
        Ok(())
    }
}

fn read_entity_id(entity: Element<'_>) -> Result<String, Refusal> {
    let id = entity.attribute("entityID").unwrap_or("");
    // The metadata of Entra's `common` endpoint stands for no tenant in particular.
    if id.is_empty() || id.len() > ENTITY_ID_OCTETS || id.contains("{tenant") {
        return Err(Refusal::EntityIdInvalid);
    }
    Ok(id.to_owned())
}

fn earliest_valid_until(elements: [Element<'_>; 2]) -> Result<Option<UnixTime>, Refusal> {
    let mut earliest = None;
    for text in elements.iter().filter_map(|element| element.attribute("validUntil")) {
        let until = UnixTime::parse(text)?;
        earliest = Some(earliest.map_or(until, |known: UnixTime| known.min(until)));
    }
    Ok(earliest)
}

/// The certificates of every KeyDescriptor that may sign: one without `use` serves both purposes
/// (Metadata §2.4.1.1; CVE-2026-16443 came of reading it as neither).
fn read_certificates(
    role: Element<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Certificate>, Refusal> {
    let may_sign = |key: &Element<'_>| matches!(key.attribute("use"), None | Some("signing"));
    let signing = role.children_named(KEY_DESCRIPTOR).filter(may_sign);
    let elements = signing
        .flat_map(|key| key.children_named(KEY_INFO))
        .flat_map(|info| info.children_named(X509_DATA))
        .flat_map(|data| data.children_named(X509_CERTIFICATE));
    let mut certificates: Vec<Certificate> = Vec::new();
    for element in elements {
        let der = base64_decode(&element.text()?)?;
        match Certificate::from_der(&der) {
            Ok(read) => {
                if !certificates.iter().any(|known| known.fingerprint() == read.fingerprint()) {
                    certificates.push(read);
                }
            }
            Err(_) => warnings.push(Warning::CertificateUnreadable),
        }
    }
    Ok(certificates)
}

fn usable_keys(
    certificates: &[Certificate],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrustedKey>, Refusal> {
    if certificates.is_empty() {
        let unreadable = warnings.contains(&Warning::CertificateUnreadable);
        let reason =
            if unreadable { Refusal::CertificateMalformed } else { Refusal::SigningKeyMissing };
        return Err(reason);
    }
    let mut keys = Vec::new();
    for certificate in certificates {
        match certificate.key() {
            Ok(key) => keys.push(key.clone()),
            Err(_) => {
                warnings.push(Warning::KeyUnsupported { subject: certificate.subject().to_owned() })
            }
        }
    }
    match keys.len() {
        0 => Err(Refusal::SigningKeyUnsupported),
        1..=SIGNING_KEYS => Ok(keys),
        _ => Err(Refusal::SigningKeyCount),
    }
}

fn read_endpoints(
    role: Element<'_>,
    service: Name<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Endpoint>, Refusal> {
    let mut endpoints = Vec::new();
    for element in role.children_named(service) {
        let binding = match element.required_attribute("Binding")? {
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" => Binding::HttpRedirect,
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" => Binding::HttpPost,
            _ => continue,
        };
        let location = element.required_attribute("Location")?;
        match Url::parse(location).ok().filter(is_usable) {
            Some(location) => endpoints.push(Endpoint { binding, location }),
            None => warnings.push(Warning::EndpointUnusable { location: location.to_owned() }),
        }
    }
    Ok(endpoints)
}

/// Only https: a `javascript:` or plain http address would end up in a redirect or a form (row
/// H6). On this machine itself http is no risk, and development needs it.
fn is_usable(location: &Url) -> bool {
    let is_local = match location.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    location.scheme() == "https" || (location.scheme() == "http" && is_local)
}
