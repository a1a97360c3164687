//! Tells of a signing certificate that is about to expire, while there is time to replace it.

use saml_verify::dsig::Certificate;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::journal;
use crate::config::parse::Config;
use crate::error::Fault;
use crate::ledger::expiries::{DAY, Expiry};
use crate::ledger::expiry_notices::NoteExpiry;
use crate::ledger::port::Ledger;
use crate::log::Event as Line;
use crate::model::account_id::AccountId;
use crate::platform::accounts::{Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// Writes down that the certificate of the account's IdP expires, where that is to be told and was
/// not. Returns the log's line of it.
pub(super) async fn tell_of_expiry(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let Some(xml) = cx.accounts.text(account, StoredKind::Metadata).await? else {
        return Ok(None);
    };
    // Not from the cache: a round would leave nothing in it of those who sign in. What cannot be
    // read is told at every login.
    let idp = IdpMetadata::parse(&xml).ok();
    let Some(expiry) = idp.and_then(|idp| Expiry::of(&idp, now)) else { return Ok(None) };
    let noted = journal::noted_expiry(cx, account, &expiry, reference, now);
    let note = NoteExpiry { expiry: expiry.clone(), noted };
    if !cx.ledger.ask(account, &note).await? {
        return Ok(None);
    }
    let (event, detail) = if expiry.is_past() {
        ("certificate_expired", "the last signing certificate has expired".to_owned())
    } else {
        let days = expiry.days;
        ("certificate_expiring", format!("the last signing certificate expires within {days} d"))
    };
    Ok(Line::expiry(event, detail, account, reference).line())
}

/// The log's line for our own certificate, where it expires within 60 days or has expired. It is no
/// account's, so nobody keeps whether that was told: each round says it.
pub fn own_certificate(config: &Config, now: UnixTime) -> Option<String> {
    #[derive(Serialize)]
    struct Line {
        event: &'static str,
        not_after: Option<String>,
    }
    let certificate = Certificate::from_der(config.sp_keys().first()?.certificate()?).ok()?;
    let end = certificate.not_after();
    let line = Line { event: "sp_certificate_expiring", not_after: end.to_xml() };
    (end <= now.plus(60 * DAY)).then(|| serde_json::to_string(&line).ok()).flatten()
}
