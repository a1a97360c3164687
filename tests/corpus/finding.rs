//! What became of an entry, counted by kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::{Corpus, Entry};
use crate::say;

/// The feature of an entry that the manifest lets a strict verifier refuse.
pub(crate) const LICENCE: &str = "strict-may-refuse";

/// One observation: an entry, or one test of a file of tests.
pub(crate) struct Finding {
    /// What a rule may refer to; empty for what was expected to fail.
    features: BTreeSet<String>,
    outcome: Outcome,
}

enum Outcome {
    /// As the manifest says.
    AsStated,
    /// Refused for its weak algorithms, as this build does.
    TooWeak,
    /// This code came of it, though something else was expected.
    Otherwise(&'static str),
    /// Nothing here can run it.
    NotCovered,
    /// Neither as stated nor refused.
    Wrong(String),
}

impl Finding {
    pub(crate) const fn as_stated(features: BTreeSet<String>) -> Self {
        Self { features, outcome: Outcome::AsStated }
    }

    pub(crate) const fn too_weak() -> Self {
        Self { features: BTreeSet::new(), outcome: Outcome::TooWeak }
    }

    pub(crate) const fn otherwise(features: BTreeSet<String>, code: &'static str) -> Self {
        Self { features, outcome: Outcome::Otherwise(code) }
    }

    pub(crate) const fn not_covered(features: BTreeSet<String>) -> Self {
        Self { features, outcome: Outcome::NotCovered }
    }

    pub(crate) fn wrong(text: impl Into<String>) -> Self {
        Self { features: BTreeSet::new(), outcome: Outcome::Wrong(text.into()) }
    }
}

/// What there is besides failures, in the order of printing.
const VERDICTS: [&str; 4] = ["as stated", "too weak", "listed divergence", "listed skip"];

/// The findings of one kind.
pub(crate) struct Tally<'c> {
    kind: String,
    corpus: &'c Corpus,
    /// How often each verdict was given.
    verdicts: BTreeMap<&'static str, usize>,
    /// How often each failure occurred.
    failures: BTreeMap<String, usize>,
}

impl<'c> Tally<'c> {
    pub(crate) fn new(kind: &str, corpus: &'c Corpus) -> Self {
        Self { kind: kind.to_owned(), corpus, verdicts: BTreeMap::new(), failures: BTreeMap::new() }
    }

    /// Counts what was found of an entry, and prints it for whoever runs this with `--nocapture`.
    pub(crate) fn add(&mut self, entry: &Entry, findings: Vec<Finding>) {
        let id = entry.text("id");
        if findings.is_empty() {
            self.fail(format!("{id}: nothing ran"));
        }
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for finding in findings {
            match self.judge(&finding) {
                Ok((verdict, detail)) => {
                    *self.verdicts.entry(verdict).or_default() += 1;
                    *lines.entry(format!("{verdict} {detail}")).or_default() += 1;
                }
                Err(failure) => self.fail(format!("{id}: {failure}")),
            }
        }
        for (line, times) in lines {
            println!("{id}: {times} × {line}");
        }
    }

    fn fail(&mut self, failure: String) {
        *self.failures.entry(failure).or_default() += 1;
    }

    /// The verdict with its reason, or what is wrong.
    fn judge(&self, finding: &Finding) -> Result<(&'static str, String), String> {
        let Finding { features, outcome } = finding;
        let rules = &self.corpus.rules;
        let [as_stated, too_weak, divergence, skip] = VERDICTS;
        match outcome {
            Outcome::AsStated
                if self.corpus.is_default && rules.are_listed(&self.kind, features) =>
            {
                Err(format!("a listed divergence came out as stated, features {features:?}"))
            }
            Outcome::AsStated => Ok((as_stated, String::new())),
            Outcome::TooWeak => Ok((too_weak, String::new())),
            Outcome::Otherwise(code) => match rules.divergence(&self.kind, features, code) {
                Some(rule) => Ok((divergence, format!("({code}) {}", rule.apply()))),
                // What another manifest itself calls a matter of strictness is one.
                None if !self.corpus.is_default && features.contains(LICENCE) => {
                    Ok((divergence, format!("({code}) by the manifest's leave")))
                }
                None => Err(format!("{code}, features {features:?}")),
            },
            Outcome::NotCovered => match rules.skip(&self.kind, features) {
                Some(rule) => Ok((skip, rule.apply().to_owned())),
                None => Err(format!("not covered, features {features:?}")),
            },
            Outcome::Wrong(text) => Err(text.clone()),
        }
    }

    /// Prints the counts and fails if anything did.
    pub(crate) fn finish(mut self) {
        if self.corpus.is_default {
            let faults = self.corpus.rules.faults(&self.kind);
            // Weak algorithms come first in the default build and hide what stands behind them.
            let faults = faults.filter(|_| cfg!(saml_verify_legacy_vectors));
            self.failures.extend(faults.map(|fault| (fault, 1)));
        }
        let count = |verdict| self.verdicts.get(verdict).copied().unwrap_or(0);
        let counts = VERDICTS.map(|verdict| format!("{:>5} {verdict}", count(verdict)));
        let failed: usize = self.failures.values().sum();
        say(&format!("corpus {:<14}{}{failed:>5} failed", self.kind, counts.concat()));
        let failures =
            self.failures.iter().map(|(failure, times)| format!("{times} × {failure}\n"));
        assert!(self.failures.is_empty(), "\n{}", failures.collect::<String>());
        let ran = !self.verdicts.is_empty();
        assert!(ran || !self.corpus.is_default, "no entry of the kind {} ran", self.kind);
    }
}
