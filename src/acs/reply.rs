//! The answer to a Response that was posted to the Assertion Consumer Service.

use crate::acs::complete::{AcsOutcome, login};
use crate::acs::posted::{AcsEndpoint, Posted};
use crate::encoding::hex;
use crate::http::answer::Answer;
use crate::http::failure;
use crate::http::reply::Reply;
use crate::http::request::Exchange;
use crate::log;
use crate::log::LoginOutcome;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::report::page;
use crate::signin::start::to_idp;

pub(crate) async fn reply_to_response(
    cx: &Service<'_, impl Platform>,
    endpoint: AcsEndpoint,
    exchange: Exchange<'_>,
    body: impl Body,
) -> Reply {
    let reference = hex(&exchange.entropy.reference);
    let Exchange { request, now, .. } = exchange;
    let posted = match Posted::read(&endpoint, request, body, cx.config, now).await {
        Ok(posted) => posted,
        Err(error) => return failure::reply(&error, endpoint.account(), &reference),
    };
    let id = posted.account.clone();
    match login(cx, &endpoint, posted, exchange).await {
        Ok(AcsOutcome::Accepted {
            outcome,
            return_to,
            set_cookies,
            signed_by,
            uses_sha1,
            unentered,
        }) => Reply {
            answer: Answer::see_other(&return_to).with_cookies(set_cookies),
            log: log::LogLine::login(outcome, &id, &reference)
                .signed_by(signed_by)
                .signed_with_sha1(uses_sha1)
                .not_entered(unentered.as_ref())
                .line(),
        },
        Ok(AcsOutcome::PostedAgain(page)) => Reply {
            answer: Answer::see_other(&page),
            log: log::LogLine::login(LoginOutcome::PostedAgain, &id, &reference).line(),
        },
        Ok(AcsOutcome::Tested(report)) => page::reply(&report, &id, &reference),
        Ok(AcsOutcome::Upgraded(started)) => Reply {
            answer: to_idp(started),
            log: log::LogLine::login(LoginOutcome::Upgraded, &id, &reference).line(),
        },
        Err(error) => failure::reply(&error, Some(&id), &reference),
    }
}
