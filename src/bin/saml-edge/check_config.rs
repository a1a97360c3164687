//! `saml-edge check-config`

use std::path::PathBuf;
use std::slice;

use clap::Args;
use saml_edge::{Config, Limiter, OWN_PATHS};
use toml::Value;

use crate::input::{Answer, Unreadable};
use crate::wrangler::{Environment, OPTIONAL_SECRETS, REQUIRED_SECRETS, Wrangler, named};

/// What the Worker's routes must cover where it is a gate before everything.
const ALL: [&str; 1] = ["/*"];

/// Check wrangler.toml before a deploy: vars, secrets, bindings, routes. Exits 1 when something is
/// wrong, 2 when the file cannot be read
#[derive(Args)]
pub(crate) struct Arguments {
    /// The environment to check, instead of all
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// wrangler's configuration
    #[arg(long, value_name = "FILE", default_value = "wrangler.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let wrangler = Wrangler::read(&arguments.config)?;
    let environments = match &arguments.env {
        Some(name) => vec![wrangler.environment(name)?],
        None => wrangler.environments()?,
    };
    let (mut lines, mut failed) = (Vec::new(), false);
    for environment in environments {
        let findings = findings(&environment);
        failed |= !findings.is_empty();
        let said = if findings.is_empty() { vec!["ok".to_owned()] } else { findings };
        lines.extend(said.iter().map(|finding| format!("{}: {finding}", environment.name)));
    }
    Ok(if failed { Answer::no(lines) } else { Answer::yes(lines) })
}

fn findings(environment: &Environment<'_>) -> Vec<String> {
    let (config, asked) = environment.config();
    let mut findings = Vec::new();
    match &config {
        Ok(config) => findings.extend(addresses(environment, config)),
        Err(error) => findings.extend(error.problems()),
    }
    for (name, value) in environment.vars() {
        if REQUIRED_SECRETS.contains(&name) || OPTIONAL_SECRETS.contains(&name) {
            findings.push(format!("{name} is a secret; it must not stand in the file"));
        } else if !asked.contains(name) {
            findings.push(format!("{name} is no var of this service"));
        } else if !value.is_str() {
            findings.push(format!("{name} must be a string, in quotation marks"));
        }
    }
    let secrets = environment.secrets();
    for name in REQUIRED_SECRETS.iter().filter(|name| !secrets.contains(name)) {
        findings.push(format!("secrets.required must list {name}"));
    }
    findings.extend(bindings(environment));
    findings
}

/// Checks the bindings: wrangler inherits none, and deploys a Worker that lacks one.
fn bindings(environment: &Environment<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    if named(environment.own("kv_namespaces"), "binding", "ACCOUNTS").is_none() {
        findings.push("kv_namespaces must have the binding ACCOUNTS".to_owned());
    }
    let objects = environment.own("durable_objects").and_then(|it| it.get("bindings"));
    let ledger = named(objects, "name", "LEDGER");
    let class = ledger.and_then(|it| it.get("class_name")).and_then(Value::as_str);
    if class != Some("AccountLedger") {
        let expected = "durable_objects.bindings must have LEDGER with the class AccountLedger";
        findings.push(expected.to_owned());
    }
    let exported = environment.inherited("exports").and_then(|it| it.get("AccountLedger"));
    if exported.and_then(|it| it.get("storage")).and_then(Value::as_str) != Some("sqlite") {
        findings.push("exports.AccountLedger must have the storage sqlite".to_owned());
    }
    findings.extend(queues(environment));
    findings.extend(limiters(environment));
    findings
}

/// Checks the rate limiters. One that is missing or misspelt counts nothing, and two with one id
/// count together.
fn limiters(environment: &Environment<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    let bound = environment.own("ratelimits");
    for name in Limiter::ALL.map(Limiter::binding) {
        if named(bound, "name", name).is_none() {
            findings.push(format!("ratelimits must have {name}"));
        }
    }
    let text = |it: &Value, key: &str| it.get(key).and_then(Value::as_str).map(str::to_owned);
    for it in bound.and_then(Value::as_array).into_iter().flatten() {
        let name = text(it, "name").unwrap_or_default();
        if !Limiter::ALL.iter().any(|limiter| limiter.binding() == name) {
            findings.push(format!("ratelimits has {name}, which is no limiter of this service"));
        }
        let id = text(it, "namespace_id").unwrap_or_default();
        if environment
            .all_limiters()
            .filter(|it| text(it, "namespace_id") == Some(id.clone()))
            .count()
            > 1
        {
            findings
                .push(format!("ratelimits must give {name} a namespace_id of its own, not {id}"));
        }
    }
    findings
}

/// Checks the queues, which must lose no message.
fn queues(environment: &Environment<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for binding in ["EVENTS", "UPKEEP"] {
        let Some(queue) = environment.queue(binding) else { continue };
        let consumers = environment.own("queues").and_then(|it| it.get("consumers"));
        let consumer = named(consumers, "queue", queue);
        if consumer.and_then(|it| it.get("dead_letter_queue")).is_none() {
            let expected = "with a dead_letter_queue";
            findings.push(format!("queues.consumers must have that of {binding}, {expected}"));
        }
    }
    let crons = environment.inherited("triggers").and_then(|it| it.get("crons"));
    let begins = crons.and_then(Value::as_array).is_some_and(|it| !it.is_empty());
    match (begins, environment.queue("UPKEEP").is_some()) {
        (true, false) => findings
            .push("queues.producers must have UPKEEP, since triggers.crons is set".to_owned()),
        (false, true) => {
            findings.push("triggers.crons must be set, since there is UPKEEP".to_owned())
        }
        (true, true) | (false, false) => {}
    }
    findings
}

/// Checks every address of the Worker. A developer's machine has no routes.
fn addresses(environment: &Environment<'_>, config: &Config) -> Vec<String> {
    let mut findings = Vec::new();
    for key in ["workers_dev", "preview_urls"] {
        if environment.inherited(key).and_then(Value::as_bool) != Some(false) {
            findings.push(format!("{key} must be false: the Worker would have a second address"));
        }
    }
    let Some(host) = config.base_url().strip_prefix("https://") else { return findings };
    let routes = [environment.inherited("route"), environment.inherited("routes")];
    let routes: Vec<&Value> = routes.into_iter().flatten().flat_map(entries).collect();
    let covering = |path: &str| {
        let leads = |route: &&&Value| pattern(route).is_some_and(|it| covers(it, host, path));
        routes.iter().filter(leads).copied().collect::<Vec<_>>()
    };
    let paths = if config.has_origin() { &ALL[..] } else { &OWN_PATHS };
    for path in paths.iter().filter(|path| covering(path).is_empty()) {
        findings.push(format!("routes must cover {host}{path}, where BASE_URL is"));
    }
    let named = |it: &Value| it.get("zone_name").and_then(Value::as_str).map(str::to_owned);
    let [pages, _] = OWN_PATHS;
    match (config.zone(), covering(pages).into_iter().find_map(named)) {
        // Without it the Worker assumes a zone of the last two labels.
        (None, _) => {
            findings.push("ZONE must be set, to the zone that the routes are in".to_owned())
        }
        (Some(zone), Some(name)) if zone != name => {
            findings.push(format!("ZONE must be {name}, as the zone_name of its route"));
        }
        (Some(_), _) => {}
    }
    let is_domain = |it: &Value| it.get("custom_domain").and_then(Value::as_bool) == Some(true);
    if config.is_origin_zone() && covering("/*").into_iter().any(is_domain) {
        let expected = "ORIGIN must not be zone: behind a custom domain there is no server";
        findings.push(expected.to_owned());
    }
    findings
}

/// The routes in a value, which is one or a list.
fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| slice::from_ref(value), Vec::as_slice)
}

/// The pattern of a route, which is a pattern or a table with one.
fn pattern(route: &Value) -> Option<&str> {
    route.as_str().or_else(|| route.get("pattern")?.as_str())
}

/// Whether a route's pattern matches everything below `path` on `host`: a `*` stands for anything
/// at the host's beginning or the path's end, and a custom domain is a bare host.
fn covers(pattern: &str, host: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("https://").unwrap_or(pattern);
    let (pattern_host, pattern_path) = match pattern.split_once('/') {
        Some((host, path)) => (host, path),
        None => (pattern, "*"),
    };
    let is_host = match pattern_host.strip_prefix('*') {
        Some(end) => host.ends_with(end),
        None => host == pattern_host,
    };
    let path = path.trim_start_matches('/');
    is_host
        && match pattern_path.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == pattern_path,
        }
}
