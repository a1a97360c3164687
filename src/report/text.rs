//! Limits of what a report shows of a message.

/// Most characters of a value, most values of one name, and most attributes that are shown: enough
/// to see a mistake, and little of a message of thousands.
pub(crate) const CHARACTERS: usize = 300;
pub(crate) const VALUES: usize = 20;
pub(crate) const ATTRIBUTES: usize = 100;

/// The values as they are shown.
pub(crate) fn shortened(values: Vec<String>) -> Vec<String> {
    let shorten = |value: String| match value.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value,
    };
    values.into_iter().take(VALUES).map(shorten).collect()
}
