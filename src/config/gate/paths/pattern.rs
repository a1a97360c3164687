//! One entry of `PUBLIC_PATHS` or `PATH_ROLES`, and the paths that it matches.

use url::Url;

use crate::config::gate::paths::lookalike::could_be_below;
use crate::config::gate::paths::reading::canonical;
use crate::model::paths::is_own;

/// One path, or with `/*` at its end everything below one.
#[derive(Debug)]
pub(super) struct Pattern {
    path: String,
    is_prefix: bool,
    /// The path in its canonical form.
    canonical: String,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (path, is_prefix) = match text.strip_suffix('*') {
            Some(path) => (path, true),
            None => (text, false),
        };
        // A pattern in a spelling that browsers do not send would never match.
        let url = Url::parse(&format!("https://origin.invalid{path}")).ok()?;
        let usable = path.starts_with('/')
            && url.path() == path
            && url.as_str().ends_with(path)
            && !path.contains(['%', '*', ','])
            && (!is_prefix || path.ends_with('/'))
            && !is_own(path);
        let canonical = canonical(path).filter(|_| usable)?;
        Some(Self { path: path.to_owned(), is_prefix, canonical })
    }

    /// Whether it opens `path`, letter by letter.
    pub(super) fn opens(&self, path: &str) -> bool {
        if self.is_prefix { path.starts_with(&self.path) } else { path == self.path }
    }

    /// Whether it is at or above a canonical path, with `/*` or without.
    pub(super) fn closes(&self, canonical: &str) -> bool {
        let mut names = canonical.split('/');
        let mut wanted = self.canonical.split('/');
        wanted.all(|wanted| names.next().is_some_and(|it| is_read_as(it, wanted)))
    }

    /// Whether an origin could read a canonical path as one that the pattern closes.
    pub(super) fn could_close(&self, canonical: &str) -> bool {
        let names = |path| str::split(path, '/').skip(1).collect::<Vec<_>>();
        could_be_below(&names(canonical), &names(&self.canonical))
    }
}

/// Whether a name is `wanted`, or on Windows a stream of it: `admin::$DATA` is of `admin`.
fn is_read_as(name: &str, wanted: &str) -> bool {
    let rest = name.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}
