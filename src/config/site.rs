//! `BASE_URL` and `ZONE`: where this service is reached.

use url::Url;

use crate::config::address::origin_url;
use crate::config::vars::Vars;
use crate::model::email::is_domain;

const ZONE: &str = "the zone that BASE_URL is in, such as example.com";

/// Where this service is reached.
pub(crate) struct Site {
    pub(crate) base: Url,
    /// The origin of `base`, without a trailing slash.
    pub(crate) origin: String,
    /// The zone of the Worker's routes, where `ZONE` is set.
    pub(crate) zone: Option<String>,
}

impl Site {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let base = vars.take("BASE_URL", "an https origin without a path", origin_url);
        let zone = vars.take_beside("ZONE", ZONE, base.as_ref(), zone_of);
        let base = base?;
        Some(Self { origin: base.origin().ascii_serialization(), base, zone })
    }

    /// Whether the service is reached by https, as everywhere but on a developer's machine.
    pub(crate) fn is_secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether `host` is in the zone of the Worker's routes. Without `ZONE`, every name counts that
    /// shares its last two labels with `BASE_URL`: the zone could be as large as that.
    pub(crate) fn has_in_zone(&self, host: &str) -> bool {
        let own = self.base.host_str().unwrap_or_default();
        is_within(host, self.zone.as_deref().unwrap_or_else(|| last_two_labels(own)))
    }
}

/// Reads `ZONE`. It must be the zone of `base`: any other would not protect that one.
fn zone_of(text: &str, base: &Url) -> Option<String> {
    let is_zone = is_domain(text) && text.contains('.') && is_within(base.host_str()?, text);
    is_zone.then(|| text.to_owned())
}

/// Whether `host` is `zone` or a name in it.
fn is_within(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn last_two_labels(host: &str) -> &str {
    let before = host.rmatch_indices('.').nth(1).map(|(at, _)| at);
    before.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}
