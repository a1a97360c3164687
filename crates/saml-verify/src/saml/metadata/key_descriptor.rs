//! md:KeyDescriptor (Metadata §2.4.1.1): the keys an IdP may sign with, in all the forms that
//! ds:KeyInfo gives them.

use std::borrow::Cow;

use crate::dsig::certificate::Certificate;
use crate::dsig::key::TrustedKey;
use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::{CERTIFICATES, SIGNING_KEYS};
use crate::saml::metadata::certificate_text::CertificateText;
use crate::saml::metadata::warning::Warning;
use crate::xml::element::Element;
use crate::xml::name::{
    DER_ENCODED_KEY_VALUE, EC_KEY_VALUE, EXPONENT, KEY_DESCRIPTOR, KEY_INFO, KEY_VALUE, MODULUS,
    NAMED_CURVE, PUBLIC_KEY, RSA_KEY_VALUE, X509_CERTIFICATE, X509_DATA,
};

/// What the KeyDescriptors of one role hold.
#[derive(Debug, Default)]
pub(crate) struct SigningKeys {
    /// The usable ones, each once.
    keys: Vec<TrustedKey>,
    /// The certificates around keys, usable or not.
    pub(crate) certificates: Vec<Certificate>,
    /// What was left out.
    pub(crate) warnings: Vec<Warning>,
    /// Why the first key that was left out was.
    refusal: Option<Refusal>,
}

impl SigningKeys {
    /// Reads every KeyDescriptor that may sign. One key that cannot be used does not stand in the
    /// way of another.
    pub(crate) fn of(role: Element<'_>) -> Result<Self, Refusal> {
        if key_info(role).flat_map(Element::children).map(count).sum::<usize>() > CERTIFICATES {
            return Err(Refusal::CertificateCount);
        }
        let mut found = Self::default();
        key_info(role).for_each(|it| found.read_key_info(it));
        Ok(found)
    }

    /// The keys, of which there must be some (row G5) but not too many (row D10).
    pub(crate) fn keys(&self) -> Result<Vec<TrustedKey>, Refusal> {
        match self.keys.len() {
            0 => Err(self.refusal.unwrap_or(Refusal::SigningKeyMissing)),
            1..=SIGNING_KEYS => Ok(self.keys.clone()),
            _ => Err(Refusal::SigningKeyCount),
        }
    }

    /// One KeyInfo describes one key: further certificates, beside it or in an X509Data of their
    /// own, lead from it to an authority (XML-DSig §4.4.4), whose own key signs no assertions.
    /// Unrelated certificates side by side are a key roll-over in one KeyInfo, and each counts. A
    /// root without the one between it and the other cannot be told from those.
    fn read_key_info(&mut self, key_info: Element<'_>) {
        let mut certificates = Vec::new();
        for child in key_info.children() {
            if child.is(X509_DATA) {
                let elements = child.children_named(X509_CERTIFICATE);
                certificates.extend(elements.filter_map(|it| self.read_certificate(it)));
            } else if child.is(KEY_VALUE) {
                self.take_bare(key_value(child));
            } else if child.is(DER_ENCODED_KEY_VALUE) {
                self.take_bare(octets(child).and_then(|der| TrustedKey::from_spki_der(&der)));
            }
        }
        for certificate in &certificates {
            if certificates.iter().any(|other| certificate.names_issuer_of(other)) {
                let subject = certificate.subject().to_owned();
                self.warnings.push(Warning::CertificateOfAuthority { subject });
            } else {
                self.take(certificate);
            }
        }
    }

    /// A certificate that can be read in whole.
    fn read_certificate(&mut self, element: Element<'_>) -> Option<Certificate> {
        let Some(CertificateText { der, is_first_of_several }) = CertificateText::read(element)
        else {
            self.leave_out(Warning::CertificateUnreadable, Refusal::CertificateMalformed);
            return None;
        };
        if is_first_of_several {
            self.warnings.push(Warning::CertificatesInOneElement);
        }
        let certificate = Certificate::from_der(&der);
        if certificate.is_err() {
            self.take_odd(TrustedKey::from_odd_certificate(&der));
        }
        certificate.ok()
    }

    fn take(&mut self, certificate: &Certificate) {
        if self.certificates.iter().any(|it| it.fingerprint() == certificate.fingerprint()) {
            return;
        }
        self.certificates.push(certificate.clone());
        match certificate.key() {
            Ok(key) => self.trust(key.clone()),
            Err(refusal) => {
                let subject = certificate.subject().to_owned();
                self.leave_out(Warning::KeyUnsupported { subject }, refusal);
            }
        }
    }

    fn take_odd(&mut self, key: Result<TrustedKey, Refusal>) {
        match key {
            Ok(key) => {
                self.warnings.push(Warning::CertificateOdd);
                self.trust(key);
            }
            Err(refusal) => self.leave_out(Warning::CertificateUnreadable, refusal),
        }
    }

    fn take_bare(&mut self, key: Result<TrustedKey, Refusal>) {
        match key {
            Ok(key) => self.trust(key),
            Err(refusal) => self.leave_out(Warning::BareKeyUnsupported, refusal),
        }
    }

    fn trust(&mut self, key: TrustedKey) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    fn leave_out(&mut self, warning: Warning, refusal: Refusal) {
        self.warnings.push(warning);
        self.refusal.get_or_insert(refusal);
    }
}

/// The KeyInfo of every KeyDescriptor that may sign: one without `use` serves both purposes
/// (CVE-2026-16443 came of reading it as neither).
fn key_info(role: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let may_sign = |key: &Element<'_>| matches!(key.attribute("use"), None | Some("signing"));
    let descriptors = role.children_named(KEY_DESCRIPTOR).filter(may_sign);
    descriptors.flat_map(|it| it.children_named(KEY_INFO))
}

/// How many certificates or keys a child of KeyInfo brings.
fn count(child: Element<'_>) -> usize {
    if child.is(X509_DATA) {
        return child.children_named(X509_CERTIFICATE).count();
    }
    usize::from(child.is(KEY_VALUE) || child.is(DER_ENCODED_KEY_VALUE))
}

/// ds:KeyValue (XML-DSig §4.4.2): RSA, or a named curve.
fn key_value(value: Element<'_>) -> Result<TrustedKey, Refusal> {
    let child = value.children().next().ok_or(Refusal::SigningKeyUnsupported)?;
    let part = |name| child.children_named(name).next().ok_or(Refusal::SigningKeyUnsupported);
    if child.is(RSA_KEY_VALUE) {
        TrustedKey::from_rsa_numbers(&octets(part(MODULUS)?)?, &octets(part(EXPONENT)?)?)
    } else if child.is(EC_KEY_VALUE) {
        let curve = part(NAMED_CURVE)?.token("URI").unwrap_or_default();
        let curve = curve.strip_prefix("urn:oid:").unwrap_or("");
        TrustedKey::from_point(curve, &octets(part(PUBLIC_KEY)?)?)
    } else {
        Err(Refusal::SigningKeyUnsupported)
    }
}

fn octets(element: Element<'_>) -> Result<Vec<u8>, Refusal> {
    let text: Cow<'_, str> = element.text()?;
    base64_decode(&text)
}
