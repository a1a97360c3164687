//! Rules by path: what is open to everybody, and what takes a role (row H4).
//!
//! Origins do not read paths alike. Some decode twice, some merge slashes, some cut off `;` and what
//! follows, some do not tell capitals apart. So what opens is compared letter by letter, what closes
//! in every spelling, and a path with more than one reading is refused where the reading matters.

use url::Url;

/// What `PUBLIC_PATHS` and `PATH_ROLES` say.
#[derive(Debug, Default)]
pub(crate) struct PathRules {
    pub(crate) public: Vec<Pattern>,
    pub(crate) roles: Vec<RoleRule>,
}

/// What a request for one path must bring.
pub(crate) struct Demands<'a> {
    pub(crate) is_public: bool,
    rules: Vec<&'a RoleRule>,
}

impl PathRules {
    /// What the rules ask of `path`, in the form in which it is forwarded. `None` where an origin
    /// could read it as a path with other rules.
    pub(crate) fn demands(&self, path: &str) -> Option<Demands<'_>> {
        let opened = self.public.iter().any(|pattern| pattern.opens(path));
        let Some(plain) = plain(path) else {
            // With a session alone to be asked for, every reading asks for the same.
            let matters = opened || !self.roles.is_empty();
            return (!matters).then(|| Demands { is_public: false, rules: Vec::new() });
        };
        let rules: Vec<_> = self.roles.iter().filter(|rule| rule.pattern.closes(&plain)).collect();
        Some(Demands { is_public: opened && rules.is_empty(), rules })
    }
}

impl<'a> Demands<'a> {
    /// The roles of a rule that `role` does not meet. All rules must hold, so that none of them
    /// opens what another has closed.
    pub(crate) fn unmet_by(&self, role: &str) -> Option<&'a [String]> {
        let unmet = self.rules.iter().find(|rule| !rule.roles.iter().any(|it| it == role));
        unmet.map(|rule| &*rule.roles)
    }
}

/// Roles of which a path takes one.
#[derive(Debug)]
pub(crate) struct RoleRule {
    pattern: Pattern,
    roles: Vec<String>,
}

/// One path, or with `/*` at its end everything below one.
#[derive(Debug)]
pub(crate) struct Pattern {
    path: String,
    is_prefix: bool,
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        let (path, is_prefix) = match text.strip_suffix('*') {
            Some(path) => (path, true),
            None => (text, false),
        };
        // As browsers and the forwarded address spell it, or it would never match.
        let url = Url::parse(&format!("https://origin.invalid{path}")).ok()?;
        let usable = path.starts_with('/')
            && url.path() == path
            && url.as_str().ends_with(path)
            && !path.contains(['%', '*', ','])
            && (!is_prefix || path.ends_with('/'))
            && plain(path).is_some()
            && !is_own(path);
        usable.then(|| Self { path: path.to_owned(), is_prefix })
    }

    fn opens(&self, path: &str) -> bool {
        if self.is_prefix { path.starts_with(&self.path) } else { path == self.path }
    }

    /// Takes what [`plain`] made.
    fn closes(&self, plain: &str) -> bool {
        let own = self.path.to_lowercase();
        let own = own.trim_end_matches('/');
        match plain.strip_prefix(own) {
            Some("") => true,
            Some(rest) => self.is_prefix && rest.starts_with('/'),
            None => false,
        }
    }
}

/// Reads `PUBLIC_PATHS`.
pub(crate) fn public_paths(text: &str) -> Option<Vec<Pattern>> {
    text.split(',').map(|pattern| Pattern::parse(pattern.trim())).collect()
}

/// Reads `PATH_ROLES`, whose roles are all among `known`.
pub(crate) fn path_roles(text: &str, known: &[String]) -> Option<Vec<RoleRule>> {
    let rule = |text: &str| {
        let (pattern, roles) = text.split_once('=')?;
        let role = |role: &str| known.iter().find(|it| *it == role.trim()).cloned();
        let roles = roles.split(',').map(role).collect::<Option<_>>()?;
        Some(RoleRule { pattern: Pattern::parse(pattern.trim())?, roles })
    };
    text.split(';').map(rule).collect()
}

/// Whether a path is this service's own and never the origin's.
pub(crate) fn is_own(path: &str) -> bool {
    path == "/sso" || path.starts_with("/sso/")
}

/// The one reading of a path: decoded, in lower case, without a slash at its end. `None` where there
/// are several.
fn plain(path: &str) -> Option<String> {
    let decoded = decoded(path)?.to_lowercase();
    let path = decoded.trim_end_matches('/');
    let mut segments = path.split('/').skip(1);
    // Dot segments are gone but for those that hid, and Windows drops dots and spaces at the end.
    let several = segments.any(|it| it.is_empty() || it.ends_with(['.', ' ']))
        || decoded.strip_prefix(path).is_some_and(|slashes| slashes.len() > 1);
    (!several).then(|| path.to_owned())
}

/// Decoded once, where decoding twice would not change it any further.
fn decoded(path: &str) -> Option<String> {
    let mut octets = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(octet) = octets.next() {
        decoded.push(match octet {
            b'%' => escaped(octets.next()?, octets.next()?)?,
            // Windows takes `\` for `/`; servlets cut parameters off.
            b'\\' | b';' => return None,
            _ => octet,
        });
    }
    // Overlong forms hide octets, so what is not UTF-8 has no reading.
    String::from_utf8(decoded).ok()
}

fn escaped(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16);
    let octet = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    let delimits = octet.is_ascii_control() || b"#%/;?\\".contains(&octet);
    (!delimits).then_some(octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(public: &str, roles: &str) -> PathRules {
        let known = ["admin", "finance", "support"].map(str::to_owned);
        let public = if public.is_empty() { Vec::new() } else { public_paths(public).unwrap() };
        let roles = if roles.is_empty() { Vec::new() } else { path_roles(roles, &known).unwrap() };
        PathRules { public, roles }
    }

    /// `None` where the path is refused, or else whether it is public and whether finance may.
    fn seen(rules: &PathRules, path: &str) -> Option<(bool, bool)> {
        let demands = rules.demands(path)?;
        Some((demands.is_public, demands.unmet_by("finance").is_none()))
    }

    #[test]
    fn what_opens_is_compared_letter_by_letter() {
        let rules = rules("/assets/*, /robots.txt", "");
        for path in ["/assets/", "/assets/app.js", "/assets/a/b%20c", "/robots.txt"] {
            assert_eq!(seen(&rules, path), Some((true, true)), "{path}");
        }
        for path in
            ["/", "/assets", "/assetsx", "/Assets/app.js", "/%61ssets/app.js", "/robots.txt/"]
        {
            assert_eq!(seen(&rules, path), Some((false, true)), "{path}");
        }
    }

    #[test]
    fn what_closes_is_compared_in_every_spelling() {
        let rules = rules("", "/admin/* = admin; /billing = finance, admin");
        for path in ["/admin", "/admin/", "/admin/x", "/ADMIN/x", "/%61dmin", "/%41dmin/x"] {
            assert_eq!(seen(&rules, path), Some((false, false)), "{path}");
        }
        for path in ["/", "/administrator", "/x/admin/", "/billing", "/Billing/", "/billing/x"] {
            assert_eq!(seen(&rules, path), Some((false, true)), "{path}");
        }
    }

    #[test]
    fn no_rule_opens_what_another_closes() {
        let rules = rules("/*", "/a/* = admin, finance; /a/b/* = admin; /a/b/c = finance");
        assert_eq!(seen(&rules, "/"), Some((true, true)));
        assert_eq!(seen(&rules, "/a/x"), Some((false, true)));
        assert_eq!(seen(&rules, "/a/b/x"), Some((false, false)));
        assert_eq!(seen(&rules, "/a/b/c"), Some((false, false)));
        assert!(rules.demands("/a/b/c").unwrap().unmet_by("admin").is_some());
    }

    const SEVERAL_READINGS: [&str; 24] = [
        "/open//x",
        "/open/x//",
        "/open/..;/admin",
        "/open/.;/admin",
        "/open/;x/admin",
        "/open/x;jsessionid=1",
        "/open/..%2fadmin",
        "/open/..%2Fadmin",
        "/open/%2e%2e%2fadmin",
        "/open/..%5cadmin",
        "/open/..\\admin",
        "/open/%252e%252e/admin",
        "/open/%25",
        "/open/..%c0%afadmin",
        "/open/%ff",
        "/open/%00",
        "/open/x%0a",
        "/open/%3b",
        "/open/%3f",
        "/open/%23",
        "/open/%",
        "/open/%u002f",
        "/open/x./y",
        "/open/x%20",
    ];

    #[test]
    fn what_has_several_readings_is_never_public() {
        let rules = rules("/open/*", "");
        for path in SEVERAL_READINGS {
            assert_eq!(seen(&rules, path), None, "{path}");
        }
    }

    #[test]
    fn what_has_several_readings_is_refused_where_roles_are_asked_for() {
        let rules = rules("", "/admin/* = admin");
        for path in SEVERAL_READINGS.into_iter().chain(["//admin", "/x/..%2fadmin", "/admin%2fx"]) {
            assert_eq!(seen(&rules, path), None, "{path}");
        }
    }

    /// Other products' addresses look like this; a session is asked for however they are read.
    #[test]
    fn where_a_session_is_all_that_is_asked_for_every_reading_passes() {
        for rules in [rules("", ""), rules("/assets/*", "")] {
            for path in ["/api/projects/a%2Fb", "//x", "/a;b=c"] {
                assert_eq!(seen(&rules, path), Some((false, true)), "{path}");
            }
        }
    }

    #[test]
    fn takes_no_pattern_that_could_not_match() {
        for text in [
            "",
            "assets",
            "assets/*",
            "/assets*",
            "/a/*/b",
            "/a//b",
            "/a/../b",
            "/a/./b",
            "/a b",
            "/%61",
            "/a?b",
            "/a#b",
            "/a\\b",
            "/ä",
            "/sso/*",
            "/sso",
            "/sso/login",
            "/a,",
            "*",
            "/a.",
        ] {
            assert!(public_paths(text).is_none(), "{text}");
        }
        for text in
            ["", "/a", "/a =", "/a = nobody", "/a = admin,", "/a = admin;", "a = admin", "= admin"]
        {
            assert!(path_roles(text, &["admin".to_owned()]).is_none(), "{text}");
        }
    }
}
