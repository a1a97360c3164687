//! `saml-response`: the whole of a login, and each setting of it changed.

use std::collections::{BTreeMap, BTreeSet};

use miniz_oxide::inflate::decompress_to_vec;
use saml_edge::inspect::Inspection;
use saml_verify::error::Refusal;
use saml_verify::internals::encoding::base64_decode;
use saml_verify::internals::{Document, Element, name};
use saml_verify::limits::MESSAGE_XML;
use serde_json::Value;

use crate::codes::{answers, code, weak};
use crate::finding::{Finding, LICENCE};
use crate::login::Login;
use crate::manifest::{Corpus, Entry, strings};

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    let octets = match entry.text("encoding") {
        "raw" => Ok(corpus.file(entry)),
        _ => base64_decode(&String::from_utf8_lossy(&corpus.file(entry))),
    };
    let posted = octets.clone().and_then(utf_8);
    if entry.text("encoding") != "base64+deflate" {
        return vec![judge(corpus, entry, posted)];
    }
    // A POST is never inflated (row H8), so this is no UTF-8. What would be inside is judged too.
    let as_posted = match code(&posted) {
        "not_utf8" if entry.is_valid() => {
            Finding::otherwise(BTreeSet::from(["deflate-in-post".to_owned()]), "not_utf8")
        }
        "not_utf8" => Finding::as_stated(BTreeSet::new()),
        other => Finding::wrong(format!("deflated, and {other}")),
    };
    let inflated = octets.map(|octets| decompress_to_vec(&octets).expect("deflate"));
    vec![as_posted, judge(corpus, entry, inflated.and_then(utf_8))]
}

fn utf_8(octets: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(octets).map_err(|_| Refusal::NotUtf8)
}

fn judge(corpus: &Corpus, entry: &Entry, xml: Result<String, Refusal>) -> Finding {
    let login = Login::new(corpus, entry, xml);
    let outcome = login.outcome();
    let forbidden = entry.list("must_not_accept_name_id");
    if outcome
        .as_ref()
        .is_ok_and(|it| it.name_id.as_deref().is_some_and(|name| forbidden.contains(&name)))
    {
        return Finding::wrong("gives the name that must never be given");
    }
    for variant in entry.value("variants").as_array().into_iter().flatten() {
        if let Err(wrong) = judge_variant(corpus, &login, entry, variant, outcome.is_ok()) {
            return Finding::wrong(format!("variant {}: {wrong}", variant["name"]));
        }
    }
    let features = features(entry, login.text());
    match (entry.text("expect"), outcome) {
        ("valid", Ok(accepted)) => judge_accepted(entry, login, &accepted, features),
        ("valid", Err(refusal)) if entry.text("level") == "signature" => {
            match (login.authentic(), refusal) {
                (Ok(()), _) => Finding::as_stated(features),
                (Err(refusal), _) => refused(corpus, entry, features, refusal),
            }
        }
        ("valid", Err(refusal)) => refused(corpus, entry, features, refusal),
        // No documents are read under keys that are not taken.
        ("invalid", Err(_)) if login.has_weak_keys() => Finding::too_weak(),
        ("invalid", outcome) => judge_invalid(corpus, entry, &features, outcome),
        _ => Finding::as_stated(BTreeSet::new()),
    }
}

/// Accepted, and rightly so: then with the very claims of the manifest, and under no other
/// certificate.
fn judge_accepted(
    entry: &Entry,
    login: Login<'_>,
    accepted: &Inspection,
    features: BTreeSet<String>,
) -> Finding {
    if !weak(entry, &entry.list("features")).is_empty() {
        return Finding::wrong("accepted in spite of its weak algorithms");
    }
    if let Some(difference) = differs(accepted, entry.value("expected")) {
        return Finding::wrong(difference);
    }
    match code(&login.with_another_certificate().outcome()) {
        "signature_invalid" => Finding::as_stated(features),
        other => Finding::wrong(format!("under another certificate: {other}")),
    }
}

fn refused(
    corpus: &Corpus,
    entry: &Entry,
    features: BTreeSet<String>,
    refusal: Refusal,
) -> Finding {
    let weak = weak(entry, &entry.list("features"));
    if weak.contains(&refusal.code()) {
        return Finding::too_weak();
    }
    // What is weak must be refused for that, or for what is listed.
    let is_listed = corpus.rules.explains("saml-response", &features, refusal.code());
    if !weak.is_empty() && !corpus.is_default {
        return Finding::too_weak();
    }
    if !weak.is_empty() && !is_listed {
        return Finding::wrong(format!("refused: {}, not one of {weak:?}", refusal.code()));
    }
    Finding::otherwise(features, refusal.code())
}

fn judge_invalid(
    corpus: &Corpus,
    entry: &Entry,
    features: &BTreeSet<String>,
    outcome: Result<Inspection, Refusal>,
) -> Finding {
    let Err(refusal) = outcome else { return Finding::wrong("accepted") };
    let is_other = weak(entry, &entry.list("features")).contains(&refusal.code())
        || corpus.rules.explains("saml-response", features, refusal.code());
    match explain(corpus, refusal.code(), &entry.list("failing_checks")) {
        Err(wrong) if !is_other => Finding::wrong(wrong),
        _ => Finding::as_stated(BTreeSet::new()),
    }
}

/// A changed setting must be refused; where the entry itself is accepted, it is the change that
/// must be refused.
fn judge_variant(
    corpus: &Corpus,
    login: &Login<'_>,
    entry: &Entry,
    variant: &Value,
    is_accepted: bool,
) -> Result<(), String> {
    match login.with(corpus, &entry.with(variant)).outcome() {
        Ok(_) => Err(String::from("accepted")),
        Err(_) if !is_accepted => Ok(()),
        Err(refusal) => explain(corpus, refusal.code(), &strings(&variant["failing_checks"])),
    }
}

/// Whether `code` answers one of `checks`. Of another folder's documents nobody has looked into
/// what comes first, so there every refusal does.
fn explain(corpus: &Corpus, code: &str, checks: &[&str]) -> Result<(), String> {
    if !corpus.is_default {
        return Ok(());
    }
    let answers: Option<Vec<_>> = checks.iter().map(|check| answers(check)).collect();
    // A check of another manifest, which is not in the table, may be answered by anything.
    let Some(answers) = answers.filter(|answers| !answers.is_empty()) else { return Ok(()) };
    if answers.iter().flatten().any(|known| *known == code) {
        return Ok(());
    }
    Err(format!("refused: {code}, for {checks:?}"))
}

/// What a rule may refer to.
fn features(entry: &Entry, xml: &str) -> BTreeSet<String> {
    let mut features = entry.set("features");
    // Judged apart, in `run`.
    features.remove("deflate-in-post");
    features.insert(format!("level-{}", entry.text("level")));
    if entry.get("request_id").is_some() {
        features.insert(String::from("request-outstanding"));
    }
    if !entry.list("strict_may_refuse").is_empty() {
        features.insert(LICENCE.to_owned());
    }
    let mut uris = ["xmldsig-more#rsa-sha1\"", "xmlenc#sha1\"", "xmlenc#sha384\""].iter();
    if uris.any(|uri| xml.contains(uri)) {
        features.insert(String::from("algorithm-without-uri"));
    }
    if Document::parse(xml, &MESSAGE_XML).is_ok_and(|it| is_signed_out_of_place(it.root())) {
        features.insert(String::from("signature-out-of-place"));
    }
    features
}

/// Whether the Signature of a Response stands anywhere but behind the Issuer and at the end.
fn is_signed_out_of_place(response: Element<'_>) -> bool {
    let place = |name| response.children().position(|it| it.is(name));
    let in_place = place(name::ISSUER).map_or(0, |issuer| issuer + 1);
    let last = response.children().count().saturating_sub(1);
    place(name::SIGNATURE).is_some_and(|it| it != in_place && it != last)
}

/// How an accepted response differs from what the manifest expects.
fn differs(accepted: &Inspection, expected: &Value) -> Option<String> {
    let text = |name| expected.get(name).and_then(Value::as_str);
    for (name, found) in [
        ("name_id", accepted.name_id.as_deref()),
        ("name_id_format", accepted.name_id_format.as_deref()),
        ("session_index", accepted.session_index.as_deref()),
    ] {
        if found != text(name) {
            return Some(format!("{name} is {found:?}, not {:?}", text(name)));
        }
    }
    let attributes = expected.get("attributes").and_then(Value::as_object).into_iter().flatten();
    let attributes: BTreeMap<&str, Vec<&str>> =
        attributes.map(|(name, values)| (name.as_str(), strings(values))).collect();
    let found: BTreeMap<&str, Vec<&str>> = accepted
        .attributes
        .iter()
        .map(|(name, values)| (name, values.iter().map(String::as_str).collect()))
        .collect();
    (found != attributes).then(|| format!("attributes are {found:?}, not {attributes:?}"))
}
