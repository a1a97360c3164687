//! No disguise leads past a rule, and plain names of most languages pass.

use crate::config::gate::paths::reading::decoded;
use crate::config::gate::paths::tests::alphabets::{alike, left_out};
use crate::config::gate::paths::tests::{Access, access, forwarded, rules};

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// The closed path `read`, with some of its text in characters that are read as that text.
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

/// The path that an origin sees which reads these characters as ASCII.
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

/// However an origin reads a path: if that is a path that a rule closes, no user without its role
/// gets there, and no user at all from below a public path.
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
        if access(&rules, &read) != Access::Forbidden {
            continue;
        }
        let seen = access(&rules, &path);
        assert!(
            matches!(seen, Access::Ambiguous | Access::Forbidden),
            "{path} as {read}: {seen:?}"
        );
        led += 1;
        refused += usize::from(seen == Access::Ambiguous);
    }
    assert!(led > 6_000 && refused > 4_000, "{led}, {refused}");
}

#[test]
fn names_of_most_languages_pass_where_no_rule_is_near() {
    let rules = rules("/open/*", "/admin/* = admin; /invoice.php = admin; /reports/2024 = admin");
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
        assert_eq!(access(&rules, &forwarded(path)), Access::SignedIn, "{path}");
    }
    for path in ["/ädmin", "/admin–x", "/wiki/admin/a–b", "/reports/２０２４", "/τεστ/х/ádmin/"]
    {
        let near = access(&rules, &forwarded(path));
        assert!(near == Access::Ambiguous || path.starts_with("/τ"), "{path}");
    }
    // A user with the role is refused as well: which path it is cannot be told.
    assert!(rules.demands(&forwarded("/ädmin")).is_none());
    // A path that a rule closes to the letter is closed, whatever is below it.
    assert_eq!(access(&rules, &forwarded("/admin/größe")), Access::Forbidden);
}
