//! The repository itself: its documentation, its codes, its threat model and its rooms.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]

mod codes;
mod docs;
mod figures;
mod rooms;
mod threat_model;
mod words;
