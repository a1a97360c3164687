mod confirmation;
pub(crate) mod cookie;
mod devices;
mod lifetime;
#[expect(clippy::indexing_slicing, reason = "a model of few states, by their places")]
mod narrowing;
