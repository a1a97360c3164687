//! Where a user is signed in, for that user to see and to end.
//!
//! A session may have been ended because its cookie was stolen, which is valid on its own for
//! some minutes more. So the ledger is asked about it first, however young its token is: a thief
//! must not end the sessions of the user who has just ended the stolen one.

use std::cmp::Reverse;

use saml_verify::time::UnixTime;

use crate::encoding::hex;
use crate::error::Fault;
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::form::OwnForm;
use crate::http::place::place;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::ledger::port::Ledger;
use crate::ledger::sessions::end::EndSessions;
use crate::ledger::sessions::list::ListSessions;
use crate::log::{LogLine, LogoutOutcome};
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::session::current::CurrentSession;
use crate::session::issue::Session;
use crate::session::pages::{Device, DevicesPage, devices_failed, devices_page};

/// What the button says that ends every session but its own.
const OTHERS: &str = "others";

/// Devices on a page.
const LIMIT: u32 = 50;

/// The page that lists them.
pub(crate) async fn reply_to_devices(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let listed = async {
        let current = current::current_session_checked(cx, request.cookies, now).await?;
        let answer = match owner(&current) {
            Some((session, account)) => devices(cx, session, &account, request.query, now).await?,
            None => to_login(),
        };
        Ok(answer.with_cookies(current.set_cookies))
    };
    listed.await.map_or_else(|fault| failed(fault, entropy), Reply::from)
}

async fn devices(
    cx: &Service<'_, impl Platform>,
    session: &Session,
    account: &AccountId,
    query: Option<&str>,
    now: UnixTime,
) -> Result<Answer, Fault> {
    let after = field(query, "after").and_then(|text| place(&text)).unwrap_or_default();
    let list = ListSessions {
        sub: Some(session.sub.clone()),
        idle: current::idle(cx),
        after,
        limit: LIMIT,
        now: now.seconds(),
        ..ListSessions::default()
    };
    let mut page = cx.ledger.ask(account, &list).await?;
    page.sessions.sort_by_key(|it| (it.sid != session.sid, Reverse(it.seen)));
    let devices = page.sessions.iter().map(|it| Device::new(it, &session.sid, now)).collect();
    Ok(devices_page(
        &DevicesPage {
            session,
            devices,
            next: page.next,
            ended: field(query, "ended").is_some(),
            delay: cx.config.sessions.renew_seconds,
        },
        cx.config,
    ))
}

/// Takes one of the page's buttons.
pub(crate) async fn reply_to_devices_form(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    let form = match OwnForm::read_own(request, body, cx.config).await {
        Ok(form) => form,
        // The page asks for confirmation.
        Err(error) => {
            let log = LogLine::logout_failure(&error, None, &reference).line();
            return Reply { answer: Answer::see_other(&Route::Devices.path()), log };
        }
    };
    let end = form.field("end").unwrap_or_default();
    match end_elsewhere(cx, end, request.cookies, &reference, now).await {
        Ok(reply) => reply,
        Err(fault) => failed(fault, entropy),
    }
}

/// Ends one session, or all but that of the cookies; of their user in their account alone.
async fn end_elsewhere(
    cx: &Service<'_, impl Platform>,
    end: &str,
    cookies: Option<&str>,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Fault> {
    let current = current::current_session_checked(cx, cookies, now).await?;
    let Some((session, account)) = owner(&current) else {
        return Ok(to_login().with_cookies(current.set_cookies).into());
    };
    let sid = (end != OTHERS).then(|| end.to_owned());
    let (sub, but) = (Some(session.sub.clone()), Some(session.sid.clone()));
    let end = EndSessions { sub, sid, but, idle: current::idle(cx), now: now.seconds() };
    let ended = cx.ledger.ask(&account, &end).await?;
    let (page, log) = match ended {
        0 => (Route::Devices.path(), None),
        1.. => {
            (ended_page(), LogLine::logout(LogoutOutcome::Elsewhere, &account, reference).line())
        }
    };
    Ok(Reply { answer: Answer::see_other(&page).with_cookies(current.set_cookies), log })
}

/// The list of sessions, after a device has been signed out.
fn ended_page() -> String {
    format!("{}?ended=yes", Route::Devices.path())
}

fn owner(current: &CurrentSession) -> Option<(&Session, AccountId)> {
    let session = current.session.as_ref()?;
    Some((session, session.account_id()?))
}

fn to_login() -> Answer {
    Answer::see_other(&Route::LoginPage.with_return_to(&Route::Devices.path()))
}

fn failed(fault: Fault, entropy: &Entropy) -> Reply {
    let (error, reference) = (fault.into(), hex(&entropy.reference));
    Reply {
        answer: devices_failed(&error, &reference),
        log: LogLine::failure(&error, None, &reference).line(),
    }
}
