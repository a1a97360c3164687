//! The headers of a message.

/// Every header of a message.
pub(in crate::worker) struct Head {
    text: String,
    lines: Vec<Line>,
}

struct Line {
    begins: usize,
    comma: usize,
    ends: usize,
}

impl Head {
    /// Takes the lines in which [`super::message`] writes them.
    pub(in crate::worker) fn of(text: String) -> Self {
        let mut lines = Vec::with_capacity(24);
        let mut begins = 0;
        for ends in memchr::memchr_iter(b'\n', text.as_bytes()) {
            let comma = text.get(begins..ends).and_then(|line| line.find(','));
            lines.extend(comma.map(|at| Line { begins, comma: begins + at, ends }));
            begins = ends + 1;
        }
        Self { text, lines }
    }

    /// Names in lower case with their values; each Set-Cookie by itself.
    pub(in crate::worker) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|&Line { begins, comma, ends }| {
            Some((self.text.get(begins..comma)?, self.text.get(comma + 1..ends)?))
        })
    }

    pub(in crate::worker) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(in crate::worker) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.lines().filter(move |(it, _)| *it == name).map(|(_, value)| value)
    }
}
