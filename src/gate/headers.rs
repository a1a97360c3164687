//! Which headers and cookies pass between browser and origin (row H3).

use crate::http::cookie;

/// Printable ASCII as it is and everything else percent-encoded, so that a value is one line and
/// every origin reads the same name.
pub(crate) fn ascii(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for octet in value.bytes() {
        match octet {
            b' '..=b'~' if octet != b'%' => encoded.push(char::from(octet)),
            _ => encoded.push_str(&format!("%{octet:02X}")),
        }
    }
    encoded
}

/// The Cookie header without our own cookies: no session may stand in the origin's log.
pub(crate) fn cookies_for_origin(cookies: &str) -> Option<String> {
    // Several Cookie headers arrive joined by commas.
    let is_ours = |pair: &&str| pair.split(',').any(is_ours);
    let kept: Vec<_> = cookies.split(';').map(str::trim).filter(|it| !is_ours(it)).collect();
    let kept = kept.join("; ");
    (!kept.is_empty()).then_some(kept)
}

/// Whether a Set-Cookie header, or a pair of a Cookie header, is for a cookie of this service.
pub(crate) fn is_ours(text: &str) -> bool {
    // A cookie without a name, whose value looks like a pair, comes back as that pair.
    let text = text.trim_start_matches(['=', ' ', '\t']);
    cookie::is_ours(text.split(['=', ';']).next().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::gate::header_names::{folded, is_identity};
    use crate::config::gate::token_header;

    #[test]
    fn finds_identity_in_every_spelling() {
        for name in [
            "X-Forwarded-User",
            "x_forwarded_user",
            "X-Forwarded_User",
            "X.Forwarded.User",
            "X_SAML_EDGE_ACCOUNT",
            "X-Saml-Edge-Name",
            "X-Saml-Edge-Jwt-Assertion",
            "Forwarded",
            "Remote-User",
            "REMOTE_USER",
            "X-Original-URL",
            "X-Rewrite-Url",
            "X-Auth-Request-Email",
            "Cf-Access-Jwt-Assertion",
        ] {
            assert!(is_identity(&folded(name)), "{name}");
        }
        for name in ["Accept", "Authorization", "X-Requested-With", "User-Agent", "Cf-Ray"] {
            assert!(!is_identity(&folded(name)), "{name}");
        }
    }

    #[test]
    fn writes_names_in_ascii() {
        assert_eq!(ascii("Ada Lovelace"), "Ada Lovelace");
        assert_eq!(ascii("Zoë 100%\r\nX: y"), "Zo%C3%AB 100%25%0D%0AX: y");
    }

    #[test]
    fn keeps_the_cookies_of_the_origin_and_no_other() {
        for (cookies, kept) in [
            ("a=1; b=x=y", Some("a=1; b=x=y")),
            ("a=1; __Host-session=t; b=2", Some("a=1; b=2")),
            ("__Host-session=t", None),
            ("__host-SESSION=t; __Host-account=acme; __Host-confirm=x; __Host-setup=y", None),
            ("__Host-saml_req_x=1; __Host-saml_user=2; __Host-theirs=3", Some("__Host-theirs=3")),
            ("a=1, __Host-session=t; b=2", Some("b=2")),
            ("=__Host-session=t", None),
        ] {
            assert_eq!(cookies_for_origin(cookies).as_deref(), kept, "{cookies}");
        }
    }

    #[test]
    fn an_origin_cannot_set_what_is_ours() {
        for line in [
            "__Host-session=x; Path=/; Secure",
            " __HOST-Session = x",
            "=__Host-session=x",
            "__Host-session",
            "__Host-saml_req_abc=; Max-Age=0",
        ] {
            assert!(is_ours(line), "{line}");
        }
        for line in ["session=x", "__Host-sessions=x", "a=__Host-session=x", "é=1", ""] {
            assert!(!is_ours(line), "{line}");
        }
    }

    #[test]
    fn the_token_takes_no_header_that_means_something_else() {
        assert_eq!(
            token_header("Cf-Access-Jwt-Assertion").as_deref(),
            Some("cf-access-jwt-assertion")
        );
        for text in [
            "",
            "a b",
            "a_b",
            "Authorization",
            "Cookie",
            "Host",
            "Connection",
            "X-Forwarded-User",
            "X-Saml-Edge-Account",
            "X-Saml-Edge-Name",
            "ä",
        ] {
            assert_eq!(token_header(text), None, "{text}");
        }
    }
}
