//! The characters that C14N 1.0 §2.3 replaces, and no others.

/// Appends the canonical form of a text node.
pub(super) fn push_text(out: &mut String, text: &str) {
    push_escaped(out, text, |octet| match octet {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends the canonical form of an attribute value, without its quotes.
pub(super) fn push_attribute_value(out: &mut String, value: &str) {
    push_escaped(out, value, |octet| match octet {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn push_escaped(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|octet| escape(octet).is_some()) {
        let Some((plain, special)) = rest.split_at_checked(at) else { break };
        out.push_str(plain);
        let mut characters = special.chars();
        // Every escaped character is ASCII, so one octet is one character.
        out.push_str(characters.next().and_then(|c| escape(u8::try_from(c).ok()?)).unwrap_or(""));
        rest = characters.as_str();
    }
    out.push_str(rest);
}
