//! A request on its way to the origin and the answer on its way back: what is changed about them.

use std::borrow::Cow;

use saml_verify::time::UnixTime;
use url::Url;

use crate::config::gate::Upstream;
use crate::config::gate::header_names::{folded, is_hop_by_hop, is_identity};
use crate::config::parse::Config;
use crate::error::{Error, Fault};
use crate::gate::admission::{Admission, failed, page};
use crate::gate::audience::ErrorAudience;
use crate::gate::headers::{ascii, cookies_for_origin, is_ours};
use crate::http::answer::NOT_STORED;
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::session::issue::Session;

/// Leave to go on to the origin. The platform carries it out and decides nothing.
#[derive(Debug)]
pub struct ForwardedRequest {
    address: String,
    is_service: bool,
    headers: Vec<(Cow<'static, str>, String)>,
    token_header: String,
    is_websocket: bool,
    is_gated: bool,
    is_identified: bool,
    timeout_seconds: u32,
    wants_page: bool,
    set_cookies: Vec<String>,
    /// From when on they are not set any more.
    settled: UnixTime,
    log: Option<String>,
}

/// The number of seconds within which the origin's headers must arrive for a renewed session to be
/// set with them. Later, another user may have signed in; the next request renews as well.
const PROMPT_SECONDS: i64 = 5;

impl ForwardedRequest {
    pub(crate) fn new(
        admission: &Admission<'_>,
        request: &Request<'_>,
        token: String,
        config: &Config,
        now: UnixTime,
    ) -> Self {
        let Admission { target, session } = admission;
        let gate = target.gate;
        let host = match &gate.upstream {
            Upstream::Service | Upstream::Zone => config.base_url(),
            Upstream::Url(origin) => origin,
        };
        let mut forwarded = Self {
            address: format!("{host}{}", page(&target.url)),
            is_service: matches!(gate.upstream, Upstream::Service),
            headers: Vec::with_capacity(11),
            token_header: gate.token_header.clone(),
            is_websocket: request.is_websocket(),
            is_gated: !target.is_public(),
            is_identified: session.is_some(),
            timeout_seconds: gate.timeout_seconds,
            wants_page: request.wants_page(),
            set_cookies: Vec::new(),
            settled: now.plus(PROMPT_SECONDS),
            log: None,
        };
        forwarded.tell_about(request, &config.site.base);
        if let Some(session) = session {
            forwarded.identify(session, token);
        }
        forwarded
    }

    /// What the browser and the log are told of the session, whatever the origin answers.
    pub(crate) fn with_set_cookies(self, set_cookies: Vec<String>, log: Option<String>) -> Self {
        Self { set_cookies, log, ..self }
    }

    /// Drops the renewed session if the headers of the answer arrive too late, at `now`.
    #[must_use]
    pub fn answered_at(mut self, now: UnixTime) -> Self {
        if now > self.settled {
            self.set_cookies.clear();
        }
        self
    }

    fn tell_about(&mut self, request: &Request<'_>, base: &Url) {
        if let Some(cookies) = request.cookies.and_then(cookies_for_origin) {
            self.set("cookie", cookies);
        }
        if let Some(address) = request.client {
            self.set("x-forwarded-for", ascii(address));
        }
        // With its port where that is not the scheme's own.
        let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
        self.set("x-forwarded-host", format!("{}{port}", base.host_str().unwrap_or_default()));
        self.set("x-forwarded-proto", base.scheme().to_owned());
    }

    fn identify(&mut self, session: &Session, token: String) {
        self.set("x-forwarded-email", ascii(&session.email));
        self.set("x-forwarded-groups", ascii(&session.role));
        // What other gates send as a login name, products take for one: nothing that users choose
        // freely.
        self.set("x-forwarded-preferred-username", ascii(&session.email));
        self.set("x-forwarded-user", ascii(&session.sub));
        self.set("x-saml-edge-account", ascii(&session.account));
        self.set("x-saml-edge-name", ascii(&session.name));
        self.headers.push((self.token_header.clone().into(), token));
    }

    fn set(&mut self, name: &'static str, value: String) {
        self.headers.push((name.into(), value));
    }

    /// Where the request goes to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether that is another Worker.
    pub const fn is_service(&self) -> bool {
        self.is_service
    }

    /// Whether a header of the browser's request stays behind. Taken out first, before
    /// [`Self::headers`] are set.
    pub fn drops(&self, name: &str) -> bool {
        let folded = folded(name);
        let is_upgrade = self.is_websocket && name == "upgrade";
        (is_hop_by_hop(&folded) && !is_upgrade)
            || matches!(&*folded, "cookie" | "host")
            || is_identity(&folded)
            || folded == self.token_header
    }

    /// The headers that are set: cookies, what is known of the client, and who is signed in.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, value.as_str()))
    }

    /// Whether no cache may lie on the way to the origin. Cloudflare's would keep a user's
    /// `/invoice.pdf` for the next one; before a bound Worker there is none.
    pub const fn passes_no_cache(&self) -> bool {
        self.is_identified && !self.is_service
    }

    /// How long the origin may take until its headers arrive.
    pub const fn timeout_seconds(&self) -> u32 {
        self.timeout_seconds
    }

    /// Whether a header of the origin's answer goes no further.
    pub fn drops_from_answer(&self, name: &str) -> bool {
        let is_private = self.is_gated || self.sets_cookies();
        is_hop_by_hop(name)
            || (is_private && is_for_shared_caches(name))
            || (self.sets_cookies() && name == "expires")
    }

    /// Whether the origin would set a cookie of this service with this Set-Cookie header.
    pub fn drops_set_cookie(&self, line: &str) -> bool {
        is_ours(line)
    }

    /// The Set-Cookie headers to add: a session that was renewed on the way.
    pub fn set_cookies(&self) -> &[String] {
        &self.set_cookies
    }

    /// Whether the answer sets cookies of this service.
    pub(crate) const fn sets_cookies(&self) -> bool {
        !self.set_cookies.is_empty()
    }

    /// A line for the log, where the ledger could not be asked.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    /// The Cache-Control in place of what the origin has said, where that is another one: a shared
    /// cache asks for no session, so what is behind the gate is for the browser's own, and what
    /// carries a session is for no cache at all. On a public path the origin's word stands.
    pub fn cache_control(&self, said: Option<&str>) -> Option<String> {
        if self.sets_cookies() {
            return Some(NOT_STORED.to_owned());
        }
        if !self.is_identified || (said.is_some() && !self.is_gated) {
            return None;
        }
        let said = said.unwrap_or_default();
        let mut directives: Vec<_> =
            said.split(',').map(str::trim).filter(|it| !it.is_empty() && !is_shared(it)).collect();
        let is_kept =
            |it: &&str| ["no-store", "private"].iter().any(|no| it.eq_ignore_ascii_case(no));
        if !directives.iter().any(is_kept) {
            directives.push("private");
        }
        let kept = directives.join(", ");
        (kept != said).then_some(kept)
    }

    /// The fault that a status of the origin's answer stands for. Cloudflare answers itself for an
    /// origin that it does not reach, with statuses of its own.
    pub fn fault(&self, status: u16) -> Option<Fault> {
        match status {
            522 | 524 => Some(Fault::OriginTimeout),
            520 | 521 | 523 | 525 | 526 | 530 => {
                Some(Fault::OriginUnreachable(format!("Cloudflare says {status}")))
            }
            // With any other the runtime makes no response.
            101 if self.is_websocket => None,
            200..=599 => None,
            _ => Some(Fault::OriginUnreachable(format!("it answers with the status {status}"))),
        }
    }

    /// The answer where the origin gives none.
    pub fn failed(&self, fault: Fault, config: &Config, entropy: &Entropy) -> Reply {
        let audience = ErrorAudience { wants_page: self.wants_page, reference: entropy.reference };
        failed(&Error::from(fault), None, audience).with_layout(config)
    }
}

/// Lets shared caches keep an answer (RFC 9111 §5.2.2).
fn is_shared(directive: &str) -> bool {
    let name = directive.split('=').next().unwrap_or_default().trim();
    ["public", "s-maxage"].iter().any(|it| name.eq_ignore_ascii_case(it))
}

/// Addresses shared caches alone (RFC 9213, and what came before it), past Cache-Control.
fn is_for_shared_caches(name: &str) -> bool {
    name.ends_with("cdn-cache-control")
        || matches!(name, "edge-control" | "surrogate-control" | "x-accel-expires")
}
