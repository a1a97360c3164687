//! A response that comes again, by Back, a reload or a double click, to the browser in which it has
//! signed its user in.
//!
//! An assertion is used once (row F5), so it starts no second session. If the session of the same
//! user is still valid in this browser, no error is due: the browser goes on to its page.

use saml_verify::error::Refusal;
use saml_verify::saml::Requests;

use crate::acs::message::Message;
use crate::error::Error;
use crate::idp::claims::Identity;
use crate::idp::verify;
use crate::ledger::logins::claim::IsUsed;
use crate::ledger::port::Ledger;
use crate::ledger::sessions::list::ListSessions;
use crate::ledger::sessions::session::is_sid;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::session::issue::Companion;
use crate::signin::pending::Purpose;

/// The page to go on to; `None` where `error` stands. Nothing is written, and no cookie is set.
///
/// The companion cookie has no seal, so all that it says is held to the ledger, and to an
/// assertion that is verified in full, save for which request it answers. The ledger comes
/// first: an invented companion must not cost a second verification (row H14).
pub(super) async fn posted_again(
    cx: &Service<'_, impl Platform>,
    error: &Error,
    message: &Message<'_>,
) -> Option<String> {
    // Where something was decrypted, time must not tell the reason either (row E2).
    let may_be_again = matches!(
        error,
        Error::Opened(_)
            | Error::Refused(Refusal::AssertionReplayed | Refusal::InResponseToUnknown)
    );
    let companion = Companion::of(message.request.cookies).filter(|_| may_be_again)?;
    let (account, sub) = (message.account, companion.sub);
    let sid = companion.sid.filter(|sid| is_sid(sid))?;
    let list = ListSessions {
        sub: Some(sub.to_owned()),
        sid: Some(sid.to_owned()),
        idle: current::idle(cx),
        limit: 1,
        now: message.now.seconds(),
        ..ListSessions::default()
    };
    let standing = cx.ledger.ask(&account.id, &list).await.ok()?;
    let standing = standing.sessions.iter().find(|it| it.sid == sid)?;

    let accepted = verify::accept(cx, message.response_xml, account, Requests::Any, message.now);
    let accepted = accepted.await.ok()?;
    let is_used = IsUsed { assertion: accepted.replay_key().to_owned() };
    if !cx.ledger.ask(&account.id, &is_used).await.ok()? {
        return None;
    }
    let answers = |id: &str| message.pending.iter().find(|pending| pending.request_id == id);
    let answered = accepted.in_response_to().and_then(answers);
    let identity = Identity::map(accepted.unclaimed(), account, cx.config).ok()?;
    if identity.subject != standing.sub
        || answered.is_some_and(|pending| pending.purpose == Purpose::Test)
    {
        return None;
    }
    let page = answered.map_or(&message.relayed, |pending| &pending.return_to);
    Some(account.addresses.landing(page.clone()))
}
