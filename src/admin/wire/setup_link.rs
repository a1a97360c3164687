//! The JSON that asks for a setup link, and the JSON that answers it.

use serde::{Deserialize, Serialize};

use crate::admin::wire::body;
use crate::admin::wire::body::JSON;
use crate::admin::wire::problem::Problem;
use crate::http::request::Request;
use crate::ledger::setup_links::SetupLink;
use crate::limits::OWN_FORM_OCTETS;
use crate::platform::body::Body;

/// Seconds that a setup link is valid: without `expires_in`, and at least and at most. The link is
/// a key to the account, and mail stays in mailboxes.
const LIFETIME: i64 = 3 * 24 * 60 * 60;
const LIFETIMES: std::ops::RangeInclusive<i64> = 60..=14 * 24 * 60 * 60;

/// Longest note, in characters.
const NOTE: usize = 200;

/// The body of the request. Each field is optional, and so is the body.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    /// 60.0 is an integer too (JSON Schema Validation §6.1.1).
    expires_in: Option<f64>,
    note: Option<String>,
}

/// A setup link to make.
pub(in crate::admin) struct NewSetupLink {
    /// Seconds that it is valid.
    pub(in crate::admin) lifetime: i64,
    pub(in crate::admin) note: Option<String>,
}

impl NewSetupLink {
    pub(in crate::admin) async fn read(
        request: &Request<'_>,
        body: impl Body,
    ) -> Result<Self, Problem> {
        let octets = body::read(body, OWN_FORM_OCTETS).await?;
        // An empty body needs no Content-Type.
        let wanted = if octets.is_empty() {
            Wanted::default()
        } else {
            body::require_type(request, &[JSON])?;
            body::typed(&octets)?
        };
        wanted.checked()
    }
}

impl Wanted {
    fn checked(self) -> Result<NewSetupLink, Problem> {
        let Self { expires_in, note } = self;
        let lifetime = expires_in.map_or(Some(LIFETIME), |it| it.to_string().parse().ok());
        let lifetime = lifetime.filter(|lifetime| LIFETIMES.contains(lifetime));
        let lifetime = lifetime.ok_or(Problem::ExpiresInInvalid)?;
        let is_note =
            |note: &String| note.chars().count() <= NOTE && !note.chars().any(char::is_control);
        if !note.as_ref().is_none_or(is_note) {
            return Err(Problem::NoteInvalid);
        }
        Ok(NewSetupLink { lifetime, note })
    }
}

/// A new setup link. Its URL is in this answer only.
#[derive(Serialize)]
pub(in crate::admin) struct CreatedSetupLink {
    #[serde(flatten)]
    pub(in crate::admin) link: SetupLink,
    pub(in crate::admin) url: String,
}
