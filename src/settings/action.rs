//! What the page does at once, without a review. None of it trusts a new key by itself.

use saml_verify::time::UnixTime;

use crate::account::{load, refresh};
use crate::error::Error;
use crate::http::answer::Answer;
use crate::http::form::OwnForm;
use crate::http::links;
use crate::http::reply::Reply;
use crate::ledger::audit::cause::Cause;
use crate::ledger::changes::turns::Turn;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::platform::context::{Platform, Service};
use crate::settings::call::Visit;
use crate::settings::edit::invalid::{EditError, InvalidEdit};
use crate::settings::{resolve, save};

/// A button of the page that needs no review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Dismisses staged metadata, by its id.
    Dismiss(String),
    /// Fetches from the metadata address now.
    RefreshNow,
}

impl Action {
    pub(crate) fn read(form: &OwnForm) -> Option<Self> {
        match form.field("action")? {
            "dismiss" => Some(Self::Dismiss(form.field("staged")?.to_owned())),
            "look" => Some(Self::RefreshNow),
            _ => None,
        }
    }
}

pub(crate) async fn reply_to_action(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    action: &Action,
) -> Result<Reply, Error> {
    match act(cx, visit, action).await {
        Ok(reply) => Ok(reply),
        Err(error) => save::refuse(cx, visit, None, error).await,
    }
}

async fn act(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    action: &Action,
) -> Result<Reply, EditError> {
    let Visit { account, administrator, reference, now } = visit;
    for turn in turns_of(cx, account, action, now).await? {
        resolve::take_turn(cx, account, *turn, now).await?;
    }
    let (outcome, line) = match action {
        Action::RefreshNow => {
            let refreshed = refresh::refresh_now(cx, account, reference, now).await?;
            ("looked", LogLine::refresh(refreshed.code(), account, reference))
        }
        Action::Dismiss(id) => {
            let cause = Cause { actor: &administrator.actor(), reference, now };
            if !refresh::dismiss(cx, account, id, cause).await? {
                return Err(InvalidEdit::StagedUnknown.into());
            }
            ("dismissed", LogLine::settings("settings_changed", account, reference))
        }
    };
    let answer = Answer::see_other(&links::settings_after(account, outcome));
    Ok(Reply { answer, log: line.line() })
}

/// What `action` counts as. A refresh is a change too if the account accepts new certificates.
async fn turns_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    action: &Action,
    now: UnixTime,
) -> Result<&'static [Turn], Error> {
    if let Action::Dismiss(_) = action {
        return Ok(&[Turn::Change]);
    }
    let stored = load::current(cx, account, now).await?;
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    Ok(match settings.new_certificates {
        NewCertificates::Accept => &[Turn::Look, Turn::Change],
        NewCertificates::Approve => &[Turn::Look],
    })
}
