//! The stored metadata of an IdP, in words.

use saml_verify::saml::{Binding, Endpoint, IdpMetadata, Warning};
use saml_verify::time::UnixTime;

use crate::settings::view::certificate::{CertificateLine, what_to_do};

#[derive(Debug)]
pub(crate) enum StoredIdp {
    /// No metadata is stored: single sign-on is off.
    Absent,
    /// Metadata that cannot be used, with the code.
    Unusable(&'static str),
    Usable(IdpView),
}

#[derive(Debug)]
pub(crate) struct IdpView {
    pub(crate) entity_id: String,
    pub(crate) endpoints: Vec<String>,
    pub(crate) certificates: Vec<CertificateLine>,
    /// What to do about the last certificate's expiry.
    pub(crate) expiry: Option<String>,
    pub(crate) warnings: Vec<String>,
}

impl StoredIdp {
    pub(crate) fn of(metadata: Option<&str>, now: UnixTime) -> Self {
        let Some(xml) = metadata else { return Self::Absent };
        match IdpMetadata::parse(xml) {
            Ok(idp) => Self::Usable(IdpView::of(&idp, now)),
            Err(refusal) => Self::Unusable(refusal.code()),
        }
    }
}

impl IdpView {
    fn of(idp: &IdpMetadata, now: UnixTime) -> Self {
        let certificates = idp.certificates().iter();
        let is_only = certificates.len() == 1;
        Self {
            entity_id: idp.entity_id().to_owned(),
            endpoints: idp.single_sign_on_services().iter().map(endpoint).collect(),
            certificates: certificates.map(|it| CertificateLine::of(it, now)).collect(),
            expiry: idp.last_certificate().and_then(|it| what_to_do(it, is_only, now)),
            warnings: warnings(idp, now),
        }
    }
}

/// The warnings about an IdP, but for those about dates, which are shown with each certificate.
pub(crate) fn warnings(idp: &IdpMetadata, now: UnixTime) -> Vec<String> {
    let is_of_dates = |warning: &Warning| {
        matches!(
            warning,
            Warning::CertificateExpired { .. }
                | Warning::CertificateExpires { .. }
                | Warning::CertificateNotYetValid { .. }
        )
    };
    let warnings = idp.warnings(now).into_iter().filter(|warning| !is_of_dates(warning));
    warnings.map(|warning| warning.to_string()).collect()
}

pub(crate) fn endpoint(endpoint: &Endpoint) -> String {
    let how = match endpoint.binding {
        Binding::HttpPost => "POST",
        Binding::HttpRedirect => "Redirect",
    };
    format!("{} ({how})", endpoint.location)
}
