//! `saml-edge kv-bulk`

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use saml_edge::{AccountDenial, AccountId, AccountSettings, Addresses, Config, Denial};
use saml_verify::decode_document;
use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

use crate::input::{Answer, Unreadable, complain, now, read, text};
use crate::wrangler::Wrangler;

/// Check a folder of ACCOUNT.xml (metadata) and ACCOUNT.json (settings), and print the file that
/// `wrangler kv bulk put` takes. Prints nothing and exits 1 when something is wrong, 2 when the
/// folder cannot be read
#[derive(Args)]
pub(crate) struct Arguments {
    /// The environment whose vars the accounts must go with
    #[arg(long, value_name = "NAME", default_value = "production")]
    env: String,
    /// wrangler's configuration
    #[arg(long, value_name = "FILE", default_value = "wrangler.toml")]
    config: PathBuf,
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let wrangler = Wrangler::read(&arguments.config)?;
    let (config, _) = wrangler.environment(&arguments.env)?.config();
    let config = config.map_err(|error| Unreadable(error.to_string()))?;
    let mut bulk = Bulk::default();
    for file in files(&arguments.folder)? {
        bulk.add(&file, &config, now())?;
    }
    bulk.settle_domains();
    if bulk.count == 0 && bulk.problems.is_empty() {
        bulk.problem(&arguments.folder, "there is no ACCOUNT.xml");
    }
    for problem in &bulk.problems {
        complain(problem);
    }
    if !bulk.problems.is_empty() {
        return Ok(Answer::no(Vec::new()));
    }
    let pairs = bulk.pairs.iter().map(|(key, value)| json!({"key": key, "value": value}));
    Ok(Answer::yes(vec![pairs.collect::<Value>().to_string()]))
}

/// The files of the folder, in order, without hidden ones.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let unreadable = |error| Unreadable(format!("{}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.retain(|path| !path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.')));
    paths.sort();
    Ok(paths)
}

/// The keys and values of all accounts, and the problems found.
#[derive(Default)]
struct Bulk {
    /// Keys and values for KV.
    pairs: BTreeMap<String, String>,
    /// The accounts that list a domain.
    domains: BTreeMap<String, Vec<Claim>>,
    /// Every Issuer and entity id at a shared Reply URL, by key, with its account (row G2).
    entity_ids: BTreeMap<(String, String, [u8; 32]), AccountId>,
    /// How many accounts have metadata.
    count: usize,
    problems: Vec<String>,
}

/// An account that lists a domain.
struct Claim {
    id: AccountId,
    issuer: String,
    /// Whether its entity id is another account's with its own id behind it.
    is_child: bool,
}

impl Bulk {
    fn problem(&mut self, path: &Path, problem: impl Display) {
        self.problems.push(format!("{}: {problem}", path.display()));
    }

    /// Adds one file of the folder; settings are added with their metadata.
    fn add(&mut self, path: &Path, config: &Config, now: UnixTime) -> Result<(), Unreadable> {
        match path.extension().and_then(OsStr::to_str) {
            Some("xml") => {
                match path.file_stem().and_then(OsStr::to_str).and_then(AccountId::parse) {
                    Some(id) => self.add_account(&id, path, config, now)?,
                    None => self.problem(path, "the name is no account id"),
                }
            }
            Some("json") if path.with_extension("xml").is_file() => {}
            Some("json") => self.problem(path, "there is no metadata (.xml) beside it"),
            _ => self.problem(path, "it is neither ACCOUNT.xml nor ACCOUNT.json"),
        }
        Ok(())
    }

    fn add_account(
        &mut self,
        id: &AccountId,
        path: &Path,
        config: &Config,
        now: UnixTime,
    ) -> Result<(), Unreadable> {
        let idp = self.add_metadata(id, path, now)?;
        let settings_path = path.with_extension("json");
        let settings = match settings_path.is_file() {
            true => self.add_settings(id, &settings_path, config)?,
            false => Some(AccountSettings::default()),
        };
        let Some(settings) = settings else { return Ok(()) };
        match (idp, Addresses::of(id, &settings, config)) {
            (_, Err(fault)) => self.problem(&settings_path, coded(fault.code(), &fault)),
            (Some(idp), Ok(addresses)) => {
                for domain in settings.domains.iter().flatten() {
                    self.domains.entry(domain.clone()).or_default().push(Claim {
                        id: id.clone(),
                        issuer: idp.entity_id().to_owned(),
                        is_child: addresses.entity_id().contains('#'),
                    });
                }
                self.add_entity_id(id, path, &idp, &addresses);
            }
            (None, Ok(_)) => {}
        }
        Ok(())
    }

    fn add_metadata(
        &mut self,
        id: &AccountId,
        path: &Path,
        now: UnixTime,
    ) -> Result<Option<IdpMetadata>, Unreadable> {
        let read =
            decode_document(read(path)?).and_then(|xml| Ok((IdpMetadata::parse(&xml)?, xml)));
        let current = read.and_then(|(idp, xml)| {
            let expired = idp.valid_until().is_some_and(|until| now >= until);
            if expired { Err(Refusal::MetadataExpired) } else { Ok((idp, xml)) }
        });
        match current {
            Ok((idp, xml)) => {
                for warning in idp.warnings(now) {
                    complain(&format!("{}: warning: {warning}", path.display()));
                }
                self.pairs.insert(format!("metadata:{id}"), xml);
                Ok(Some(idp))
            }
            Err(refusal) => {
                self.problem(path, coded(refusal.code(), &refusal));
                Ok(None)
            }
        }
    }

    fn add_settings(
        &mut self,
        id: &AccountId,
        path: &Path,
        config: &Config,
    ) -> Result<Option<AccountSettings>, Unreadable> {
        let text = match text(read(path)?) {
            Ok(text) => text,
            Err(refusal) => {
                self.problem(path, coded(refusal.code(), &refusal));
                return Ok(None);
            }
        };
        match AccountSettings::parse(&text) {
            Ok(settings) => {
                for reason in settings.unknown_roles(config.roles()) {
                    self.problem(path, format!("roles: {reason}"));
                }
                self.pairs.insert(format!("account:{id}"), text);
                Ok(Some(settings))
            }
            Err(fault) => {
                self.problem(path, coded(fault.code(), &fault));
                Ok(None)
            }
        }
    }

    /// Gives each domain to one account, to which the login page leads. An agency's child accounts
    /// have its IdP and may list its domains. Accounts of two IdPs may not share one (row G3).
    fn settle_domains(&mut self) {
        for (domain, claims) in &mut self.domains {
            claims.dedup_by(|a, b| a.id == b.id);
            let mut parents = claims.iter().filter(|it| !it.is_child || claims.len() == 1);
            let one_idp = claims.windows(2).all(|it| matches!(it, [a, b] if a.issuer == b.issuer));
            match (parents.next(), parents.next()) {
                (Some(Claim { id, .. }), None) if one_idp => {
                    self.pairs.insert(format!("domain:{domain}"), id.to_string());
                }
                _ => {
                    let ids: Vec<_> = claims.iter().map(|it| it.id.as_str()).collect();
                    let ids = ids.join(", ");
                    self.problems.push(format!("the domain {domain} is that of {ids}"));
                }
            }
        }
    }

    fn add_entity_id(
        &mut self,
        id: &AccountId,
        path: &Path,
        idp: &IdpMetadata,
        addresses: &Addresses,
    ) {
        self.count += 1;
        if addresses.is_unique() {
            return;
        }
        let (issuer, entity_id) = (idp.entity_id(), addresses.entity_id());
        let mut others = Vec::new();
        for key in idp.signing_keys() {
            let pair = (issuer.to_owned(), entity_id.to_owned(), key.fingerprint());
            others.extend(self.entity_ids.insert(pair, id.clone()).filter(|other| other != id));
        }
        if let Some(other) = others.first() {
            let problem = Denial::from(AccountDenial::EntityIdTaken);
            let other = format!("{problem}: {other}, as {entity_id}");
            self.problem(path, coded(problem.code(), &other));
        }
    }
}

/// A problem with the code that the Worker has for it.
fn coded(code: &str, problem: &impl Display) -> String {
    format!("{code}: {problem}")
}
