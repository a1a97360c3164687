//! The last sign-ins, with their outcome.

use saml_verify::time::UnixTime;

use crate::error::Fault;
use crate::ledger::logins::past_refusals::ListRefusals;
use crate::ledger::logins::users::RecentUsers;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator::Administrator;
use crate::settings::view::certificate::moment;

/// The number of sign-ins that are shown.
const SHOWN: u32 = 10;

/// A sign-in, or a refusal of one.
#[derive(Debug)]
pub(crate) struct SignInLine {
    at: i64,
    pub(crate) time: String,
    pub(crate) outcome: String,
    /// The code of a refusal.
    pub(crate) code: Option<String>,
}

impl SignInLine {
    fn new(at: i64, outcome: String, code: Option<String>) -> Self {
        Self { at, time: moment(UnixTime::from_seconds(at)), outcome, code }
    }
}

/// The last sign-in of each user, and refusals of messages that the IdP has signed; newest first.
/// Holders of a setup link do not see which users the account has.
pub(crate) async fn last_sign_ins(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
) -> Result<Vec<SignInLine>, Fault> {
    let is_user = administrator.user().is_some();
    let page = cx.ledger.ask(account, &RecentUsers { limit: SHOWN }).await?;
    let users = page.users.into_iter().map(|user| {
        let who = if is_user { user.email } else { "A person".to_owned() };
        SignInLine::new(user.last_login, format!("{who} signed in"), None)
    });
    let refusals = cx.ledger.ask(account, &ListRefusals).await?.into_iter();
    let refusals =
        refusals.map(|it| SignInLine::new(it.at, format!("Refused: {}", it.detail), Some(it.code)));
    let mut lines: Vec<_> = users.chain(refusals).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    Ok(lines)
}
