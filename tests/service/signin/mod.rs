pub(crate) mod authn_request;
mod directory;
mod discovery;
mod start;
