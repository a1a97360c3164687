//! Notices of signing certificates that are about to expire.

use saml_verify::dsig::Certificate;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::account::journal;
use crate::config::parse::Config;
use crate::error::Fault;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::ledger::metadata::expiries::NoteExpiry;
use crate::ledger::port::Ledger;
use crate::log::LogLine;
use crate::log::jobs::own_certificate_expiring;
use crate::model::account_id::AccountId;
use crate::model::certificate_expiry::{DAY, Expiry};
use crate::platform::accounts::{Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// Records that the certificate of the account's IdP expires, where a notice is due that was not
/// given. Returns its line for the log.
pub(super) async fn notify_expiry(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let Some(xml) = cx.accounts.text(account, StoredKind::Metadata).await? else {
        return Ok(None);
    };
    // Not through the cache, from which a round would push out the accounts that are in use.
    // Metadata that cannot be read is reported at every login.
    let idp = IdpMetadata::parse(&xml).ok();
    let Some(expiry) = idp.and_then(|idp| Expiry::of(&idp, now)) else { return Ok(None) };
    let cause = Cause { actor: &Actor::Upkeep, reference, now };
    let record = journal::record(cx, account, cause);
    let note = NoteExpiry { expiry: expiry.clone(), record };
    if !cx.ledger.ask(account, &note).await? {
        return Ok(None);
    }
    let (event, detail) = if expiry.is_past() {
        ("certificate_expired", "the last signing certificate has expired".to_owned())
    } else {
        let days = expiry.days;
        ("certificate_expiring", format!("the last signing certificate expires within {days} d"))
    };
    Ok(LogLine::expiry(event, detail, account, reference).line())
}

/// The log line for the service's own certificate, where it expires within 60 days or has expired.
/// Every round repeats it: no account's ledger could record that it was given.
pub fn own_certificate(config: &Config, now: UnixTime) -> Option<String> {
    let certificate = Certificate::from_der(config.sp_keys().first()?.certificate()?).ok()?;
    let end = certificate.not_after();
    (end <= now.plus(60 * DAY)).then(|| own_certificate_expiring(end.to_xml()))
}
