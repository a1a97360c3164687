//! The canonical form of a path that every origin reads in the same way.

/// The path decoded, in lower case, without a slash at its end. `None` where origins could read it
/// in several ways.
pub(super) fn canonical(path: &str) -> Option<String> {
    let mut canonical = decoded(path)?.to_lowercase();
    if canonical.ends_with('/') {
        canonical.pop();
    }
    // The URL parser has removed all dot segments but those that were disguised. Windows drops dots
    // and spaces at the end of a name, where a stream may follow.
    let is_cut = |name: &str| name.split(':').any(|it| it.ends_with(['.', ' ']));
    let several = canonical.split('/').skip(1).any(|name| name.is_empty() || is_cut(name));
    (!several).then_some(canonical)
}

/// The path decoded once, where decoding it twice would give the same.
pub(super) fn decoded(path: &str) -> Option<String> {
    let mut octets = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(octet) = octets.next() {
        decoded.push(match octet {
            b'%' => escaped(octets.next()?, octets.next()?)?,
            // Windows reads `\` as `/`; servlets cut parameters off.
            b'\\' | b';' => return None,
            _ => octet,
        });
    }
    // Overlong forms hide octets, so what is not UTF-8 has no reading.
    String::from_utf8(decoded).ok()
}

/// The octet that two hexadecimal digits stand for; `None` where it divides a path or an address.
fn escaped(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16);
    let octet = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    let delimits = octet.is_ascii_control() || b"#%/;?\\".contains(&octet);
    (!delimits).then_some(octet)
}
