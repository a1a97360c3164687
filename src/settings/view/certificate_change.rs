//! The signing certificates that a change adds and removes.

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::settings::view::certificate::CertificateLine;

/// A certificate, and what becomes of it.
#[derive(Debug)]
pub(crate) struct CertificateChange {
    pub(crate) becomes: &'static str,
    pub(crate) certificate: CertificateLine,
}

/// Every certificate of both, the new ones first; none if both have the same.
pub(crate) fn certificates(
    before: Option<&IdpMetadata>,
    after: Option<&IdpMetadata>,
    now: UnixTime,
) -> Vec<CertificateChange> {
    let lines = |idp: Option<&IdpMetadata>| {
        let certificates = idp.map(IdpMetadata::certificates).unwrap_or_default();
        certificates.iter().map(|it| CertificateLine::of(it, now)).collect::<Vec<_>>()
    };
    let (before, after) = (lines(before), lines(after));
    if before == after {
        return Vec::new();
    }
    let change = |becomes| move |certificate| CertificateChange { becomes, certificate };
    let (stays, comes): (Vec<_>, Vec<_>) =
        after.iter().cloned().partition(|it| before.contains(it));
    let leaves = before.into_iter().filter(|it| !after.contains(it)).collect::<Vec<_>>();
    comes
        .into_iter()
        .map(change("is trusted from now on"))
        .chain(leaves.into_iter().map(change("is no longer trusted")))
        .chain(stays.into_iter().map(change("stays trusted")))
        .collect()
}
