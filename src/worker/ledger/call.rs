//! What a Worker asks a ledger, and what it answers: one POST of JSON a call.

use serde::{Deserialize, Serialize};

/// What a Worker asks. A Worker of one version may talk to an object of another: fields are only
/// ever added, and optional.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Call {
    Open { request_id: String, until: i64 },
    Claim { assertion: String, until: i64, request_id: Option<String>, now: i64 },
    TakePair { account: String, from: Option<String> },
}

/// What the object answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Opened,
    Fresh,
    AssertionSeen,
    RequestUnknown,
    PairOf { account: String },
}
