//! `/sso/api/v1/accounts/{account}/setup-links`: links that admit a customer's IT to the settings
//! of its account.

use saml_verify::time::UnixTime;

use crate::account::journal;
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::lists::SetupLinks;
use crate::admin::wire::problem::Problem;
use crate::admin::wire::setup_link::{CreatedSetupLink, NewSetupLink};
use crate::encoding::hex;
use crate::http::answer::Answer;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::{AddSetupLink, ListLinks, RevokeSetupLink, SetupLink};
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::setup_link;

pub(super) async fn setup_links(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let setup_links = cx.ledger.ask(account, &ListLinks { now: now.seconds() }).await?;
    Ok(Answer::json(200, &SetupLinks { setup_links }))
}

/// Makes a link. The account need not exist: the link is for setting it up.
pub(super) async fn make_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Result<Answer, Problem> {
    let NewSetupLink { lifetime, note } = NewSetupLink::read(call.request, body).await?;
    let now = call.now;
    // The ledger must know the metadata in force: the link ends with it.
    current::show_stored(cx, account, now).await?;
    let expires = now.plus(lifetime).seconds();
    let id = hex(&call.entropy.id);
    let link = SetupLink { id, note, created: now.seconds(), expires, opened: None };
    let url = setup_link::url(&link, account, cx.config);
    let record = journal::record(cx, account, call.cause());
    // The ledger counts, so that simultaneous calls cannot exceed the limit.
    match cx.ledger.ask(account, &AddSetupLink::of(&link, record)).await? {
        true => Ok(Answer::json(201, &CreatedSetupLink { link, url })),
        false => Err(Problem::SetupLinkCount),
    }
}

pub(super) async fn revoke_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let record = Some(journal::record(cx, account, call.cause()));
    let revoke = RevokeSetupLink { id: id.to_owned(), record, now: call.now.seconds() };
    match cx.ledger.ask(account, &revoke).await? {
        true => Ok(Answer::no_content()),
        false => Err(Problem::SetupLinkUnknown),
    }
}
