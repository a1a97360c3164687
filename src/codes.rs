//! Every code that this service answers, logs or sends.

use std::collections::BTreeSet;

use saml_verify::error::Refusal;
use strum::VariantNames;

use crate::admin::wire::problem::Problem;
use crate::error::{Denial, Fault};
use crate::jobs::delivery_error::DeliveryError;

/// Variants that carry an error with a code of its own.
const CARRIERS: [&str; 3] = ["denied", "fault", "refused"];

/// The codes, without repetition and sorted.
pub fn codes() -> BTreeSet<&'static str> {
    let lists = [Refusal::CODES, Fault::VARIANTS, Problem::VARIANTS, DeliveryError::VARIANTS];
    let codes = lists.into_iter().chain(Denial::CODES).flatten().copied();
    codes.filter(|code| !CARRIERS.contains(code)).collect()
}
