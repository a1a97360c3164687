mod confirmation;
pub(crate) mod cookie;
mod devices;
mod late_renewal;
mod lifetime;
mod narrowing;
#[expect(clippy::indexing_slicing, reason = "a model of few states, by their places")]
mod narrowing_model;
