mod browser;
pub(crate) mod config;
pub(crate) mod dice;
pub(crate) mod fakes;
pub(crate) mod form;
pub(crate) mod ledgers;
pub(crate) mod seen;
pub(crate) mod world;
