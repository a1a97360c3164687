//! Names that an origin may read as others: by characters outside ASCII that it reads as ASCII, and
//! as short names of Windows (row H4).
//!
//! `/admın` is `/admin` to an origin that ignores case by Unicode's rules; NFKC makes `admin` of
//! `ａｄｍｉｎ`; a code page reads `ª` as `a` and `∕` as `/`, as Windows does; some leave out what
//! they do not know. The gate cannot know which of these its origin does. Tables of all of them
//! would be larger than the rest of the gate, and never complete. So there are three kinds of
//! characters, and a path that could be read as one that a rule closes is refused to every user.
//! Three ranges are enough to let the names of most languages pass.

/// Most octets in all names of a path that are examined, since the time grows with them. Few paths
/// are longer, and least of all those that people read.
const OCTETS: usize = 2048;

/// Most symbols in a name that are examined, since the time grows with each. Few names have more.
const SYMBOLS: usize = 8;

/// Whether a path of these names, in lower case, could be read as one at or below the path of the
/// names `wanted`, which are ASCII.
pub(super) fn could_be_below(names: &[&str], wanted: &[&str]) -> bool {
    let Some(first) = wanted.first() else { return true };
    let is_divided = || names.iter().any(|name| name.contains(is_symbol));
    names.iter().map(|name| name.len()).sum::<usize>() > OCTETS
        || names.iter().any(|name| ascii_part(name) == "..")
        || could_match_in_order(names, wanted)
        || (is_divided() && names.iter().any(|name| could_contain(name, first)))
}

/// Whether the names could be read as `wanted` one by one. Names with at most a dot of ASCII may be
/// read as none.
fn could_match_in_order(names: &[&str], wanted: &[&str]) -> bool {
    // How many of `wanted` the names so far could have been.
    let mut reached = vec![0];
    for name in names {
        let mut next = Vec::new();
        for count in reached {
            let Some(wanted) = wanted.get(count) else { return true };
            if could_match(name, wanted) {
                next.push(count + 1);
            }
            if matches!(ascii_part(name).as_str(), "" | ".") {
                next.push(count);
            }
        }
        next.sort_unstable();
        next.dedup();
        reached = next;
    }
    reached.contains(&wanted.len())
}

/// The ASCII characters of a name.
fn ascii_part(name: &str) -> String {
    name.chars().filter(char::is_ascii).collect()
}

/// Whether a part of a name could be `wanted`, where each symbol may divide the name.
fn could_contain(name: &str, wanted: &str) -> bool {
    let symbols: Vec<_> = name.match_indices(is_symbol).collect();
    if symbols.len() > SYMBOLS {
        return true;
    }
    let begins = || [0].into_iter().chain(symbols.iter().map(|(at, it)| at + it.len()));
    let ends = || symbols.iter().map(|(at, _)| *at).chain([name.len()]);
    begins().any(|begin| {
        let mut parts = ends().filter_map(|end| name.get(begin..end));
        parts.any(|part| could_match(part, wanted))
    })
}

/// Whether a name could be read as `wanted`. Foreign characters are left out. Any other character
/// outside ASCII stands for any text of up to four characters, as `Ⅷ` for `viii`.
fn could_match(name: &str, wanted: &str) -> bool {
    if could_be_short_name(name, wanted) {
        return true;
    }
    // No code page that reads α as a has a λ: beside one, α is Greek.
    let is_foreign_all = name.contains(is_foreign);
    // One bit for each place in `wanted` that the characters so far could have reached.
    let (mut reached, end) = (1_u64, wanted.len());
    if end >= 60 {
        return true;
    }
    for character in name.chars() {
        // The rest may be cut off, as it is after `;`, and after `:` on Windows.
        if (character == ':' || is_symbol(character)) && reached & (1 << end) != 0 {
            return true;
        }
        reached = match character {
            _ if character.is_ascii() => {
                let places = wanted.chars().enumerate().filter(|(_, it)| *it == character);
                places.fold(0, |all, (place, _)| all | (reached & (1 << place)) << 1)
            }
            _ if is_foreign(character) || (is_foreign_all && is_greek_alike(character)) => reached,
            _ => (0..=4).fold(0, |all, count| all | reached << count) & ((2 << end) - 1),
        };
        if reached == 0 {
            return false;
        }
    }
    reached & (1 << end) != 0
}

/// Whether a name could be the short name of `wanted` on Windows, as `ADMINI~1` of `administrators`
/// and `GIT~1` of `.git`. The number depends on other names in the folder, and all but the first
/// letters may be a digest.
fn could_be_short_name(name: &str, wanted: &str) -> bool {
    let Some((stem, rest)) = name.split_once('~') else { return false };
    let number = rest.split(['.', ':']).next().unwrap_or_default();
    let first = |text: &str| text.chars().find(|it| !matches!(it, '.' | ' '));
    stem.chars().count() <= 6
        && (1..=6).contains(&number.len())
        && number.bytes().all(|it| it.is_ascii_digit())
        && first(stem).is_none_or(|it| !it.is_ascii() || Some(it) == first(wanted))
}

/// Whether a character is of a script, or a picture, that no program reads as ASCII: by case, by
/// compatibility (NFKC, NFKD) or by the best fit of a code page. At most it is left out. Digits are
/// excluded, since programs read those of every script as numbers.
fn is_foreign(character: char) -> bool {
    let is_far = match character {
        // Greek.
        '\u{388}'..='\u{3ce}' => !is_greek_alike(character),
        // From Cyrillic on to the scripts of Asia and Africa, but for three that have a best fit.
        '\u{400}'..='\u{1cff}' => !matches!(character, '\u{4bb}' | '\u{589}' | '\u{66a}'),
        // Kana, Bopomofo, Hangul, Han; pictures.
        '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{1f300}'..='\u{1faff}' => true,
        _ => false,
    };
    is_far && !character.is_numeric()
}

/// Whether this is a Greek letter, in lower case, that has a best fit or becomes one that has.
fn is_greek_alike(character: char) -> bool {
    "αάγδεέθπσςτφωώ".contains(character)
}

/// Whether a character could be read as `/` or `.`. Letters and accents could not.
fn is_symbol(character: char) -> bool {
    let is_accent = ('\u{300}'..='\u{36f}').contains(&character);
    !(character.is_ascii() || is_foreign(character) || is_accent || character.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_read_as_four_at_most() {
        for (name, wanted, could) in [
            ("Ⅷ", "", true),
            ("Ⅷ", "viii", true),
            ("Ⅷ", "viiii", false),
            ("xⅧ", "xviii", true),
            ("ⅧⅧ", "viiiviii", true),
            ("ⅧⅧ", "viiiviiii", false),
        ] {
            assert_eq!(could_match(name, wanted), could, "{name} as {wanted}");
        }
    }

    #[test]
    fn what_is_too_long_to_be_looked_at_could_be_anything() {
        let long = "x".repeat(59);
        assert!(could_match(&long, &long) && !could_match("é", &long));
        assert!(could_match("é", &"x".repeat(60)));
        let near = |octets: usize| could_be_below(&["é", &"x".repeat(octets)], &["admin"]);
        assert!(!near(OCTETS - 3) && !near(OCTETS - 2) && near(OCTETS - 1));
        let divided = |symbols| vec!["a"; symbols + 1].join("–");
        assert!(!could_contain(&divided(SYMBOLS - 1), "admin"));
        assert!(!could_contain(&divided(SYMBOLS), "admin"));
        assert!(could_contain(&divided(SYMBOLS + 1), "admin"));
    }

    #[test]
    fn a_letter_divides_no_name_and_a_symbol_may() {
        assert!(could_be_below(&["x–admin"], &["admin"]));
        assert!(!could_be_below(&["xéadmin"], &["admin"]));
        assert!(could_be_below(&["x", "a–b", "admin"], &["admin"]));
        assert!(!could_be_below(&["x", "é", "admin"], &["admin"]));
        assert!(could_be_below(&["é", "admin"], &["admin"]), "left out, it leaves nothing");
        assert!(could_be_below(&["..é"], &["admin"]), "left out, it leads up");
    }
}
