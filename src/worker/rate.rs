//! Counts, where the environment has a limiter for them.

use worker::Env;

use crate::rate::Limiter;

/// The first of `counts` that is too many. The limiters are optional: without one nothing is counted.
pub(super) async fn exceeded(counts: Vec<(Limiter, String)>, env: &Env) -> Option<Limiter> {
    for (limiter, key) in counts {
        let Ok(binding) = env.rate_limiter(limiter.binding()) else { continue };
        if binding.limit(key).await.is_ok_and(|outcome| !outcome.success) {
            return Some(limiter);
        }
    }
    None
}
