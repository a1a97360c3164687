//! The checked-in list of what this verifier does otherwise, and why.

use std::cell::Cell;
use std::collections::BTreeSet;

use serde::Deserialize;

/// `divergences.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    /// Refused although the manifest says valid.
    divergence: Vec<Rule>,
    /// Not run: there is nothing here that could do it.
    skip: Vec<Rule>,
}

/// Something that entries of a kind can have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    kind: String,
    /// All of these are there.
    #[serde(default)]
    features: BTreeSet<String>,
    /// None of these is there.
    #[serde(default)]
    without: BTreeSet<String>,
    /// One of these refuses; empty for a skip.
    #[serde(default)]
    codes: BTreeSet<String>,
    reason: String,
    /// The default folder has nothing of the kind, but others may.
    #[serde(default)]
    elsewhere: bool,
    #[serde(skip)]
    used: Cell<bool>,
}

impl Rules {
    pub(crate) fn listed() -> Self {
        let rules: Self =
            toml::from_str(include_str!("divergences.toml")).expect("a list of rules");
        for rule in &rules.divergence {
            assert!(!rule.features.is_empty(), "a divergence needs a feature: {rule}");
            assert!(!rule.codes.is_empty(), "a divergence needs a code: {rule}");
        }
        rules
    }

    /// Whether a divergence is listed for something with `features`.
    pub(crate) fn are_listed(&self, kind: &str, features: &BTreeSet<String>) -> bool {
        self.divergence.iter().any(|rule| rule.matches(kind, features))
    }

    /// The divergence that explains `code` for something with `features`.
    pub(crate) fn divergence(
        &self,
        kind: &str,
        features: &BTreeSet<String>,
        code: &str,
    ) -> Option<&Rule> {
        let mut rules = self.divergence.iter();
        rules.find(|rule| rule.matches(kind, features) && rule.codes.contains(code))
    }

    /// Whether there is one.
    pub(crate) fn explains(&self, kind: &str, features: &BTreeSet<String>, code: &str) -> bool {
        self.divergence(kind, features, code).is_some()
    }

    /// The skip that speaks of something with `features`.
    pub(crate) fn skip(&self, kind: &str, features: &BTreeSet<String>) -> Option<&Rule> {
        self.skip.iter().find(|rule| rule.matches(kind, features))
    }

    /// What is wrong with the rules of a kind, once they were applied to all of the default folder.
    pub(crate) fn faults<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = String> {
        let rules = self.divergence.iter().chain(&self.skip).filter(move |it| it.kind == kind);
        rules.filter_map(|rule| match (rule.used.get(), rule.elsewhere) {
            (true, false) | (false, true) => None,
            (false, false) => Some(format!("not needed: {rule}")),
            (true, true) => Some(format!("needed in the default folder too: {rule}")),
        })
    }
}

impl Rule {
    fn matches(&self, kind: &str, features: &BTreeSet<String>) -> bool {
        self.kind == kind && self.features.is_subset(features) && self.without.is_disjoint(features)
    }

    /// The reason, to be given where the rule is made use of.
    pub(crate) fn apply(&self) -> &str {
        self.used.set(true);
        &self.reason
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let features: Vec<&str> = self.features.iter().map(String::as_str).collect();
        write!(formatter, "{} [{}]: {}", self.kind, features.join(", "), self.reason)
    }
}
