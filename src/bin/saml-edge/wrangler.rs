//! `wrangler.toml`, as far as this service depends on it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use saml_edge::encoding::{base64_encode, base64url_encode};
use saml_edge::{Config, ConfigError};
use toml::{Table, Value};

use crate::input::{Unreadable, read, text};

/// Secrets without which the Worker does not run.
pub(crate) const REQUIRED_SECRETS: [&str; 2] = ["SESSION_KEYS", "TOKEN_KEYS"];

/// Optional secrets.
pub(crate) const OPTIONAL_SECRETS: [&str; 3] = ["ADMIN_TOKEN", "SP_KEYS", "WEBHOOK_KEY"];

/// The whole file.
pub(crate) struct Wrangler(Table);

/// One `[env.NAME]`, a Worker of its own.
pub(crate) struct Environment<'a> {
    pub(crate) name: &'a str,
    table: &'a Table,
    top: &'a Table,
}

impl Wrangler {
    pub(crate) fn read(path: &Path) -> Result<Self, Unreadable> {
        let unreadable = |error: String| Unreadable(format!("{}: {error}", path.display()));
        let text = text(read(path)?).map_err(|refusal| unreadable(refusal.to_string()))?;
        text.parse().map(Self).map_err(|error: toml::de::Error| unreadable(error.to_string()))
    }

    /// All environments, of which there is at least one.
    pub(crate) fn environments(&self) -> Result<Vec<Environment<'_>>, Unreadable> {
        let all: Vec<_> = self.all().collect();
        if all.is_empty() { Err(missing("NAME")) } else { Ok(all) }
    }

    /// The environment called `name`.
    pub(crate) fn environment(&self, name: &str) -> Result<Environment<'_>, Unreadable> {
        self.all().find(|it| it.name == name).ok_or_else(|| missing(name))
    }

    fn all(&self) -> impl Iterator<Item = Environment<'_>> {
        let all = self.0.get("env").and_then(Value::as_table).into_iter().flatten();
        all.filter_map(|(name, table)| {
            Some(Environment { name, table: table.as_table()?, top: &self.0 })
        })
    }
}

fn missing(name: &str) -> Unreadable {
    Unreadable(format!("there is no [env.{name}] in wrangler's configuration"))
}

impl<'a> Environment<'a> {
    /// What the environment says, of what wrangler does not inherit.
    pub(crate) fn own(&self, key: &str) -> Option<&'a Value> {
        self.table.get(key)
    }

    /// What the environment says, or else the top of the file.
    pub(crate) fn inherited(&self, key: &str) -> Option<&'a Value> {
        self.table.get(key).or_else(|| self.top.get(key))
    }

    /// The limiters of all environments: their ids are the Cloudflare account's.
    pub(crate) fn all_limiters(&self) -> impl Iterator<Item = &'a Value> {
        let environments = self.top.get("env").and_then(Value::as_table).into_iter().flatten();
        let limiters = environments.filter_map(|(_, it)| it.get("ratelimits")?.as_array());
        limiters.flatten()
    }

    pub(crate) fn vars(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let vars = self.own("vars").and_then(Value::as_table).into_iter().flatten();
        vars.map(|(name, value)| (name.as_str(), value))
    }

    /// The names of the secrets without which wrangler does not deploy.
    pub(crate) fn secrets(&self) -> Vec<&'a str> {
        let secrets = self.own("secrets").and_then(|it| it.get("required"));
        secrets.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// What the Worker would make of the vars, with placeholders for secrets; and the names that it
    /// asked for.
    pub(crate) fn config(&self) -> (Result<Config, ConfigError>, BTreeSet<String>) {
        let asked = RefCell::new(BTreeSet::new());
        let config = Config::parse(|name| {
            asked.borrow_mut().insert(name.to_owned());
            if REQUIRED_SECRETS.contains(&name) || OPTIONAL_SECRETS.contains(&name) {
                return self.placeholder(name);
            }
            if self.queue(name).is_some() || self.is_service(name) {
                return Some("bound".to_owned());
            }
            let (_, value) = self.vars().find(|(known, _)| *known == name)?;
            // A value without quotation marks is checked as well as reported.
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        });
        (config, asked.into_inner())
    }

    /// A placeholder in a secret's form. An optional secret counts as absent unless it is listed:
    /// wrangler does not require it.
    fn placeholder(&self, name: &str) -> Option<String> {
        let listed = REQUIRED_SECRETS.contains(&name) || self.secrets().contains(&name);
        match name {
            "WEBHOOK_KEY" if listed => Some(format!("whsec_{}", base64_encode(&[1; 32]))),
            // A pair of RSA keys has no placeholder, and nothing else depends on it.
            "SP_KEYS" => None,
            _ if listed => Some(base64url_encode(&[1; 32])),
            _ => None,
        }
    }

    fn is_service(&self, binding: &str) -> bool {
        let service = named(self.own("services"), "binding", binding);
        service.is_some_and(|it| it.get("service").is_some())
    }

    /// The queue that is bound as `binding`.
    pub(crate) fn queue(&self, binding: &str) -> Option<&'a str> {
        let producers = self.own("queues").and_then(|it| it.get("producers"));
        named(producers, "binding", binding)?.get("queue")?.as_str()
    }
}

/// The entry of `list` that has `name` under `key`.
pub(crate) fn named<'a>(list: Option<&'a Value>, key: &str, name: &str) -> Option<&'a Value> {
    let mut entries = list.and_then(Value::as_array).into_iter().flatten();
    entries.find(|entry| entry.get(key).and_then(Value::as_str) == Some(name))
}
