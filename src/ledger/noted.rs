//! An audit entry with its event.

use serde::{Deserialize, Serialize};

use crate::ledger::audit::Entry;
use crate::ledger::events::Event;
/// An entry that a ledger writes down with what it does, in one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The entry.
    pub entry: Entry,
    /// The event of it; `None` where nobody hears of them.
    pub event: Option<Event>,
}
