//! Places in the lists of a ledger, as pages carry them.

/// A place in the one way that we write it, and none that a ledger could not hold: its numbers pass
/// through JavaScript, which counts to 2^53 and fails on more.
pub(crate) fn place(text: &str) -> Option<i64> {
    let place = text.parse().ok().filter(|place| (1..1 << 53).contains(place))?;
    (i64::to_string(&place) == text).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_we_write_and_nothing_else() {
        for (text, read) in [
            ("1", Some(1)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740992", None),
            ("9223372036854775807", None),
            ("9223372036854775808", None),
            ("0", None),
            ("-1", None),
            ("+1", None),
            ("01", None),
            (" 1", None),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(place(text), read, "{text}");
        }
    }
}
