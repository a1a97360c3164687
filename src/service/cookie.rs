//! Cookies (RFC 6265bis): always `__Host-`, so that no other host can set or read one of ours.
//!
//! By hand, since there are only these two forms of them: the `cookie` crate brings the parsing of
//! dates along, a twenty-fifth of the Worker.

/// Whether a cookie travels with a POST that another site starts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SameSite {
    /// No: sessions.
    Lax,
    /// Yes: what the IdP's POST to the ACS must find (row H2).
    None,
}

/// The value of the cookie called `name`, the first if there are several.
pub(crate) fn value<'h>(header: Option<&'h str>, name: &str) -> Option<&'h str> {
    pairs(header).find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// Every name and value of a Cookie header.
pub(crate) fn pairs(header: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
    header
        .into_iter()
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// A Set-Cookie header. `max_age` is in seconds; without it the cookie ends with the browser.
pub(crate) fn set(name: &str, value: &str, same_site: SameSite, max_age: Option<u32>) -> String {
    let same_site = match same_site {
        SameSite::Lax => "Lax",
        SameSite::None => "None",
    };
    let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite={same_site}{max_age}")
}

/// A Set-Cookie header that removes what [`set`] set.
pub(crate) fn clear(name: &str) -> String {
    set(name, "", SameSite::None, Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs_and_skips_what_is_none() {
        let read: Vec<_> = pairs(Some("a=1; b=x=y ;;c;  d=")).collect();
        assert_eq!(read, [("a", "1"), ("b", "x=y"), ("d", "")]);
        assert_eq!(pairs(None).count(), 0);
    }
}
