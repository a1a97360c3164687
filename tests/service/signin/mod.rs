pub(crate) mod authn_request;
mod discovery;
mod start;
