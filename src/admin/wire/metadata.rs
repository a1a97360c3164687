//! The JSON about IdP metadata.

use saml_verify::dsig::Certificate;
use saml_verify::saml::{IdpMetadata, Warning};
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::admin::wire::body;
use crate::admin::wire::problem::Problem;
use crate::encoding::hex;
use crate::ledger::metadata::refresh_state::LastRefresh;
use crate::model::new_certificates::NewCertificates;

/// The body that names the URL of metadata.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    url: Option<String>,
}

/// Reads the metadata's URL from a body.
pub(in crate::admin) fn url(octets: &[u8]) -> Result<String, Problem> {
    let Source { url } = body::typed(octets)?;
    url.ok_or_else(|| Problem::JsonInvalid {
        field: Some("url".to_owned()),
        reason: "url is missing".to_owned(),
    })
}

/// What was read from metadata.
#[derive(Serialize)]
pub(in crate::admin) struct IdpSummary {
    entity_id: String,
    certificates: Vec<CertificateSummary>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct CertificateSummary {
    fingerprint: String,
    subject: String,
    not_before: Option<String>,
    not_after: Option<String>,
}

impl IdpSummary {
    pub(in crate::admin) fn of(idp: &IdpMetadata, now: UnixTime) -> Self {
        let summary = |it: &Certificate| CertificateSummary {
            fingerprint: hex(it.fingerprint()),
            subject: it.subject().to_owned(),
            not_before: it.not_before().to_xml(),
            not_after: it.not_after().to_xml(),
        };
        Self {
            entity_id: idp.entity_id().to_owned(),
            certificates: idp.certificates().iter().map(summary).collect(),
            warnings: idp.warnings(now).iter().map(Warning::to_string).collect(),
        }
    }
}

/// The metadata now in force, and how many sessions ended with the metadata before.
#[derive(Serialize)]
pub(in crate::admin) struct StoredMetadata {
    #[serde(flatten)]
    pub(in crate::admin) idp: IdpSummary,
    pub(in crate::admin) sessions_ended: usize,
}

/// The state of metadata that is refreshed from its URL.
#[derive(Serialize)]
pub(in crate::admin) struct RefreshStatus {
    pub(in crate::admin) metadata_url: Option<String>,
    pub(in crate::admin) new_certificates: NewCertificates,
    pub(in crate::admin) last: Option<LastRefresh>,
    pub(in crate::admin) staged: Option<StagedMetadata>,
}

/// Metadata that waits for approval.
#[derive(Serialize)]
pub(in crate::admin) struct StagedMetadata {
    pub(in crate::admin) id: String,
    pub(in crate::admin) at: i64,
    #[serde(flatten)]
    pub(in crate::admin) idp: IdpSummary,
}
