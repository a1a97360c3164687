//! Counts logins by client, where the environment has a limiter for them.

use worker::{Env, Request};

use crate::service::client_of;

/// The limiter's binding. It is optional: without it nothing is counted.
const BINDING: &str = "LOGIN_LIMIT";

/// Whether the client of `request` has begun too many logins. Where nobody can say, it has not.
pub(super) async fn is_exceeded(request: &Request, env: &Env) -> bool {
    let Ok(limiter) = env.rate_limiter(BINDING) else { return false };
    let address = request.headers().get("cf-connecting-ip").ok().flatten();
    let Some(client) = address.as_deref().and_then(client_of) else { return false };
    limiter.limit(client).await.is_ok_and(|outcome| !outcome.success)
}
