//! A change of what is stored, as a ledger writes it down.

use saml_verify::time::UnixTime;

use crate::ledger::audit::{Actor, Entry};
use crate::model::stored::Stored;
/// A change of what is stored for an account.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// [`Stored::epoch`] of what it was made from.
    pub expected: &'a str,
    /// All that is stored afterwards.
    pub after: &'a Stored,
    /// An [`crate::ledger::audit::Actor`].
    pub actor: &'a str,
    /// Names the request in the log.
    pub reference: &'a str,
    /// Whether the product hears of it.
    pub is_heard: bool,
}

impl Change<'_> {
    /// What a ledger writes down of the change of `before`, each with what was stored then. `last` is
    /// what it wrote down before: where that is not what was changed, somebody wrote to the store
    /// itself, or this ledger did and stopped before it could say so. `ended` sessions ended with it.
    pub fn entries(
        &self,
        last: Option<Stored>,
        before: &Stored,
        ended: usize,
        now: UnixTime,
    ) -> Vec<(Entry, Stored)> {
        let Self { after, reference, .. } = *self;
        let last = last.unwrap_or_default();
        let elsewhere = Actor::Elsewhere.to_string();
        let ended = Some(ended).filter(|count| *count > 0);
        let steps = [(&last, before, elsewhere.as_str(), None), (before, after, self.actor, ended)];
        let steps = steps.into_iter().filter(|(from, to, ..)| from != to);
        let entry = |(from, to, actor, sessions_ended): (&Stored, &Stored, &str, _)| {
            let entry = Entry::of(from, to, actor, reference, now);
            (Entry { sessions_ended, ..entry }, to.clone())
        };
        steps.map(entry).collect()
    }
}
