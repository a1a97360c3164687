//! Counts by client, where the environment has a limiter for that.

use worker::Env;

use crate::service::{Request, client_of};

/// The limiters' bindings. They are optional: without one nothing is counted.
pub(super) const API: &str = "API_LIMIT";
pub(super) const LOGIN: &str = "LOGIN_LIMIT";

/// Whether the client of `request` comes too often for `binding`. Where nobody can say, it does not.
pub(super) async fn is_exceeded(binding: &str, request: &Request<'_>, env: &Env) -> bool {
    let Ok(limiter) = env.rate_limiter(binding) else { return false };
    let Some(client) = request.client.and_then(client_of) else { return false };
    limiter.limit(client).await.is_ok_and(|outcome| !outcome.success)
}
