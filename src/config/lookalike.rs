//! Names that an origin may read as others: by characters outside ASCII that it reads as ASCII, and the
//! short names of Windows (row H4).
//!
//! `/admın` is `/admin` to what ignores case in the Unicode way; NFKC makes `admin` of `ａｄｍｉｎ`; a code
//! page takes `ª` for `a` and `∕` for `/`, as Windows does; some leave out what they do not know. Which
//! of these an origin does, nobody here can tell. Tables of all of them would be larger than the rest of
//! the gate, and never complete. So there are three kinds of characters, and a path that could be read as
//! one that a rule closes is refused, whoever asks. Three ranges are enough to let the names of most
//! languages pass.

/// How long the names are that are looked at, all together: a look takes as long as they are. Few paths
/// are longer, least of all such as people read.
const OCTETS: usize = 2048;

/// How many symbols in a name are looked at. Few names have more, and each makes the look longer.
const SYMBOLS: usize = 8;

/// Whether a path of these names, in lower case, could be read as one at or below the path of the names
/// `wanted`, which are ASCII.
pub(crate) fn could_be_below(names: &[&str], wanted: &[&str]) -> bool {
    let Some(first) = wanted.first() else { return true };
    let is_divided = || names.iter().any(|name| name.contains(is_symbol));
    names.iter().map(|name| name.len()).sum::<usize>() > OCTETS
        || names.iter().any(|name| left(name) == "..")
        || could_be_at_once(names, wanted)
        || (is_divided() && names.iter().any(|name| could_hold(name, first)))
}

/// Whether the names could be read as `wanted` one by one, where those with nothing left but a dot may
/// be read as none.
fn could_be_at_once(names: &[&str], wanted: &[&str]) -> bool {
    // How many of `wanted` the names so far could have been.
    let mut reached = vec![0];
    for name in names {
        let mut next = Vec::new();
        for count in reached {
            let Some(wanted) = wanted.get(count) else { return true };
            if could_be(name, wanted) {
                next.push(count + 1);
            }
            if matches!(left(name).as_str(), "" | ".") {
                next.push(count);
            }
        }
        next.sort_unstable();
        next.dedup();
        reached = next;
    }
    reached.contains(&wanted.len())
}

/// What is left of a name where everything outside ASCII is left out.
fn left(name: &str) -> String {
    name.chars().filter(char::is_ascii).collect()
}

/// Whether `wanted` could stand in a name, between two places at which symbols may divide it.
fn could_hold(name: &str, wanted: &str) -> bool {
    let symbols: Vec<_> = name.match_indices(is_symbol).collect();
    if symbols.len() > SYMBOLS {
        return true;
    }
    let begins = || [0].into_iter().chain(symbols.iter().map(|(at, it)| at + it.len()));
    let ends = || symbols.iter().map(|(at, _)| *at).chain([name.len()]);
    begins().any(|begin| {
        let mut parts = ends().filter_map(|end| name.get(begin..end));
        parts.any(|part| could_be(part, wanted))
    })
}

/// Whether a name could be read as `wanted`: what is foreign is left out, and what looks alike is any
/// text of up to four characters, as `Ⅷ` is `viii`.
fn could_be(name: &str, wanted: &str) -> bool {
    if could_be_short(name, wanted) {
        return true;
    }
    // No code page that takes α for a has a λ: beside one, it is Greek.
    let is_foreign_all = name.contains(is_foreign);
    // The bit of each place in `wanted` that what was read so far could end at.
    let (mut reached, end) = (1_u64, wanted.len());
    if end >= 60 {
        return true;
    }
    for character in name.chars() {
        // What stands behind may be cut off, as it is behind `;` and, on Windows, behind `:`.
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

/// Whether a name could be the short one of `wanted` on Windows, as `ADMINI~1` of `administrators` and
/// `GIT~1` of `.git`. Which number a name gets depends on those beside it, and all but the first letters
/// may be a digest.
fn could_be_short(name: &str, wanted: &str) -> bool {
    let Some((stem, rest)) = name.split_once('~') else { return false };
    let number = rest.split(['.', ':']).next().unwrap_or_default();
    let first = |text: &str| text.chars().find(|it| !matches!(it, '.' | ' '));
    stem.chars().count() <= 6
        && (1..=6).contains(&number.len())
        && number.bytes().all(|it| it.is_ascii_digit())
        && first(stem).is_none_or(|it| !it.is_ascii() || Some(it) == first(wanted))
}

/// Of scripts and pictures that nothing reads as ASCII, by case, by compatibility (NFKC, NFKD) or by the
/// best fit of a code page; at most it is left out. Digits are not among them, since programs count with
/// those of every script.
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

/// Of the letters of Greek, in lower case, those that have a best fit or become one that does.
fn is_greek_alike(character: char) -> bool {
    "αάγδεέθπσςτφωώ".contains(character)
}

/// What could be `/` or `.`, as no letter and no accent could.
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
            assert_eq!(could_be(name, wanted), could, "{name} as {wanted}");
        }
    }

    #[test]
    fn what_is_too_long_to_be_looked_at_could_be_anything() {
        let long = "x".repeat(59);
        assert!(could_be(&long, &long) && !could_be("é", &long));
        assert!(could_be("é", &"x".repeat(60)));
        let near = |octets: usize| could_be_below(&["é", &"x".repeat(octets)], &["admin"]);
        assert!(!near(OCTETS - 3) && !near(OCTETS - 2) && near(OCTETS - 1));
        let divided = |symbols| vec!["a"; symbols + 1].join("–");
        assert!(!could_hold(&divided(SYMBOLS - 1), "admin"));
        assert!(!could_hold(&divided(SYMBOLS), "admin"));
        assert!(could_hold(&divided(SYMBOLS + 1), "admin"));
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
