pub(crate) mod encrypted_name_id;
mod idp_session;
pub(crate) mod message;
mod refused_request;
mod request;
mod response;
mod sign_out;
