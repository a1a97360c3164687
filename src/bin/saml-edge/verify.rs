//! `saml-edge verify`

use std::path::PathBuf;

use clap::Args;
use pollster::block_on;
use saml_edge::inspect::{CheckState, Inspection, Refused, examine, response_xml, steps};
use saml_verify::decode_document;
use saml_verify::dsig::Sha1;
use saml_verify::error::Refusal;
use saml_verify::saml::{Expected, Requests, Skew};
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

use crate::input::{
    Answer, Format, Unreadable, now, parse_metadata, read, read_keys, refuse, text,
};

/// Verify a SAML response as the Worker does. Exits 0 when it is accepted, 1 when it is refused, 2
/// when the input cannot be read
#[derive(Args)]
pub(crate) struct Arguments {
    /// The IdP's metadata
    #[arg(long, value_name = "IDP.xml")]
    metadata: PathBuf,
    /// The IdP's entity id, where its metadata describes several
    #[arg(long, value_name = "ID")]
    idp: Option<String>,
    /// The service's entity id, which must be the Audience
    #[arg(long, value_name = "ID")]
    entity_id: String,
    /// The service's Reply URL, which must be the Recipient
    #[arg(long, value_name = "URL")]
    acs_url: String,
    /// The AuthnRequest that must be answered; without it only unsolicited responses are accepted
    #[arg(long, value_name = "ID", conflicts_with = "any_request")]
    request_id: Option<String>,
    /// Accept an answer to any AuthnRequest, or to none
    #[arg(long)]
    any_request: bool,
    /// The time to judge at, instead of now
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    now: Option<UnixTime>,
    /// Tolerated clock difference in seconds, at most 300
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = parse_skew)]
    skew: Skew,
    /// A private key that assertions are encrypted to, in PEM; may be given several times
    #[arg(long, value_name = "KEY.pem")]
    sp_key: Vec<PathBuf>,
    /// Accept SHA-1 in signatures, as an account may until a day it names
    #[arg(long)]
    allow_sha1: bool,
    /// Accept a subject without a NameID, as an account with claims.email does
    #[arg(long)]
    allow_no_name_id: bool,
    /// Default: text on a terminal, json elsewhere
    #[arg(long)]
    format: Option<Format>,
    /// The response as XML or as base64; '-' is standard input
    response: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let format = Format::or_default(arguments.format);
    let metadata = read(&arguments.metadata)?;
    let response = read(&arguments.response)?;
    let private_keys = read_keys(&arguments.sp_key)?;
    let known: Vec<&str> = arguments.request_id.as_deref().into_iter().collect();
    let requests = match known.as_slice() {
        _ if arguments.any_request => Requests::Any,
        [] => Requests::OrUnsolicited(&[]),
        known => Requests::Only(known),
    };
    let inspect = || -> Result<Inspection, Refused> {
        let idp = parse_metadata(&decode_document(metadata)?, arguments.idp.as_deref())?;
        let expected = Expected {
            entity_id: &arguments.entity_id,
            acs_url: &arguments.acs_url,
            idp: &idp,
            requests,
            skew: arguments.skew,
            sha1: if arguments.allow_sha1 { Sha1::Allowed } else { Sha1::Refused },
            nameless: arguments.allow_no_name_id,
        };
        let message = response_xml(&text(response)?)?;
        let now = arguments.now.unwrap_or_else(now);
        block_on(examine(&message, &expected, &private_keys, now))
    };
    Ok(match (inspect(), format) {
        (Err(refused), Format::Text) => refuse(&refused, format).and(steps_text(refused.refusal)),
        (Err(refused), Format::Json) => refuse(&refused, format),
        (Ok(accepted), Format::Text) => Answer::yes(as_text(&accepted)),
        (Ok(accepted), Format::Json) => Answer::yes(vec![as_json(&accepted).to_string()]),
    })
}

fn as_json(accepted: &Inspection) -> Value {
    let mut value = json!({"outcome": "accepted"});
    if let (Value::Object(value), Ok(Value::Object(fields))) =
        (&mut value, serde_json::to_value(accepted))
    {
        value.extend(fields);
    }
    value
}

fn as_text(accepted: &Inspection) -> Vec<String> {
    let optional = |value: &Option<String>| value.clone().unwrap_or_else(|| String::from("–"));
    let mut lines = vec![
        "accepted".to_owned(),
        format!("name id        {}", optional(&accepted.name_id)),
        format!("format         {}", optional(&accepted.name_id_format)),
        format!("issuer         {}", accepted.issuer),
        format!("session index  {}", optional(&accepted.session_index)),
        format!("in response to {}", optional(&accepted.in_response_to)),
    ];
    let attributes = accepted.attributes.iter();
    lines.extend(attributes.map(|(name, values)| {
        let values = values.join(", ");
        format!("attribute      {name} = {values}")
    }));
    if accepted.uses_sha1 {
        lines.push("warning        signed with SHA-1, which must not be relied on".to_owned());
    }
    lines
}

/// What held before the rule that is broken, and what was not judged any more.
fn steps_text(refusal: Refusal) -> impl Iterator<Item = String> {
    steps(Some(refusal)).map(|(title, state)| {
        let state = match state {
            CheckState::Passed => "passed",
            CheckState::Failed => "failed",
            CheckState::Unknown => "not checked",
        };
        format!("{state:<11} {title}")
    })
}

fn parse_time(text: &str) -> Result<UnixTime, String> {
    UnixTime::parse(text)
        .map_err(|_| String::from("not a time in UTC such as 2026-11-24T10:00:00Z"))
}

fn parse_skew(text: &str) -> Result<Skew, String> {
    let skew = text.parse().ok().and_then(Skew::from_seconds);
    skew.ok_or_else(|| String::from("not a number of seconds from 0 to 300"))
}
