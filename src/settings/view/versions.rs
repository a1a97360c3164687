//! Earlier versions of the metadata, which can be restored.

use saml_verify::time::UnixTime;

use crate::error::Fault;
use crate::http::place::place;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::entry::AuditEvent;
use crate::ledger::changes::versions::{FindVersion, ListVersions};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::session::issue::Session;
use crate::settings::edit::Edit;
use crate::settings::view::certificate::moment;

/// An earlier version of the metadata.
#[derive(Debug)]
pub(crate) struct VersionLine {
    pub(crate) id: i64,
    /// When it was stored.
    pub(crate) since: String,
    /// The actor who stored it, in words.
    pub(crate) who: &'static str,
    /// The number of its signing certificates.
    pub(crate) certificates: usize,
}

impl VersionLine {
    fn of(event: &AuditEvent, user: Option<&Session>) -> Self {
        let entry = &event.entry;
        Self {
            id: event.id,
            since: moment(UnixTime::from_seconds(entry.at)),
            who: who(&entry.actor, user),
            certificates: entry.certificate_count().unwrap_or_default(),
        }
    }
}

/// The actor in words. The ledger keeps no names of users.
fn who(actor: &Actor, user: Option<&Session>) -> &'static str {
    match actor {
        Actor::User(sub) if user.is_some_and(|user| user.sub == *sub) => "you",
        Actor::User(_) => "another administrator",
        Actor::Refresh => "the identity provider, at its address",
        Actor::SetupLink(_) => "a holder of a setup link",
        Actor::Elsewhere | Actor::Operator | Actor::Upkeep | Actor::Other(_) => {
            "this product’s operators"
        }
    }
}

/// The versions of the metadata that were stored before what is `stored` now, newest first.
pub(crate) async fn earlier_versions(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    stored: &Stored,
    user: Option<&Session>,
) -> Result<Vec<VersionLine>, Fault> {
    let versions = cx.ledger.ask(account, &ListVersions).await?;
    let uploads = versions.iter().filter(|it| it.entry.action == Action::MetadataChanged);
    // If operators have written to the store directly since, none of the versions is current.
    let is_known = versions.first().is_some_and(|it| it.entry.about() == stored.revision());
    let current = usize::from(is_known && stored.metadata.is_some());
    Ok(uploads.skip(current).map(|event| VersionLine::of(event, user)).collect())
}

/// The edit that stores the metadata of version `id`; `None` if that version is not kept.
pub(crate) async fn as_pasted(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
) -> Result<Option<Edit>, Fault> {
    let Some(id) = place(id) else { return Ok(None) };
    let version = cx.ledger.ask(account, &FindVersion { id }).await?;
    Ok(version.and_then(|stored| stored.metadata).map(|xml| Edit::pasted(&xml)))
}
