//! Cookies (RFC 6265bis): always `__Host-`, so that no other host can set or read one of ours.
//!
//! By hand, since there are only these two forms of them: the `cookie` crate brings the parsing of
//! dates along, a twenty-fifth of the Worker.

/// The name of every cookie there is: none of them is the origin's to see or set (row H3).
pub(crate) const ACCOUNT: &str = "__Host-account";
pub(crate) const COMPANION: &str = "__Host-saml_user";
pub(crate) const CONFIRM: &str = "__Host-confirm";
pub(crate) const SESSION: &str = "__Host-session";
pub(crate) const SETUP: &str = "__Host-setup";

/// How the name of a pending request's cookie begins.
pub(crate) const PENDING: &str = "__Host-saml_req_";

/// Whether a cookie of this service could have this name, read by whomever.
pub(crate) fn is_ours(name: &str) -> bool {
    let same = |it: &str| name.eq_ignore_ascii_case(it);
    let is_pending = name.get(..PENDING.len()).is_some_and(|it| it.eq_ignore_ascii_case(PENDING));
    is_pending || [ACCOUNT, COMPANION, CONFIRM, SESSION, SETUP].into_iter().any(same)
}

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
