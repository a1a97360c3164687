mod sign_out;
pub(crate) mod slo;
