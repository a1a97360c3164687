//! What the product does, one use case a file; async at most, and free of any platform.

pub mod doctor;
