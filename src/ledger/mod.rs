//! What happens once, and what is kept of it: the port, and in each file the records of a table
//! with its queries and their SQL.

pub(crate) mod audit;
pub(crate) mod calls;
pub(crate) mod changes;
pub(crate) mod database;
pub(crate) mod entity_ids;
pub(crate) mod erasure;
pub(crate) mod events;
pub(crate) mod logins;
pub(crate) mod metadata;
pub(crate) mod port;
pub(crate) mod query;
pub(crate) mod schema;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod sweep;
pub(crate) mod trust;
