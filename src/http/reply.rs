//! What goes back to the browser, and what goes to the log.

use crate::config::parse::Config;
use crate::http::answer::Answer;

/// What goes back to the browser, and what goes to the log.
#[derive(Debug)]
pub struct Reply {
    /// Status, headers and body.
    pub answer: Answer,
    /// One line of JSON; never XML, NameID or attributes.
    pub log: Option<String>,
}

impl Reply {
    pub(crate) fn with_layout(self, config: &Config) -> Self {
        let answer = self.answer.with_layout(&config.brand);
        Self { answer: if config.site.is_secure() { answer.secured() } else { answer }, ..self }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self { answer, log: None }
    }
}
