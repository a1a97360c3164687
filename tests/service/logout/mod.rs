mod at_idp;
pub(crate) mod encrypted_name_id;
pub(crate) mod message;
mod refused_request;
mod request;
mod response;
mod sign_out;
