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

/// The findings of one kind.
pub(crate) struct Tally<'c> {
    kind: String,
    corpus: &'c Corpus,
    as_stated: usize,
    too_weak: usize,
    divergences: usize,
    skips: usize,
    /// How often each occurred.
    failures: BTreeMap<String, usize>,
}

impl<'c> Tally<'c> {
    pub(crate) fn new(kind: &str, corpus: &'c Corpus) -> Self {
        Self {
            kind: kind.to_owned(),
            corpus,
            as_stated: 0,
            too_weak: 0,
            divergences: 0,
            skips: 0,
            failures: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, entry: &Entry, findings: Vec<Finding>) {
        if findings.is_empty() {
            self.fail(format!("{}: nothing ran", entry.text("id")));
        }
        for finding in findings {
            if let Err(failure) = self.count(&finding) {
                self.fail(format!("{}: {failure}", entry.text("id")));
            }
        }
    }

    fn fail(&mut self, failure: String) {
        *self.failures.entry(failure).or_default() += 1;
    }

    fn count(&mut self, finding: &Finding) -> Result<(), String> {
        let Finding { features, outcome } = finding;
        let rules = &self.corpus.rules;
        match outcome {
            Outcome::AsStated
                if self.corpus.is_default && rules.are_listed(&self.kind, features) =>
            {
                Err(format!("a listed divergence came out as stated, features {features:?}"))
            }
            Outcome::AsStated => {
                self.as_stated += 1;
                Ok(())
            }
            Outcome::TooWeak => {
                self.too_weak += 1;
                Ok(())
            }
            Outcome::Otherwise(code) => {
                match rules.divergence(&self.kind, features, code) {
                    Some(rule) => rule.mark_used(),
                    // What another manifest itself calls a matter of strictness is one.
                    None if !self.corpus.is_default && features.contains(LICENCE) => {}
                    None => return Err(format!("{code}, features {features:?}")),
                }
                self.divergences += 1;
                Ok(())
            }
            Outcome::NotCovered => {
                let rule = rules.skip(&self.kind, features);
                rule.ok_or_else(|| format!("not covered, features {features:?}"))?.mark_used();
                self.skips += 1;
                Ok(())
            }
            Outcome::Wrong(text) => Err(text.clone()),
        }
    }

    /// Prints the counts and fails if anything did.
    pub(crate) fn finish(mut self) {
        if self.corpus.is_default {
            let faults = self.corpus.rules.faults(&self.kind);
            // Weak algorithms come first in the default build and hide what stands behind them.
            let faults = faults.filter(|_| cfg!(feature = "legacy-vectors"));
            self.failures.extend(faults.map(|fault| (fault, 1)));
        }
        say(&format!(
            "corpus {:<14}{:>5} as stated {:>5} too weak {:>5} listed divergences {:>4} listed skips {:>4} failed",
            self.kind,
            self.as_stated,
            self.too_weak,
            self.divergences,
            self.skips,
            self.failures.values().sum::<usize>()
        ));
        let failures =
            self.failures.iter().map(|(failure, times)| format!("{times} × {failure}\n"));
        assert!(self.failures.is_empty(), "\n{}", failures.collect::<String>());
        let ran = self.as_stated + self.too_weak + self.divergences + self.skips;
        assert!(ran > 0 || !self.corpus.is_default, "no entry of the kind {} ran", self.kind);
    }
}
