//! Pages of a list, by `limit` and `cursor`.

use crate::admin::problem::Problem;
use crate::http::answer::field;
use crate::http::place::place;

/// Entries on a page where nothing else is asked for, and the most there are.
const LIMIT: u32 = 100;
const MOST: u32 = 200;

/// How many entries a page may have.
pub(super) fn limit(query: Option<&str>) -> Result<u32, Problem> {
    let Some(text) = field(query, "limit") else { return Ok(LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or(Problem::LimitInvalid)
}

/// The place of the last entry of the page before, as we write it; 0 for the first page.
pub(super) fn cursor(query: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = field(query, "cursor") else { return Ok(0) };
    place(&text).ok_or(Problem::CursorInvalid)
}
