//! Vars and secrets, read one by one, with the problems collected.

use crate::error::config::{ConfigError, VarProblem};

/// Every var and secret by its name, and the problems found so far.
pub(crate) struct Vars<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<VarProblem>,
}

impl<'a> Vars<'a> {
    pub(crate) const fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    /// `value`, or all problems that were found. A section that is `None` has left at least one.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, ConfigError> {
        value.filter(|_| self.problems.is_empty()).ok_or(ConfigError(self.problems))
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|text| !text.is_empty())
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Reads a var. It is a problem where the var is missing or `parse` refuses it.
    pub(crate) fn take<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.get(name);
        let missing = text.is_none();
        let value = text.as_deref().and_then(parse);
        if value.is_none() {
            self.problems.push(VarProblem { name, expected, missing, entry: None });
        }
        value
    }

    /// Like [`Self::take`], but a missing var is no problem.
    pub(crate) fn take_optional<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if !self.is_set(name) {
            return None;
        }
        self.take(name, expected, parse)
    }

    /// Like [`Self::take_optional`], for a var that depends on another. Where the other is wrong,
    /// this one is not checked, so that one mistake is one problem.
    pub(crate) fn take_beside<D: ?Sized, T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        other: Option<&D>,
        parse: impl FnOnce(&str, &D) -> Option<T>,
    ) -> Option<T> {
        if !self.is_set(name) {
            return None;
        }
        let other = other?;
        self.take(name, expected, |text| parse(text, other))
    }

    /// Like [`Self::take_optional`], where `parse` says what it expects.
    pub(crate) fn take_explained<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let note = |expected| {
            self.problems.push(VarProblem { name, expected, missing: false, entry: None })
        };
        parse(&(self.lookup)(name).filter(|text| !text.is_empty())?).map_err(note).ok()
    }

    /// Like [`Self::take_optional`], for a number within `range`.
    pub(crate) fn take_number<N: std::str::FromStr + PartialOrd>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        range: &std::ops::RangeInclusive<N>,
    ) -> Option<N> {
        self.take_optional(name, expected, |text| number(text, range))
    }

    /// Adds the place of the malformed entry to the problem of a list.
    pub(crate) fn point_out(
        &mut self,
        name: &str,
        separator: char,
        is_right: impl Fn(&str) -> bool,
    ) {
        let text = (self.lookup)(name).unwrap_or_default();
        let place = text.split(separator).position(|entry| !is_right(entry));
        let problem = self.problems.iter_mut().find(|it| it.name == name && !it.missing);
        if let Some(problem) = problem {
            problem.entry = place.map(|before| before + 1);
        }
    }
}

/// A number within `range`.
pub(crate) fn number<N: std::str::FromStr + PartialOrd>(
    text: &str,
    range: &std::ops::RangeInclusive<N>,
) -> Option<N> {
    text.parse().ok().filter(|number| range.contains(number))
}
