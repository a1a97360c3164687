//! The pages, one template each. Templates escape whatever they are given.

use askama::Template;

use crate::config::brand::Brand;
use crate::http::links;

/// What is inside of `main`, and what it is called.
pub(crate) trait Page: Template {
    fn title(&self) -> &str;
}

/// What all pages share, around one.
#[derive(Template)]
#[template(path = "base.html", config = ".askama.toml")]
pub(crate) struct Layout<'a> {
    pub(crate) brand: &'a Brand,
    pub(crate) title: &'a str,
    /// HTML: a page, rendered.
    pub(crate) content: &'a str,
}

/// One sentence.
#[derive(Template)]
#[template(path = "notice.html", config = ".askama.toml")]
pub(crate) struct NoticePage {
    pub(crate) title: &'static str,
}

impl Page for NoticePage {
    fn title(&self) -> &str {
        self.title
    }
}
