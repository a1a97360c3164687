//! The headers of a message.

use worker::js_sys::Array;
use worker::web_sys::Headers;

/// Every header of a message, read in one step. A step into JavaScript and back costs a microsecond or
/// two: a lookup of each header that matters would cost more than all that is decided by them.
pub(super) struct Head(String);

impl Head {
    pub(super) fn of(headers: &Headers) -> Self {
        // A pair joins with a comma, which no name can hold, and no value can hold a line feed (RFC
        // 9110 §5.1, §5.5).
        Self(Array::from(&headers.entries()).join("\n").into())
    }

    /// Names in lower case with their values; each Set-Cookie by itself.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.split('\n').filter_map(|line| line.split_once(','))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.lines().filter(move |(it, _)| *it == name).map(|(_, value)| value)
    }
}
