//! Metadata that follows its address: what the IdP publishes there is fetched anew, and trusted
//! only as far as the account says (rows G6, H10).
//!
//! What is in force stays in force whatever happens there. Nothing is stored that says the same as
//! what is in force: every change is a version and an audit event.

pub(crate) mod fetch;
pub(crate) mod following;
pub(crate) mod verdict;

use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

use crate::account::change::Edit;
use crate::account::refresh::verdict::Verdict;
use crate::account::{change, journal, load};
use crate::error::{Error, Fault};
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::ledger::metadata::refresh_state::{
    FindRefreshState, Follow, InForce, LastRefresh, RefreshState, Staged,
};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::accounts::{Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// What became of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// What is published is in force now.
    Accepted,
    /// The published metadata was dismissed.
    Dismissed,
    /// Nothing usable is published, or nothing at all; the code says why.
    Failed(&'static str),
    /// What is published waits for approval.
    Staged,
    /// What is published says the same as what is in force.
    Unchanged,
    /// The account has no `metadata_url`, or no metadata in force. No request was made.
    Unfollowed,
}

impl Refreshed {
    /// The stable snake_case name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
            Self::Failed(code) => code,
            Self::Staged => "staged",
            Self::Unchanged => "unchanged",
            Self::Unfollowed => "unfollowed",
        }
    }
}

/// An account whose metadata follows an address.
struct Followed<'a> {
    account: &'a AccountId,
    /// What is stored, all of it.
    before: &'a Stored,
    /// The metadata of that.
    in_force: &'a str,
    url: &'a str,
    choice: NewCertificates,
    /// Names the refresh in the log and the audit events.
    reference: &'a str,
    /// Whether a person waits for the result and its time.
    is_asked: bool,
}

/// Fetches the metadata of `account` anew from its `metadata_url`, and accepts or stages what is
/// published there, or notes why neither. Doing it twice is doing it once. `reference` names it in
/// audit events.
///
/// # Errors
///
/// Only where store or ledger cannot be reached, so that it should be tried again; what goes wrong
/// at the address is an outcome.
pub async fn refresh(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    look(cx, account, reference, false, now).await
}

/// Refreshes the metadata because a person asked for it. The result is recorded even if nothing
/// changed.
pub(crate) async fn refresh_now(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    look(cx, account, reference, true, now).await
}

async fn look(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    is_asked: bool,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    // Most accounts follow no address, and no ledger need be asked for that.
    let settings = cx.accounts.text(account, StoredKind::Settings).await?;
    if unless_invalid(&Stored { settings, ..Stored::default() }).is_none() {
        return Ok(Refreshed::Unfollowed);
    }
    let before = &load::current(cx, account, now).await?;
    let (Some((url, choice)), Some(in_force)) = (unless_invalid(before), &before.metadata) else {
        return Ok(Refreshed::Unfollowed);
    };
    let followed = Followed { account, before, in_force, url: &url, choice, reference, is_asked };
    let kept = cx.ledger.ask(account, &FindRefreshState).await?;
    match fetch_usable(cx, &url, now).await {
        Ok(found) => weigh(cx, &followed, kept, found, now).await,
        Err(Error::Fault(fault)) => Err(fault),
        Err(error) => {
            let outcome = Refreshed::Failed(error.code());
            keep(cx, &followed, &kept, kept.staged.clone(), outcome, now).await
        }
    }
}

/// What is at `address`, if it could be used.
pub(crate) async fn fetch_usable(
    cx: &Service<'_, impl Platform>,
    address: &str,
    now: UnixTime,
) -> Result<Found, Error> {
    let xml = fetch::fetch_metadata(cx, address).await?;
    let idp = usable(&xml, now)?;
    Ok(Found { xml, idp })
}

async fn weigh(
    cx: &Service<'_, impl Platform>,
    followed: &Followed<'_>,
    kept: RefreshState,
    found: Found,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    let in_force = IdpMetadata::parse(followed.in_force).ok();
    match Verdict::of(in_force.as_ref(), &found.idp, followed.choice, now) {
        Verdict::Unchanged => keep(cx, followed, &kept, None, Refreshed::Unchanged, now).await,
        Verdict::Accept => {
            let outcome = accept_published(cx, followed, found.xml, now).await?;
            let staged = kept.staged.clone().filter(|_| outcome != Refreshed::Accepted);
            keep(cx, followed, &kept, staged, outcome, now).await
        }
        Verdict::Stage => {
            let Followed { url, in_force, .. } = *followed;
            let is_known = |it: &Staged| it.is_of(url, in_force) && it.says(&found.idp);
            let known = kept.staged.clone().filter(is_known);
            let staged = known.unwrap_or_else(|| Staged::new(url, in_force, found.xml, now));
            let outcome = match staged.is_dismissed {
                true => Refreshed::Dismissed,
                false => Refreshed::Staged,
            };
            keep(cx, followed, &kept, Some(staged), outcome, now).await
        }
    }
}

async fn accept_published(
    cx: &Service<'_, impl Platform>,
    followed: &Followed<'_>,
    xml: String,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    let Followed { account, before, reference, .. } = *followed;
    let after = &Stored { metadata: Some(xml), settings: before.settings.clone() };
    let cause = Cause { actor: &Actor::Refresh, reference, now };
    match change::change(cx, account, Edit { before, after }, cause).await {
        Ok(_) => Ok(Refreshed::Accepted),
        // Settings that cannot be used are mended by somebody, and by no second try.
        Err(Error::Fault(fault)) if !matches!(fault, Fault::SettingsInvalid(_)) => Err(fault),
        Err(error) => Ok(Refreshed::Failed(error.code())),
    }
}

/// Keeps what became of it, where that is anything new.
async fn keep(
    cx: &Service<'_, impl Platform>,
    followed: &Followed<'_>,
    kept: &RefreshState,
    staged: Option<Staged>,
    outcome: Refreshed,
    now: UnixTime,
) -> Result<Refreshed, Fault> {
    let last = LastRefresh { at: now.seconds(), code: outcome.code().to_owned() };
    let is_news = kept.last.as_ref().is_none_or(|it| it.is_followed_by(&last));
    if staged == kept.staged && !is_news && !followed.is_asked {
        return Ok(outcome);
    }
    let Followed { account, before, reference, .. } = *followed;
    let is_staged = staged.is_some() && staged != kept.staged;
    let cause = Cause { actor: &Actor::Refresh, reference, now };
    let record = is_staged.then(|| journal::record(cx, account, cause));
    let state = RefreshState { last: Some(last), staged };
    let follow = Follow { state, record, in_force: InForce::of(before) };
    cx.ledger.ask(account, &follow).await?;
    Ok(outcome)
}

/// What became of the account's address, and what waits for approval, if that is still of this
/// address and instead of what is stored now.
pub(crate) async fn staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    stored: &Stored,
) -> Result<(RefreshState, Option<Staged>), Fault> {
    let kept = cx.ledger.ask(account, &FindRefreshState).await?;
    let url = unless_invalid(stored).map(|(url, _)| url);
    let place = url.as_deref().zip(stored.metadata.as_deref());
    let waits = |it: &&Staged| {
        !it.is_dismissed && place.is_some_and(|(url, in_force)| it.is_of(url, in_force))
    };
    let staged = kept.staged.iter().find(waits).cloned();
    Ok((kept, staged))
}

/// What waits under this id, if it still does.
pub(crate) async fn waiting(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    stored: &Stored,
    id: &str,
) -> Result<Option<Staged>, Fault> {
    let (_, staged) = staged(cx, account, stored).await?;
    Ok(staged.filter(|it| it.id == id))
}

/// Dismisses what waits under this id: it is not staged again while it is all that is published.
/// Returns whether it still waited.
pub(crate) async fn dismiss(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    cause: Cause<'_>,
) -> Result<bool, Fault> {
    let stored = &load::current(cx, account, cause.now).await?;
    let (kept, staged) = staged(cx, account, stored).await?;
    let Some(staged) = staged.filter(|it| it.id == id) else { return Ok(false) };
    let staged = Some(Staged { is_dismissed: true, ..staged });
    let record = Some(journal::record(cx, account, cause));
    let state = RefreshState { staged, ..kept };
    cx.ledger.ask(account, &Follow { state, record, in_force: InForce::of(stored) }).await?;
    Ok(true)
}

/// Metadata that was found at an address, and could be used.
pub(crate) struct Found {
    pub(crate) xml: String,
    idp: IdpMetadata,
}

fn usable(xml: &str, now: UnixTime) -> Result<IdpMetadata, Refusal> {
    let idp = IdpMetadata::parse(xml)?;
    idp.require_unexpired(now)?;
    Ok(idp)
}

/// The address that an account follows. Settings that cannot be used follow none.
fn unless_invalid(stored: &Stored) -> Option<(String, NewCertificates)> {
    let settings = AccountSettings::stored(stored.settings.as_deref()).ok()?;
    Some((settings.metadata_url?, settings.new_certificates))
}
