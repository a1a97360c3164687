//! From a request to the use case that answers it.

use saml_verify::time::UnixTime;

use crate::acs::posted::AcsEndpoint;
use crate::acs::reply::reply_to_response;
use crate::admin::wire::call::ApiCall;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::{Exchange, Request};
use crate::http::routes::{Route, START_PAGE};
use crate::idp::sp_metadata;
use crate::logout::{sign_out, slo};
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::pages::{session_json, start_page};
use crate::session::{confirm, current, devices};
use crate::settings::call::SettingsCall;
use crate::signin::{login_page, start};
use crate::{admin, settings};

/// Answers one request at `route`. It never fails: a failure is an answer too.
pub async fn answer(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    route: Option<Route>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    reply(cx, request, route, body, entropy, now).await.with_layout(cx.config)
}

async fn reply(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    route: Option<Route>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let Some(route) = route else {
        return Answer::not_found().into();
    };
    // The API asks for its token first.
    if !matches!(route, Route::Api(_)) && !route.takes(request.method) {
        return Answer::method_not_allowed(route.methods()).into();
    }
    match route {
        Route::Account(id) => {
            let return_to = request.return_to(cx.config);
            Answer::see_other(&Route::Login(id).with_return_to(&return_to)).into()
        }
        Route::Acs(id) => {
            let exchange = Exchange { request, entropy, now };
            reply_to_response(cx, AcsEndpoint::Account(id), exchange, body).await
        }
        Route::Api(resource) => {
            let call = ApiCall::new(request, &entropy, now);
            admin::administer(cx, &resource, &call, body).await
        }
        Route::Confirm if request.method == Method::Post => {
            confirm::reply_to_confirm_form(cx, request, body, &entropy, now).await
        }
        Route::Confirm => confirm::reply_to_confirm(cx, request, &entropy, now),
        Route::Devices if request.method == Method::Post => {
            devices::reply_to_devices_form(cx, request, body, &entropy, now).await
        }
        Route::Devices => devices::reply_to_devices(cx, request, &entropy, now).await,
        Route::Health => Answer::health().into(),
        Route::Jwks => Answer::jwks(cx.config.token.keys.jwks()).into(),
        Route::Login(id) => {
            let return_to = request.return_to(cx.config);
            let exchange = Exchange { request, entropy, now };
            start::reply_to_login(cx, id, return_to, None, exchange).await
        }
        Route::LoginPage if request.method == Method::Post => {
            login_page::reply_to_login_form(cx, request, body, entropy, now).await
        }
        Route::LoginPage => login_page::login_page(cx, request).into(),
        Route::Logout if request.method == Method::Post => {
            sign_out::reply_to_logout(cx, request, &entropy, now).await
        }
        Route::Logout => sign_out::logout_page(cx, request, now).into(),
        Route::Root => Answer::see_other(START_PAGE).into(),
        Route::Metadata(id) => {
            sp_metadata::reply_to_sp_metadata(cx, Some(&id), &entropy, now).await
        }
        Route::Session => {
            let current = current::current_session(cx, request.cookies, now).await;
            let answer = session_json(current.session.as_ref());
            current.reply(answer, &entropy)
        }
        Route::Settings(id, page) => {
            let call = SettingsCall { account: &id, request, entropy, now };
            settings::reply_to_settings(cx, call, page, body).await
        }
        Route::SharedAcs => {
            let exchange = Exchange { request, entropy, now };
            reply_to_response(cx, AcsEndpoint::Shared, exchange, body).await
        }
        Route::SharedSlo => {
            slo::reply_to_slo(cx, None, Exchange { request, entropy, now }, body).await
        }
        Route::Slo(id) => {
            slo::reply_to_slo(cx, Some(id), Exchange { request, entropy, now }, body).await
        }
        Route::SharedMetadata => sp_metadata::reply_to_sp_metadata(cx, None, &entropy, now).await,
        Route::StartPage => {
            let current = current::current_session(cx, request.cookies, now).await;
            let answer = match &current.session {
                Some(session) => start_page(session, cx.config),
                None => login_page::login_page(cx, request),
            };
            current.reply(answer, &entropy)
        }
    }
}
