//! `ORIGIN` and its options: the origin behind the gate.

pub(crate) mod header_names;
pub(crate) mod paths;

use crate::config::address::origin_url;
use crate::config::gate::header_names::is_hop_by_hop;
use crate::config::gate::paths::PathRules;
use crate::config::roles::Roles;
use crate::config::site::Site;
use crate::config::vars::Vars;

/// As long as Cloudflare itself waits for an origin.
const TIMEOUT_SECONDS: u32 = 100;
const ORIGIN: &str = "zone where BASE_URL is https, service, or an https origin without a path";
const TOKEN_HEADER: &str = "x-saml-edge-jwt-assertion";

/// The origin behind the gate, and the rules of its paths.
#[derive(Debug)]
pub(crate) struct GateConfig {
    pub(crate) paths: PathRules,
    pub(crate) timeout_seconds: u32,
    /// In lower case.
    pub(crate) token_header: String,
    pub(crate) upstream: Upstream,
}

/// Where the origin is.
#[derive(Debug)]
pub(crate) enum Upstream {
    /// Another Worker, bound as `ORIGIN_SERVICE`.
    Service,
    /// An origin such as `https://origin.example.com`.
    Url(String),
    /// The server that the route's host names.
    Zone,
}

impl GateConfig {
    /// `None` where there is no `ORIGIN`.
    pub(crate) fn read(
        vars: &mut Vars<'_>,
        site: Option<&Site>,
        roles: Option<&Roles>,
    ) -> Option<Self> {
        let paths = PathRules::read(vars, roles);
        let token_header = vars.take_optional("TOKEN_HEADER", "a header's name", token_header);
        let timeout = vars.take_number("ORIGIN_TIMEOUT_SECONDS", "1 to 600", &(1..=600));
        let upstream = vars.take_optional("ORIGIN", ORIGIN, |text| upstream(text, site))?;
        if matches!(upstream, Upstream::Service) {
            let expected = "the binding of a service in wrangler.toml";
            vars.take("ORIGIN_SERVICE", expected, |_| Some(()))?;
        }
        let timeout_seconds = timeout.unwrap_or(TIMEOUT_SECONDS);
        let token_header = token_header.unwrap_or_else(|| TOKEN_HEADER.to_owned());
        Some(Self { paths, timeout_seconds, token_header, upstream })
    }
}

/// Reads `ORIGIN`.
fn upstream(text: &str, site: Option<&Site>) -> Option<Upstream> {
    match text {
        "service" => Some(Upstream::Service),
        // On a developer's machine there is no zone: the Worker would send requests to itself.
        "zone" => site.is_none_or(Site::is_secure).then_some(Upstream::Zone),
        _ => origin_url(text).map(|url| Upstream::Url(url.origin().ascii_serialization())),
    }
}

/// Reads `TOKEN_HEADER`: a header without another meaning.
pub(crate) fn token_header(text: &str) -> Option<String> {
    let name = text.to_ascii_lowercase();
    let word = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let usable = (1..=64).contains(&name.len())
        && name.chars().all(word)
        && !name.starts_with("x-forwarded-")
        && !name.starts_with("content-")
        && !name.starts_with("sec-")
        && !matches!(&*name, "x-saml-edge-account" | "x-saml-edge-name")
        && !is_hop_by_hop(&name)
        && !OTHER_MEANING.contains(&&*name);
    usable.then_some(name)
}

/// Headers that have another meaning on the way to the origin.
const OTHER_MEANING: [&str; 7] =
    ["accept", "authorization", "cache-control", "cookie", "forwarded", "host", "origin"];
