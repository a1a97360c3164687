//! The clock and the entropy source.

use std::time::Duration;

use saml_verify::time::UnixTime;
use worker::js_sys::Date;

use crate::error::Fault;
use crate::http::entropy::Entropy;

/// The time of the last input or output: a Worker's clock stands still in between.
pub(in crate::worker) fn now() -> UnixTime {
    let since = Duration::try_from_secs_f64(Date::now() / 1000.0).map(|it| it.as_secs());
    UnixTime::from_seconds(since.ok().and_then(|it| it.try_into().ok()).unwrap_or(i64::MAX))
}

/// The random octets for one request.
pub(in crate::worker) fn draw() -> Result<Entropy, Fault> {
    let mut octets = [0; 36];
    getrandom::fill(&mut octets).map_err(|error| Fault::EntropyUnavailable(error.to_string()))?;
    Ok(Entropy::from(octets))
}
