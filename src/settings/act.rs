//! What the page does at once, without a review. By itself, none of it trusts a new key.

use saml_verify::time::UnixTime;

use crate::account::{change, refresh};
use crate::error::Error;
use crate::http::answer::Answer;
use crate::http::form::OwnForm;
use crate::http::reply::Reply;
use crate::ledger::turns::Turn;
use crate::log::Event;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::platform::context::{Platform, Service};
use crate::settings;
use crate::settings::access::administrator::Administrator;
use crate::settings::edit::unfit::Unfit;
use crate::settings::page::Shown;
use crate::settings::typed::Notice;
use crate::settings::{resolve, save};

/// One button, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Says no to what was published and waits, by its id.
    Dismiss(String),
    /// Looks at the address now.
    Look,
}

impl Act {
    pub(crate) fn read(form: &OwnForm) -> Option<Self> {
        match form.field("action")? {
            "dismiss" => Some(Self::Dismiss(form.field("staged")?.to_owned())),
            "look" => Some(Self::Look),
            _ => None,
        }
    }
}

pub(crate) async fn reply_to_act(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    act: &Act,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Error> {
    for turn in turns_of(cx, account, act, now).await? {
        if let Err(unfit) = resolve::turn(cx, account, *turn, now).await? {
            return act_unfit(cx, account, administrator, &unfit, reference, now).await;
        }
    }
    let (done, line) = match act {
        Act::Look => {
            let refreshed = refresh::refresh_now(cx, account, reference, now).await?;
            ("looked", Event::refresh(refreshed.code(), account, reference))
        }
        Act::Dismiss(id) => {
            let actor = administrator.actor();
            if !refresh::dismiss(cx, account, id, actor, reference, now).await? {
                let unfit = &Unfit::StagedUnknown;
                return act_unfit(cx, account, administrator, unfit, reference, now).await;
            }
            ("dismissed", Event::settings("settings_changed", account, reference))
        }
    };
    let to = format!("{}?done={done}", settings::page(account));
    Ok(Reply { answer: Answer::see_other(&to), log: line.line() })
}

async fn act_unfit(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    unfit: &Unfit,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Error> {
    let shown = Shown { notice: Some(Notice::of_unfit(unfit)), typed: None };
    save::shown_unfit(cx, account, administrator, unfit, shown, reference, now).await
}

/// What `act` counts as. Where the account trusts at once what is published, a look is a change.
async fn turns_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    act: &Act,
    now: UnixTime,
) -> Result<&'static [Turn], Error> {
    if let Act::Dismiss(_) = act {
        return Ok(&[Turn::Change]);
    }
    let stored = change::current(cx, account, now).await?;
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    Ok(match settings.new_certificates {
        NewCertificates::Accept => &[Turn::Look, Turn::Change],
        NewCertificates::Approve => &[Turn::Look],
    })
}
