//! Rate limits.

use worker::Env;

use crate::rate::Limiter;

/// The first limiter that one of `counts` exceeds. Limiters are optional bindings: without one,
/// nothing is counted.
pub(in crate::worker) async fn exceeded(
    counts: Vec<(Limiter, String)>,
    env: &Env,
) -> Option<Limiter> {
    for (limiter, key) in counts {
        let Ok(binding) = env.rate_limiter(limiter.binding()) else { continue };
        if binding.limit(key).await.is_ok_and(|outcome| !outcome.success) {
            return Some(limiter);
        }
    }
    None
}
