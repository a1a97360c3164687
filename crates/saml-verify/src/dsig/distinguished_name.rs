//! Distinguished names in words.

use std::fmt::Write as _;

use x509_cert::name::Name;

use crate::encoding::shown;
use crate::limits::SHOWN_CHARACTERS;

/// `name` as people know it: the last attribute first, as RFC 4514 has it, the usual types by their
/// letters and the others by number; as far as it is shown. The text is only ever shown: names are
/// compared in DER. (The crate's own `Display` would bring the names of all object identifiers
/// there are into the Worker.)
pub(super) fn describe(name: &Name) -> String {
    let attributes: Vec<_> = name.iter().collect();
    let mut text = String::new();
    for attribute in attributes.into_iter().rev() {
        // Enough for `shown` to see that it is too long.
        if text.len() > 4 * SHOWN_CHARACTERS {
            break;
        }
        if !text.is_empty() {
            text.push(',');
        }
        let oid = attribute.oid.to_string();
        let kind = match oid.as_str() {
            "2.5.4.3" => "CN",
            "2.5.4.6" => "C",
            "2.5.4.7" => "L",
            "2.5.4.8" => "ST",
            "2.5.4.10" => "O",
            "2.5.4.11" => "OU",
            "1.2.840.113549.1.9.1" => "EMAILADDRESS",
            other => other,
        };
        let value = String::from_utf8_lossy(attribute.value.value());
        let value: String = value.chars().filter(|it| !it.is_control()).collect();
        // A String takes everything that is written to it.
        let _ = write!(text, "{kind}={value}");
    }
    shown(&text).into_owned()
}
