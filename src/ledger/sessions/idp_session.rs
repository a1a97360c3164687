//! What the IdP knows a session by.

use saml_verify::saml::NameId;
use serde::{Deserialize, Serialize};

use crate::crypto::seal::SealKeys;
use crate::error::Fault;

/// What the IdP knows a session by: whoever logs out there must say it in these very words (Core
/// §3.7.1).
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IdpSession {
    /// Entity id of the IdP.
    pub(crate) idp: String,
    /// `None` where the IdP gave none.
    name_id: Option<String>,
    format: Option<String>,
    name_qualifier: Option<String>,
    sp_name_qualifier: Option<String>,
    pub(crate) session_index: Option<String>,
}

impl IdpSession {
    pub(crate) fn new(idp: String, name_id: Option<NameId>, session_index: Option<String>) -> Self {
        let Some(NameId { value, format, name_qualifier, sp_name_qualifier }) = name_id else {
            return Self { idp, session_index, ..Self::default() };
        };
        let name_id = Some(value);
        Self { idp, name_id, format, name_qualifier, sp_name_qualifier, session_index }
    }

    pub(crate) fn name_id(&self) -> Option<NameId> {
        Some(NameId {
            value: self.name_id.clone()?,
            format: self.format.clone(),
            name_qualifier: self.name_qualifier.clone(),
            sp_name_qualifier: self.sp_name_qualifier.clone(),
        })
    }

    /// Seals it for the row of the session `sid` alone. A NameID is a person's name often enough:
    /// the ledger needs none, only this service does. No two calls may share a `nonce`.
    pub(crate) fn seal(
        &self,
        sid: &str,
        keys: &SealKeys,
        nonce: [u8; 12],
    ) -> Result<String, Fault> {
        let plain = serde_json::to_vec(self).map_err(|_| Fault::KeyUnusable)?;
        keys.seal(sid, &plain, nonce)
    }

    /// What was sealed for the session `sid`; `None` under keys that are gone.
    pub(crate) fn open(sealed: &str, sid: &str, keys: &SealKeys) -> Option<Self> {
        serde_json::from_slice(&keys.open(sid, sealed)?).ok()
    }
}
