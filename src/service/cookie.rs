//! Cookies (RFC 6265bis): always `__Host-`, so that no other host can set or read one of ours.

use cookie::{Cookie, SameSite};
use time::Duration;

/// For what the IdP's POST to the ACS, which comes from another site, must find (row H2).
pub(crate) const CROSS_SITE: SameSite = SameSite::None;

/// For sessions.
pub(crate) const SAME_SITE: SameSite = SameSite::Lax;

/// Every name and value of a Cookie header.
pub(crate) fn pairs(header: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
    let cookies = header.into_iter().flat_map(Cookie::split_parse);
    cookies.filter_map(|cookie| cookie.ok()).filter_map(|it| it.name_raw().zip(it.value_raw()))
}

/// A Set-Cookie header. `max_age` is in seconds; without it the cookie ends with the browser.
pub(crate) fn set(name: &str, value: &str, same_site: SameSite, max_age: Option<u32>) -> String {
    let mut cookie = Cookie::new(name, value);
    cookie.set_http_only(true);
    cookie.set_max_age(max_age.map(|seconds| Duration::seconds(seconds.into())));
    cookie.set_path("/");
    cookie.set_same_site(same_site);
    cookie.set_secure(true);
    cookie.to_string()
}

/// A Set-Cookie header that removes what [`set`] set.
pub(crate) fn clear(name: &str) -> String {
    set(name, "", CROSS_SITE, Some(0))
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
