//! Turns of an account’s own people.

use saml_verify::time::UnixTime;

use crate::error::Error;
use crate::error::denial::AccountDenial;
use crate::ledger::changes::turns::{TakeTurn, Turn};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
/// Takes a turn, or denies it because there were too many.
pub(crate) async fn take_turn(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    turn: Turn,
    now: UnixTime,
) -> Result<(), Error> {
    match cx.ledger.ask(account, &TakeTurn { turn, now: now.seconds() }).await? {
        None => Ok(()),
        Some(seconds) => Err(AccountDenial::TooManyChanges { seconds }.into()),
    }
}
