//! `saml-edge metadata`

use std::path::PathBuf;

use clap::Args;
use saml_edge::encoding::{base64_decode, hex};
use saml_verify::decode_document;
use saml_verify::dsig::{Certificate, TrustedKey};
use saml_verify::error::Refusal;
use saml_verify::saml::{Binding, Endpoint, IdpMetadata};
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

use crate::input::{Answer, Format, Unreadable, complain, now, parse_metadata, read, refuse, text};

/// Show what an IdP metadata document holds: entity id, endpoints, certificates, warnings. Exits 1
/// when it cannot serve as a trust anchor, 2 when the file cannot be read
#[derive(Args)]
pub(crate) struct Arguments {
    /// The IdP's entity id, where the document describes several
    #[arg(long, value_name = "ID")]
    idp: Option<String>,
    /// Read only what this certificate's key has signed, as a federation signs its metadata
    #[arg(long, value_name = "CERTIFICATE.pem")]
    signed_by: Option<PathBuf>,
    /// Default: text on a terminal, json elsewhere
    #[arg(long)]
    format: Option<Format>,
    /// The IdP's metadata; '-' is standard input
    #[arg(value_name = "IDP.xml")]
    metadata: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let format = Format::or_default(arguments.format);
    let signer = arguments.signed_by.as_deref().map(read).transpose()?;
    let document = read(&arguments.metadata)?;
    let idp = parse(document, signer, arguments.idp.as_deref());
    Ok(match (idp, format) {
        (Err(refusal), format) => refuse(&refusal.into(), format),
        (Ok(idp), Format::Text) => Answer::yes(as_text(&idp, now())),
        (Ok(idp), Format::Json) => Answer::yes(vec![as_json(&idp, now()).to_string()]),
    })
}

/// The metadata in a document, signed by the key of `signer` where there is one. Where the document
/// describes several IdPs, lists them.
fn parse(
    document: Vec<u8>,
    signer: Option<Vec<u8>>,
    idp: Option<&str>,
) -> Result<IdpMetadata, Refusal> {
    let xml = decode_document(document)?;
    let parsed = match signer {
        Some(pem) => IdpMetadata::parse_signed(&xml, &[key(pem)?], idp),
        None => parse_metadata(&xml, idp),
    };
    if parsed.as_ref().is_err_and(|refusal| *refusal == Refusal::EntityAmbiguous) {
        for id in IdpMetadata::entity_ids(&xml)? {
            complain(&id);
        }
    }
    parsed
}

/// The key of a certificate in PEM.
fn key(pem: Vec<u8>) -> Result<TrustedKey, Refusal> {
    let pem = text(pem)?;
    let (_, body) = pem.split_once("-----BEGIN CERTIFICATE-----").unwrap_or_default();
    let (body, _) = body.split_once("-----END CERTIFICATE-----").unwrap_or_default();
    let der = base64_decode(body).ok_or(Refusal::Base64Malformed)?;
    Certificate::from_der(&der)?.key().cloned()
}

fn as_json(idp: &IdpMetadata, now: UnixTime) -> Value {
    let endpoints = |endpoints: &[Endpoint]| -> Value {
        let endpoint = |it: &Endpoint| {
            json!({
                "binding": name(it.binding),
                "location": it.location.as_str(),
                "response_location": it.response_location.as_ref().map(|it| it.as_str()),
            })
        };
        endpoints.iter().map(endpoint).collect()
    };
    let certificate = |it: &Certificate| {
        json!({
            "subject": it.subject(),
            "sha256": hex(it.fingerprint()),
            "not_before": it.not_before().to_xml(),
            "not_after": it.not_after().to_xml(),
            "key": it.key().ok().map(ToString::to_string),
        })
    };
    json!({
        "entity_id": idp.entity_id(),
        "valid_until": idp.valid_until().and_then(UnixTime::to_xml),
        "cache_duration": idp.cache_duration(),
        "want_authn_requests_signed": idp.want_authn_requests_signed(),
        "single_sign_on": endpoints(idp.single_sign_on_services()),
        "single_logout": endpoints(idp.single_logout_services()),
        "name_id_formats": idp.name_id_formats(),
        "signing_keys": idp.signing_keys().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "certificates": idp.certificates().iter().map(certificate).collect::<Vec<_>>(),
        "warnings": idp.warnings(now).iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn as_text(idp: &IdpMetadata, now: UnixTime) -> Vec<String> {
    let date = |time: UnixTime| time.to_xml().unwrap_or_else(|| time.seconds().to_string());
    let mut lines = vec![format!("entity id    {}", idp.entity_id())];
    if let Some(until) = idp.valid_until() {
        lines.push(format!("valid until  {}", date(until)));
    }
    if let Some(seconds) = idp.cache_duration() {
        lines.push(format!("fetch again  after {seconds} seconds"));
    }
    if idp.want_authn_requests_signed() {
        lines.push("requests     are wanted signed".to_owned());
    }
    for (kind, endpoints) in
        [("sign-on", idp.single_sign_on_services()), ("logout", idp.single_logout_services())]
    {
        let line = |it: &Endpoint| format!("{kind:<13}{} {}", name(it.binding), it.location);
        lines.extend(endpoints.iter().map(line));
    }
    lines.extend(idp.name_id_formats().iter().map(|format| format!("name id      {format}")));
    lines.extend(idp.signing_keys().iter().map(|key| format!("signing key  {key}")));
    for it in idp.certificates() {
        lines.push(format!("certificate  {}", it.subject()));
        lines.push(format!("             {} to {}", date(it.not_before()), date(it.not_after())));
        lines.push(format!("             SHA-256 {}", hex(it.fingerprint())));
    }
    lines.extend(idp.warnings(now).iter().map(|warning| format!("warning      {warning}")));
    lines
}

const fn name(binding: Binding) -> &'static str {
    match binding {
        Binding::HttpRedirect => "HTTP-Redirect",
        Binding::HttpPost => "HTTP-POST",
    }
}
