pub(crate) mod fakes;
pub(crate) mod ledgers;
pub(crate) mod world;
