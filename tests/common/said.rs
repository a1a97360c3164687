//! What an accepted Response says, in a form that can be compared.

use std::ops::Deref;

use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Contents, Expected, accept};
use saml_verify::time::UnixTime;

/// The contents of an accepted Response, with what stands around its assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub contents: Contents,
    pub in_response_to: Option<String>,
    pub uses_sha1: bool,
}

/// Accepts a Response and keeps what it says.
pub fn inspect(xml: &str, expected: &Expected<'_>, now: UnixTime) -> Result<Said, Refusal> {
    accept(xml, expected, now).map(|accepted| Said::of(&accepted))
}

impl Said {
    pub fn of(accepted: &Accepted) -> Self {
        Self {
            contents: accepted.unclaimed().clone(),
            in_response_to: accepted.in_response_to().map(str::to_owned),
            uses_sha1: accepted.uses_sha1(),
        }
    }

    /// The NameID.
    pub fn name(&self) -> Option<&str> {
        self.name_id.as_ref().map(|it| it.value.as_str())
    }

    /// The Format of the NameID.
    pub fn name_format(&self) -> Option<&str> {
        self.name_id.as_ref()?.format.as_deref()
    }
}

impl Deref for Said {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.contents
    }
}
