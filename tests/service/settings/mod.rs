pub(crate) mod changes;
mod metadata_file;
mod metadata_url;
pub(crate) mod page;
pub(crate) mod setup_links;
