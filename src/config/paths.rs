//! `PUBLIC_PATHS` and `PATH_ROLES`: what is open to everybody, and what takes a role (row H4).
//!
//! Origins do not read paths alike. Some decode twice, some merge slashes, some cut off `;` and what
//! follows, some do not tell capitals apart, some run `/invoice.php` for `/invoice.php/x`. So what opens
//! is compared letter by letter, what closes in every spelling and with all that is below it, and a path
//! with more than one reading is refused where the reading matters.

use url::Url;

use crate::config::lookalike::could_be_below;
use crate::config::roles::Roles;
use crate::config::vars::Vars;
use crate::model::paths::is_own;

const PATH_ROLES: &str =
    "rules such as /reports/* = developer, finance; /invoice = finance, with roles of ROLES";
const PUBLIC_PATHS: &str = "paths separated by commas, such as /robots.txt, /public/*";

/// What `PUBLIC_PATHS` and `PATH_ROLES` say.
#[derive(Debug, Default)]
pub(crate) struct PathRules {
    pub(crate) public: Vec<Pattern>,
    pub(crate) roles: Vec<RoleRule>,
}

/// What a request for one path must bring.
#[derive(Default)]
pub(crate) struct Demands<'a> {
    pub(crate) is_public: bool,
    rules: Vec<&'a RoleRule>,
}

impl PathRules {
    pub(crate) fn read(vars: &mut Vars<'_>, roles: Option<&Roles>) -> Self {
        let known = roles.map(|roles| &*roles.all);
        let public = vars.take_optional("PUBLIC_PATHS", PUBLIC_PATHS, public_paths);
        vars.point_out("PUBLIC_PATHS", ',', |path| public_paths(path).is_some());
        let roles = vars.take_beside("PATH_ROLES", PATH_ROLES, known, path_roles);
        vars.point_out("PATH_ROLES", ';', |rule| {
            known.is_some_and(|known| path_roles(rule, known).is_some())
        });
        Self { public: public.unwrap_or_default(), roles: roles.unwrap_or_default() }
    }

    /// What the rules ask of `path`, in the form in which it is forwarded. `None` where an origin
    /// could read it as a path with other rules.
    pub(crate) fn demands(&self, path: &str) -> Option<Demands<'_>> {
        let opened = self.public.iter().any(|pattern| pattern.opens(path));
        // With a session alone to be asked for, every reading asks for the same.
        if !opened && self.roles.is_empty() {
            return Some(Demands::default());
        }
        let plain = plain(path)?;
        // A public path is plain ASCII: anything else could lead out of it.
        if opened && !plain.is_ascii() {
            return None;
        }
        let (rules, others): (Vec<_>, Vec<_>) =
            self.roles.iter().partition(|rule| rule.pattern.closes(&plain));
        let is_disguise = |it: char| !it.is_ascii() || it == '~';
        if plain.contains(is_disguise) && others.iter().any(|rule| rule.pattern.could_close(&plain))
        {
            return None;
        }
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
    /// The path as [`plain`] makes it.
    plain: String,
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
            && !is_own(path);
        let plain = plain(path).filter(|_| usable)?;
        Some(Self { path: path.to_owned(), is_prefix, plain })
    }

    fn opens(&self, path: &str) -> bool {
        if self.is_prefix { path.starts_with(&self.path) } else { path == self.path }
    }

    /// Whether it is at or above what [`plain`] made, with `/*` or without.
    fn closes(&self, plain: &str) -> bool {
        let mut names = plain.split('/');
        self.plain.split('/').all(|wanted| names.next().is_some_and(|it| is_read_as(it, wanted)))
    }

    /// Whether an origin could read what [`plain`] made as a path that it closes.
    fn could_close(&self, plain: &str) -> bool {
        let names = |path| str::split(path, '/').skip(1).collect::<Vec<_>>();
        could_be_below(&names(plain), &names(&self.plain))
    }
}

/// Reads `PUBLIC_PATHS`.
fn public_paths(text: &str) -> Option<Vec<Pattern>> {
    text.split(',').map(|pattern| Pattern::parse(pattern.trim())).collect()
}

/// Reads `PATH_ROLES`, whose roles are all among `known`.
fn path_roles(text: &str, known: &[String]) -> Option<Vec<RoleRule>> {
    let rule = |text: &str| {
        let (pattern, roles) = text.split_once('=')?;
        let role = |role: &str| known.iter().find(|it| *it == role.trim()).cloned();
        let roles = roles.split(',').map(role).collect::<Option<_>>()?;
        Some(RoleRule { pattern: Pattern::parse(pattern.trim())?, roles })
    };
    text.split(';').map(rule).collect()
}

/// Whether a name is `wanted`, or a stream of it to Windows: `admin::$DATA` is of `admin`.
fn is_read_as(name: &str, wanted: &str) -> bool {
    let rest = name.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The one reading of a path: decoded, in lower case, without a slash at its end. `None` where there
/// are several.
fn plain(path: &str) -> Option<String> {
    let mut plain = decoded(path)?.to_lowercase();
    if plain.ends_with('/') {
        plain.pop();
    }
    // Dot segments are gone but for those that hid. Windows drops dots and spaces at the end of a name,
    // where a stream may follow.
    let is_cut = |name: &str| name.split(':').any(|it| it.ends_with(['.', ' ']));
    let several = plain.split('/').skip(1).any(|name| name.is_empty() || is_cut(name));
    (!several).then_some(plain)
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

    /// Windows has streams, `admin::$DATA`, and short names, `ADMINI~1`.
    #[test]
    fn what_windows_reads_as_a_closed_path_is_closed() {
        let rules = rules("/*", "/admin/* = admin; /tools/.git = admin; /v1/logs:purge = admin");
        for path in [
            "/admin:",
            "/admin:/x",
            "/admin::$DATA",
            "/Admin::$INDEX_ALLOCATION/x",
            "/admin%3a%3a$data/x",
            "/tools:x/.git:y/z",
            "/v1/logs:purge",
            "/v1/logs:purge:/x",
        ] {
            assert_eq!(seen(&rules, path), Some((false, false)), "{path}");
        }
        for path in [
            "/admin.:x/y",
            "/admin%20::$DATA",
            "/admini~1/x",
            "/ADMIN~12.old/x",
            "/admin%7e1/x",
            "/ad3f2b~1",
            "/%EF%BD%81dmini~1/x",
            "/%EF%BD%81dmin:x",
            "/%EF%BD%81dmin%EF%BC%9Ax",
            "/tools/git~1/config",
            "/tools/git~1:x",
            "/tools/.git%EF%BC%9Ax",
        ] {
            assert_eq!(seen(&rules, path), None, "{path}");
        }
        for path in [
            "/v1/logs:read",
            "/v1/logs",
            "/x:admin",
            "/wiki/File:admin.png",
            "/~ada/x",
            "/files/ADMINI~1.PDF",
            "/app~main.js",
            "/administrator~1",
            "/app~21833f8f.js",
            "/tools/notes~1",
        ] {
            assert_eq!(seen(&rules, path), Some((true, true)), "{path}");
        }
    }

    /// What runs scripts by their path runs the same one, and hands it the rest (CGI's PATH_INFO).
    #[test]
    fn a_rule_closes_what_is_below_its_path() {
        let rules = rules("/*", "/invoice.php = admin; /a/b = admin; /c/* = admin");
        for path in [
            "/invoice.php",
            "/invoice.php/",
            "/invoice.php/x",
            "/Invoice.PHP/x/y",
            "/a/b/c",
            "/c",
            "/c/d",
        ] {
            assert_eq!(seen(&rules, path), Some((false, false)), "{path}");
        }
        for path in ["/invoice.phpx", "/invoice", "/a", "/a/bc", "/a/c/b", "/"] {
            assert_eq!(seen(&rules, path), Some((true, true)), "{path}");
        }
        let whole = self::rules("", "/ = admin");
        assert_eq!(seen(&whole, "/x"), Some((false, false)));
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

    /// By characters outside ASCII, percent-encoded as they are forwarded.
    fn forwarded(path: &str) -> String {
        Url::parse("https://origin.invalid").unwrap().join(path).unwrap().path().to_owned()
    }

    #[test]
    fn what_is_public_is_ascii() {
        let rules = rules("/open/*, /", "");
        for path in [
            "/open/．．／admin",
            "/open/..／admin",
            "/open/..¥admin",
            "/open/..∕admin",
            "/open/a…／b",
            "/open/größe",
            "/open/дела",
        ] {
            assert_eq!(seen(&rules, &forwarded(path)), None, "{path}");
        }
        assert_eq!(seen(&rules, &forwarded("/größe")), Some((false, true)));
    }

    /// Every character that becomes ASCII by its case, wherever it stands in a rule.
    #[test]
    fn no_case_mapping_leads_past_a_rule() {
        let mut tried = 0;
        for character in '\u{80}'..=char::MAX {
            let cases: String = character.to_lowercase().chain(character.to_uppercase()).collect();
            for letter in cases.chars().filter(char::is_ascii_alphabetic) {
                let letter = letter.to_ascii_lowercase();
                let rules = rules("", &format!("/x{letter}y/z{letter}/* = admin"));
                for spelled in [
                    format!("/x{character}y/z{letter}/a"),
                    format!("/X{letter}Y/z{character}"),
                    format!("/x{character}y/z{character}/"),
                ] {
                    let seen = seen(&rules, &forwarded(&spelled));
                    assert!(matches!(seen, None | Some((false, false))), "{spelled}: {seen:?}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 30, "{tried}");
    }

    /// What NFKC, NFKD with its marks left out, the best fit of code pages, or the fonts of
    /// mathematics make of a character.
    fn alike() -> Vec<(char, String)> {
        let rows = |first: u32, letters: &str| {
            let made = letters.chars().zip(first..);
            made.map(|(it, at)| (char::from_u32(at).unwrap(), it.to_string())).collect::<Vec<_>>()
        };
        let lower: String = ('a'..='z').collect();
        let printed: String = ('!'..='~').collect();
        let mut alike = [
            rows(0xff01, &printed.to_lowercase()),
            rows(0x1d400, &lower),
            rows(0x1d41a, &lower),
            rows(0x1d670, &lower),
            rows(0x1d68a, &lower),
            rows(0x1d7ce, "0123456789"),
            rows(0x24b6, &lower),
            rows(0x24d0, &lower),
            rows(0x1f130, &lower),
            rows(0x2080, "0123456789"),
            rows(0x2460, "123456789"),
            rows(0x660, "0123456789"),
            rows(0x966, "0123456789"),
            rows(0xff10, "0123456789"),
        ]
        .concat();
        for (spelled, read) in [
            ("àáâãäåªāăąǎᴬᵃₐḁα", "a"),
            ("ƀᴮᵇℬḃ", "b"),
            ("çćĉċčℂℭⅽᶜ¢©", "c"),
            ("ďđḋⅾᴰᵈδð", "d"),
            ("èéêëēĕėęěℯℰᴱᵉₑε", "e"),
            ("ḟℱᶠφƒ", "f"),
            ("ĝğġģǧℊᴳᵍɡγ", "g"),
            ("ĥħℋℌℍℎʰһ", "h"),
            ("ìíîïĩīĭįıℐℑⅰⁱᵢ", "i"),
            ("ĵǰʲⱼ", "j"),
            ("ķǩKᴷᵏ", "k"),
            ("ĺļľłℒℓⅼˡ£", "l"),
            ("ℳⅿᵐₘḿ", "m"),
            ("ñńņňℕⁿₙṅ", "n"),
            ("òóôõöøōŏőơºℴᵒω°", "o"),
            ("ℙℚ℗ṗᴾᵖπ", "p"),
            ("ŕŗřℛℜℝʳᵣ®", "r"),
            ("śŝşšſẛˢₛσς", "s"),
            ("ţťŧᵗₜτθṫ", "t"),
            ("ùúûüũūŭůűųưᵘᵤ", "u"),
            ("ⅴᵛᵥṽ", "v"),
            ("ŵʷẁ", "w"),
            ("ⅹˣₓ×ẋ", "x"),
            ("ýÿŷʸỳ¥", "y"),
            ("źżžℤℨᶻẑ", "z"),
            ("ﬀ", "ff"),
            ("ﬁ", "fi"),
            ("ﬂ", "fl"),
            ("ﬃ", "ffi"),
            ("ﬅﬆ", "st"),
            ("ĳ", "ij"),
            ("ǆ", "dz"),
            ("ǉ", "lj"),
            ("ǌ", "nj"),
            ("ß", "ss"),
            ("æ", "ae"),
            ("œ", "oe"),
            ("þ", "th"),
            ("ⅷ", "viii"),
            ("ⅻ", "xii"),
            ("ⅱ", "ii"),
            ("№", "no"),
            ("™", "tm"),
            ("℡", "tel"),
            ("㎏", "kg"),
            ("㏂", "a.m."),
            ("ŉ", "n"),
            ("₨", "rs"),
            ("㍱", "hpa"),
            ("½", "1/2"),
            ("．․。﹒", "."),
            ("‥︰", ".."),
            ("…︙", "..."),
            ("／∕⁄⧸", "/"),
            ("＼∖﹨¥₩", "\\"),
            ("℀", "a/c"),
            ("℅", "c/o"),
            ("⒈", "1."),
            ("🄀", "0."),
            ("‐‑–—−", "-"),
            ("‗", "_"),
            ("\u{a0}\u{2003}\u{3000}", " "),
            ("\u{ad}\u{200b}\u{200d}\u{2060}\u{feff}\u{301}\u{308}\u{34f}\u{e0041}", ""),
        ] {
            alike.extend(spelled.chars().map(|it| (it, read.to_owned())));
        }
        alike
    }

    /// What some leave out. No code page that has a best fit for Greek is among them.
    fn left_out() -> Vec<(char, String)> {
        let greek = |it: &(char, String)| ('α'..='ω').contains(&it.0);
        let mut alike: Vec<_> = alike().into_iter().filter(|it| !greek(it)).collect();
        alike.extend("д字ひ한אλ・🎉".chars().map(|it| (it, String::new())));
        alike
    }

    /// Numbers that look drawn and are the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).unwrap() % end
        }
    }

    /// `read`, which a rule closes, written with some of its text in characters that read as it.
    fn disguised(read: &str, alike: &[(char, String)], dice: &mut Dice) -> String {
        let (mut rest, mut written) = (read, String::new());
        loop {
            let fitting: Vec<_> = alike
                .iter()
                .filter_map(|(spelled, text)| Some((spelled, rest.strip_prefix(&**text)?)))
                .collect();
            let mut plain = rest.chars();
            let Some(first) = plain.next() else { break };
            let (next, after) = if dice.below(3) == 0 && !fitting.is_empty() {
                let (spelled, after) = fitting[dice.below(fitting.len())];
                (*spelled, after)
            } else {
                (first, plain.as_str())
            };
            written.push(next);
            rest = after;
        }
        written
    }

    /// What an origin makes of a forwarded path that reads these characters as such.
    fn reading(path: &str, alike: &[(char, String)]) -> String {
        let read = |it: char| match alike.iter().find(|(spelled, _)| *spelled == it) {
            Some((_, text)) => text.clone(),
            None => it.to_string(),
        };
        let decoded: String = decoded(path).unwrap_or_default().chars().map(read).collect();
        let mut names = Vec::new();
        for name in decoded.to_lowercase().split(['/', '\\']) {
            match name {
                "" | "." => {}
                ".." => drop(names.pop()),
                name => names.push(name.to_owned()),
            }
        }
        format!("/{}", names.join("/"))
    }

    /// Whatever an origin makes of a path: where that is one that a rule closes, nobody without its role
    /// gets there, and from below a public path nobody at all.
    #[test]
    fn no_character_that_reads_as_ascii_leads_past_a_rule() {
        let rules =
            rules("/open/*", "/admin/* = admin; /invoice.php = admin; /files/2024/tax-no = admin");
        let (alphabets, mut dice) = ([alike(), left_out()], Dice(1));
        let closed = [
            "/admin",
            "/admin/x",
            "/admin/",
            "/x/../admin/y",
            "/x/..\\admin",
            "/./admin",
            "/open/../admin",
            "/open/..\\..\\admin",
            "/x/y/../../admin/../admin",
            "/invoice.php",
            "/invoice.php/x",
            "/files/2024/tax-no",
            "/files/x/../2024/tax-no/a",
            "/x/.././admin/y",
        ];
        let (mut led, mut refused) = (0, 0);
        for round in 0..8_000 {
            let alike = &alphabets[dice.below(2)];
            let path = forwarded(&disguised(closed[round % closed.len()], alike, &mut dice));
            let read = reading(&path, alike);
            if seen(&rules, &read) != Some((false, false)) {
                continue;
            }
            let seen = seen(&rules, &path);
            assert!(matches!(seen, None | Some((false, false))), "{path} as {read}: {seen:?}");
            led += 1;
            refused += usize::from(seen.is_none());
        }
        assert!(led > 6_000 && refused > 4_000, "{led}, {refused}");
    }

    #[test]
    fn names_of_most_languages_pass_where_no_rule_is_near() {
        let rules =
            rules("/open/*", "/admin/* = admin; /invoice.php = admin; /reports/2024 = admin");
        for path in [
            "/ångström",
            "/größe/maß",
            "/é/x",
            "/Ελλάδα/προϊόντα/αγορά",
            "/дела/Отчёт.pdf",
            "/東京/表.html",
            "/ひらがな/カタカナ・名",
            "/한국어",
            "/עברית/العربية",
            "/हिन्दी/ภาษาไทย",
            "/tags/🎉",
            "/files/Report – Q3 (final)…copy.pdf",
            "/files/re\u{301}sume\u{301}.pdf",
            "/files/naïve “quotes” № 7.pdf",
            "/reports/größe",
            "/reports/2025/größe",
            "/öffentlich/x",
            "/administração",
            "/wiki/admin/größe",
        ] {
            assert_eq!(seen(&rules, &forwarded(path)), Some((false, true)), "{path}");
        }
        for path in ["/ädmin", "/admin–x", "/wiki/admin/a–b", "/reports/２０２４", "/τεστ/х/ádmin/"]
        {
            let near = seen(&rules, &forwarded(path));
            assert!(near.is_none() || path.starts_with("/τ"), "{path}");
        }
        // Whoever may see it is refused as well: nobody can tell which path it is.
        assert!(rules.demands(&forwarded("/ädmin")).is_none());
        // What a rule closes to the letter is closed, whatever stands below.
        assert_eq!(seen(&rules, &forwarded("/admin/größe")), Some((false, false)));
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
