//! Rate limits: for each client, and for each account (rows H14, H15).
//!
//! The platform counts, approximately. No security property depends on a count, so if counting
//! fails, logins go on. And a limit must not lock users out: the requests that count towards an
//! account's limit are none that a login which began here needs.

use std::net::IpAddr;

use saml_verify::time::UnixTime;

use crate::admin;
use crate::admin::wire::problem::Problem;
use crate::encoding::hex;
use crate::error::denial::RateDenial;
use crate::http::entropy::Entropy;
use crate::http::failure;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::logout::page;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::session::issue::Session;
use crate::settings::pages;
use crate::signin::pending::Pending;

/// A limit that the operator sets, by the name of its binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limiter {
    /// Responses for one account that answer no request of ours.
    Account,
    /// Calls of the admin API.
    Api,
    /// Logins that begin, and users who are looked up.
    Login,
    /// Messages of IdPs: responses, and single logout.
    Message,
    /// The settings.
    Settings,
}

impl Limiter {
    /// All there are.
    pub const ALL: [Self; 5] =
        [Self::Account, Self::Api, Self::Login, Self::Message, Self::Settings];

    /// The name of its binding.
    pub const fn binding(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT_LIMIT",
            Self::Api => "API_LIMIT",
            Self::Login => "LOGIN_LIMIT",
            Self::Message => "MESSAGE_LIMIT",
            Self::Settings => "SETTINGS_LIMIT",
        }
    }
}

/// The limits that `request` counts towards, each with its key. A request from an unknown client
/// counts towards no limit for clients.
pub fn counts(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    route: Option<&Route>,
    now: UnixTime,
) -> Vec<(Limiter, String)> {
    let Some(route) = route else { return Vec::new() };
    let client = request.client.and_then(client_of);
    let by_client = |limiter, kind: &str| {
        let key = client.as_ref().map(|client| (limiter, format!("{kind}{client}")));
        key.into_iter().collect()
    };
    match route {
        // With the token or without.
        Route::Api(_) => by_client(Limiter::Api, ""),
        Route::Login(_) if request.method == Method::Get => by_client(Limiter::Login, ""),
        Route::LoginPage if request.method == Method::Post => by_client(Limiter::Login, ""),
        Route::SharedAcs => by_client(Limiter::Message, "acs:"),
        Route::Acs(account) => {
            let mut counts: Vec<_> = by_client(Limiter::Message, "acs:");
            if !has_begun_login(cx, account, request, now) {
                counts.push((Limiter::Account, account.to_string()));
            }
            counts
        }
        // Users who share an address must not keep each other from being signed out.
        Route::Slo(_) | Route::SharedSlo if has_session(cx, request, now) => Vec::new(),
        Route::Slo(_) | Route::SharedSlo => by_client(Limiter::Message, "slo:"),
        Route::Settings(..) => by_client(Limiter::Settings, ""),
        // Costs nothing that a client could use up.
        Route::Account(_)
        | Route::Confirm
        | Route::Devices
        | Route::Health
        | Route::Jwks
        | Route::Login(_)
        | Route::LoginPage
        | Route::Logout
        | Route::Metadata(_)
        | Route::Root
        | Route::Session
        | Route::SharedMetadata
        | Route::StartPage => Vec::new(),
    }
}

/// Whether the browser has begun a login to `account` here. Such logins are counted where they
/// begin, so that no flood of unsolicited responses keeps them from ending.
fn has_begun_login(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    now: UnixTime,
) -> bool {
    let pending = Pending::all(request.cookies, &cx.config.keys.pending, now);
    pending.iter().any(|it| it.account == account.as_str())
}

fn has_session(cx: &Service<'_, impl Platform>, request: &Request<'_>, now: UnixTime) -> bool {
    Session::last_known(request.cookies, cx.config, now).is_some()
}

/// The answer to a request at `route` that is too many for `limiter`.
pub fn too_many(
    cx: &Service<'_, impl Platform>,
    limiter: Limiter,
    route: Option<&Route>,
    entropy: &Entropy,
) -> Reply {
    let reference = &hex(&entropy.reference);
    let reply = match (limiter, route) {
        (Limiter::Api, _) => admin::refuse_call(cx, &Problem::TooManyRequests, None, entropy),
        (Limiter::Login, _) => failure::reply(&RateDenial::TooManyLogins.into(), None, reference),
        (Limiter::Account, Some(Route::Acs(account))) => {
            failure::reply(&RateDenial::TooManyUnsolicited.into(), Some(account), reference)
        }
        (Limiter::Account | Limiter::Message | Limiter::Settings, route) => {
            let error = RateDenial::TooManyRequests.into();
            match route {
                Some(Route::Slo(account)) => page::failed(&error, Some(account), reference),
                Some(Route::SharedSlo) => page::failed(&error, None, reference),
                Some(Route::Settings(account, _)) => pages::failed(&error, account, reference),
                // The other routes have no error page of their own.
                _ => failure::reply(&error, None, reference),
            }
        }
    };
    reply.with_layout(cx.config)
}

/// The client behind an address: an IPv4 address, or the 64 bits of an IPv6 address that a network
/// gives to one host to change the rest of at will. `None` for text that is no address.
pub(crate) fn client_of(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(_) => Some(address.to_owned()),
        IpAddr::V6(address) => Some(format!("{:x}", u128::from(address) >> 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_whole_ipv6_network_as_one() {
        for (address, client) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("2001:db8:1:2:3:4:5:6", Some("20010db800010002")),
            ("2001:db8:1:2::", Some("20010db800010002")),
            ("2001:db8:1:3::1", Some("20010db800010003")),
            ("", None),
            ("192.0.2.7, 192.0.2.8", None),
            ("localhost", None),
        ] {
            assert_eq!(client_of(address).as_deref(), client, "{address}");
        }
    }
}
