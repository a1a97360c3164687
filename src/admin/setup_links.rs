//! `/sso/api/v1/accounts/{account}/setup-links`: lets a customer's IT into its account's settings.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::account::journal;
use crate::admin::json::JSON;
use crate::admin::problem::Problem;
use crate::admin::{content, json};
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::{AddSetupLink, ListLinks, RevokeSetupLink, SetupLink};
use crate::limits::OWN_FORM_OCTETS;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::setup_link;

/// Seconds for which a link stands where nothing else is asked for, and the shortest and longest
/// time there is: a link is a key to the account, and mail stays in mailboxes.
const LIFETIME: i64 = 3 * 24 * 60 * 60;
const LIFETIMES: std::ops::RangeInclusive<i64> = 60..=14 * 24 * 60 * 60;

/// Longest note, in characters.
const NOTE: usize = 200;

/// What a link is made of. All of it may be absent, and so may the body.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wish {
    /// 60.0 is an integer too (JSON Schema Validation §6.1.1).
    expires_in: Option<f64>,
    note: Option<String>,
}

/// A new link. Its address is told this once.
#[derive(Serialize)]
struct Made {
    #[serde(flatten)]
    link: SetupLink,
    url: String,
}

#[derive(Serialize)]
struct Links {
    setup_links: Vec<SetupLink>,
}

pub(super) async fn setup_links(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let setup_links = cx.ledger.ask(account, &ListLinks { now: now.seconds() }).await?;
    Ok(Answer::json(200, &Links { setup_links }))
}

/// Makes a link. The account need not exist: setting it up is what the link is for.
pub(super) async fn make_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let Wish { expires_in, note } = Wish::read(request, body).await?;
    let lifetime = expires_in.map_or(Some(LIFETIME), |seconds| seconds.to_string().parse().ok());
    let lifetime = lifetime.filter(|lifetime| LIFETIMES.contains(lifetime));
    let lifetime = lifetime.ok_or(Problem::ExpiresInInvalid)?;
    let is_note =
        |note: &String| note.chars().count() <= NOTE && !note.chars().any(char::is_control);
    if !note.as_ref().is_none_or(is_note) {
        return Err(Problem::NoteInvalid);
    }
    // A link is over once the metadata goes that there is now.
    current::show_stored(cx, account, now).await?;
    let expires = now.plus(lifetime).seconds();
    let id = hex(&entropy.id);
    let link = SetupLink { id, note, created: now.seconds(), expires, opened: None };
    let url = setup_link::url(&link, account, cx.config);
    let reference = &hex(&entropy.reference);
    let noted = journal::noted_setup_link(
        cx,
        account,
        &link.id,
        "created",
        Actor::Operator,
        reference,
        now,
    );
    // The ledger counts, so that links made at once are no more than links made one by one.
    match cx.ledger.ask(account, &AddSetupLink::of(&link, noted)).await? {
        true => Ok(Answer::json(201, &Made { link, url })),
        false => Err(Problem::SetupLinkCount),
    }
}

pub(super) async fn revoke_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let noted =
        journal::noted_setup_link(cx, account, id, "revoked", Actor::Operator, reference, now);
    let (id, noted) = (id.to_owned(), Some(noted));
    match cx.ledger.ask(account, &RevokeSetupLink { id, noted, now: now.seconds() }).await? {
        true => Ok(Answer::no_content()),
        false => Err(Problem::SetupLinkUnknown),
    }
}

impl Wish {
    async fn read(request: &Request<'_>, body: impl Body) -> Result<Self, Problem> {
        let octets = content::read(body, OWN_FORM_OCTETS).await?;
        // Whoever asks for nothing need not say as what.
        if octets.is_empty() {
            return Ok(Self::default());
        }
        content::require_type(request, &[JSON])?;
        json::typed(&octets)
    }
}
