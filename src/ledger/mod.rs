//! What happens once, and what is kept of it: the port, and a table’s records in each file.

pub(crate) mod audit;
pub(crate) mod change;
pub(crate) mod events;
pub(crate) mod exclusive;
pub(crate) mod expiries;
pub(crate) mod following;
pub(crate) mod noted;
pub(crate) mod past_refusals;
pub(crate) mod port;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod sightings;
pub(crate) mod turns;
pub(crate) mod users;
