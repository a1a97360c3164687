//! Everything that is wrong with vars and secrets.

use std::fmt;
/// Every var and secret that is missing or malformed, by name. No value is in here.
#[derive(Debug)]
pub struct ConfigError(pub(crate) Vec<VarProblem>);

/// One var or secret that is wrong.
#[derive(Debug)]
pub(crate) struct VarProblem {
    pub(crate) name: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) missing: bool,
    /// Which entry of a list is wrong, counted from one.
    pub(crate) entry: Option<usize>,
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    /// What is wrong, one by one.
    pub fn problems(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|VarProblem { name, expected, missing, entry }| {
            let verb = if *missing { "is missing; it takes" } else { "must be" };
            let place = entry.map(|place| format!(" (entry {place} is not)"));
            format!("{name} {verb} {expected}{}", place.unwrap_or_default())
        })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problems().collect::<Vec<_>>().join("; "))
    }
}
