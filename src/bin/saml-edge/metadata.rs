//! `saml-edge metadata`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use saml_edge::dsig::Certificate;
use saml_edge::saml::{Binding, Endpoint, IdpMetadata};
use saml_edge::time::UnixTime;
use serde_json::{Value, json};

use crate::input::{Format, Unreadable, now, print_json, read_metadata, refuse};

/// Show what an IdP metadata document holds: entity id, endpoints, certificates, warnings. Exits 1
/// when it cannot serve as a trust anchor, 2 when the file cannot be read
#[derive(Args)]
pub(crate) struct Arguments {
    /// Default: text on a terminal, json elsewhere
    #[arg(long)]
    format: Option<Format>,
    /// The IdP's metadata; '-' is standard input
    #[arg(value_name = "IDP.xml")]
    metadata: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Unreadable> {
    let format = Format::or_default(arguments.format);
    let idp = match read_metadata(&arguments.metadata)? {
        Ok(idp) => idp,
        Err(refusal) => return Ok(refuse(refusal, format)),
    };
    match format {
        Format::Text => print_text(&idp, now()),
        Format::Json => print_json(&as_json(&idp, now())),
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(idp: &IdpMetadata, now: UnixTime) -> Value {
    let endpoints = |endpoints: &[Endpoint]| -> Value {
        let endpoint =
            |it: &Endpoint| json!({"binding": name(it.binding), "location": it.location.as_str()});
        endpoints.iter().map(endpoint).collect()
    };
    let certificate = |it: &Certificate| {
        json!({
            "subject": it.subject(),
            "sha256": hexadecimal(it.fingerprint()),
            "not_before": it.not_before().to_xml(),
            "not_after": it.not_after().to_xml(),
            "key": it.key().ok().map(ToString::to_string),
        })
    };
    json!({
        "entity_id": idp.entity_id(),
        "valid_until": idp.valid_until().and_then(UnixTime::to_xml),
        "want_authn_requests_signed": idp.want_authn_requests_signed(),
        "single_sign_on": endpoints(idp.single_sign_on_services()),
        "single_logout": endpoints(idp.single_logout_services()),
        "name_id_formats": idp.name_id_formats(),
        "certificates": idp.certificates().iter().map(certificate).collect::<Vec<_>>(),
        "warnings": idp.warnings(now).iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn print_text(idp: &IdpMetadata, now: UnixTime) {
    let date = |time: UnixTime| time.to_xml().unwrap_or_else(|| time.seconds().to_string());
    println!("entity id    {}", idp.entity_id());
    if let Some(until) = idp.valid_until() {
        println!("valid until  {}", date(until));
    }
    for it in idp.single_sign_on_services() {
        println!("sign-on      {} {}", name(it.binding), it.location);
    }
    for it in idp.single_logout_services() {
        println!("logout       {} {}", name(it.binding), it.location);
    }
    for it in idp.certificates() {
        println!("certificate  {}", it.subject());
        println!("             {} to {}", date(it.not_before()), date(it.not_after()));
        println!("             SHA-256 {}", hexadecimal(it.fingerprint()));
    }
    for warning in idp.warnings(now) {
        println!("warning      {warning}");
    }
}

const fn name(binding: Binding) -> &'static str {
    match binding {
        Binding::HttpRedirect => "HTTP-Redirect",
        Binding::HttpPost => "HTTP-POST",
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
