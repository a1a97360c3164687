//! XML 1.0 with namespaces, over roxmltree and nowhere else.
//!
//! roxmltree parses; this floor fences it: limits before the parser starts, names only with their
//! namespace, text only whole. What it hands out is well-formed and nothing more.

pub(crate) mod document;
pub(crate) mod element;
pub mod name;
pub(crate) mod octets;
pub(crate) mod scan;
pub(crate) mod sequence;
pub(crate) mod text;
pub(crate) mod walk;
pub(crate) mod write;
