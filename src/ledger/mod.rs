//! What happens once, and what is kept of it: the port, and in each file the records of a table
//! with its queries and their SQL.

pub(crate) mod at_idp;
pub(crate) mod audit;
pub(crate) mod audit_log;
pub(crate) mod calls;
pub(crate) mod change;
pub(crate) mod database;
pub(crate) mod entity_ids;
pub(crate) mod erasure;
pub(crate) mod events;
pub(crate) mod exclusive;
pub(crate) mod expiries;
pub(crate) mod expiry_notices;
pub(crate) mod followed;
pub(crate) mod following;
pub(crate) mod logins;
pub(crate) mod migration;
pub(crate) mod narrowing;
pub(crate) mod noted;
pub(crate) mod outbox;
pub(crate) mod past_refusals;
pub(crate) mod personal_events;
pub(crate) mod port;
pub(crate) mod query;
pub(crate) mod retention;
pub(crate) mod schema;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod sightings;
pub(crate) mod signers;
pub(crate) mod store;
pub(crate) mod sweep;
pub(crate) mod turns;
pub(crate) mod users;
pub(crate) mod versions;
