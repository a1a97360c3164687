//! What to call a browser in a list of sessions.

/// By what a User-Agent holds, from the most specific on: most browsers name those whose place they
/// want to take.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// What a browser is called that names neither.
pub(crate) const UNKNOWN: &str = "Unknown";

/// The browser and system that a User-Agent claims, in words of our own: the header's text is not
/// trusted, and longer than people read.
pub(crate) fn label(user_agent: Option<&str>) -> String {
    let user_agent = user_agent.unwrap_or_default();
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => UNKNOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_browsers_as_people_do() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
        for (user_agent, named) in [
            (format!("{windows} {webkit}"), "Chrome on Windows"),
            (format!("{windows} {webkit} Edg/146.0.0.0"), "Edge on Windows"),
            (format!("{windows}; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Windows"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like \
                 Gecko) Version/26.0 Safari/605.1.15"
                    .to_owned(),
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/26.0 Safari/604.1"
                    .to_owned(),
                "Safari on iPhone",
            ),
            ("curl/8.5.0".to_owned(), "Unknown"),
            ("<script>Linux".to_owned(), "Linux"),
        ] {
            assert_eq!(label(Some(&user_agent)), named, "{user_agent}");
        }
        assert_eq!(label(None), "Unknown");
    }
}
