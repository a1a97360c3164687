//! How long something takes, as people say it.

/// The words for a time in the past.
pub(crate) fn elapsed_in_words(seconds: i64) -> String {
    format!("{} ago", span(seconds))
}

/// The words for so many seconds, the last unit never rounded up.
pub(crate) fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "less than a minute".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        172_800.. => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// The words for at most `seconds`, rounded up: no user waits longer than the page says.
pub(crate) fn at_most(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        120.. => span((seconds + 59) / 60 * 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_as_people_do() {
        for (seconds, words) in [
            (-5, "less than a minute"),
            (59, "less than a minute"),
            (60, "1 minute"),
            (119, "1 minute"),
            (3_599, "59 minutes"),
            (3_600, "1 hour"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(span(seconds), words, "{seconds}");
        }
        assert_eq!(elapsed_in_words(300), "5 minutes ago");
    }

    #[test]
    fn rounds_up_what_users_wait_for() {
        for (seconds, words) in [
            (5, "5 seconds"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (121, "3 minutes"),
            (300, "5 minutes"),
            (3_600, "1 hour"),
        ] {
            assert_eq!(at_most(seconds), words);
        }
    }
}
