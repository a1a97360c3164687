//! The query parameters `limit` and `cursor` of lists.

use crate::admin::wire::problem::Problem;
use crate::http::answer::field;
use crate::http::place::place;

/// Entries on a page without `limit`, and the largest `limit`.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 200;

/// How many entries a page may have.
pub(in crate::admin) fn limit(query: Option<&str>) -> Result<u32, Problem> {
    let Some(text) = field(query, "limit") else { return Ok(DEFAULT_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or(Problem::LimitInvalid)
}

/// The position of the previous page's last entry; 0 for the first page.
pub(in crate::admin) fn cursor(query: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = field(query, "cursor") else { return Ok(0) };
    place(&text).ok_or(Problem::CursorInvalid)
}
