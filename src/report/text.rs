//! Text of a message, as far as a report shows it.

/// Most characters of a value that are shown, and most values of one name: enough to see a mistake,
/// and no more than that of a message of thousands.
pub(crate) const CHARACTERS: usize = 300;
pub(crate) const VALUES: usize = 20;
pub(crate) const ATTRIBUTES: usize = 100;

/// So much of values as is shown.
pub(crate) fn shortened(values: Vec<String>) -> Vec<String> {
    let shorten = |value: String| match value.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value,
    };
    values.into_iter().take(VALUES).map(shorten).collect()
}
