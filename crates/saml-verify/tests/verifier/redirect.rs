//! Signatures of the Redirect binding (row F9): queries signed by an independent signer, one thing
//! broken.

use std::collections::HashMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_verify::dsig::{Sha1, TrustedKey};
use saml_verify::error::Refusal;
use saml_verify::internals::{Carried, SignedQuery};
use saml_verify::limits::REDIRECT_OCTETS;

static VECTORS: LazyLock<toml::Table> = LazyLock::new(|| {
    include_str!("../../../../tests/vectors/redirect.toml").parse().expect("TOML")
});

fn text<'t>(table: &'t toml::Table, name: &str) -> &'t str {
    table[name].as_str().expect("a string")
}

/// RSA, then P-256.
fn keys() -> Vec<TrustedKey> {
    let keys = VECTORS["keys"].as_array().expect("a list").iter();
    let der = keys.map(|key| STANDARD.decode(key.as_str().expect("a string")).expect("base64"));
    der.map(|der| TrustedKey::from_spki_der(&der).expect("strong")).collect()
}

fn queries() -> HashMap<&'static str, &'static toml::Table> {
    let queries = VECTORS["query"].as_array().expect("a list").iter();
    queries.map(|it| it.as_table().expect("a table")).map(|it| (text(it, "name"), it)).collect()
}

fn query(name: &str) -> String {
    text(queries()[name], "text").to_owned()
}

fn code(query: &str) -> &'static str {
    let verified = SignedQuery::verify(query, &keys(), Sha1::Refused);
    verified.as_ref().map_or_else(|refusal| Refusal::code(*refusal), |_| "accepted")
}

#[test]
fn verifies_queries_as_they_were_sent() {
    let queries = queries();
    assert!(queries.len() > 10, "{} queries", queries.len());
    for (name, query) in queries {
        let verified = SignedQuery::verify(text(query, "text"), &keys(), Sha1::Allowed);
        let verified = verified.unwrap_or_else(|refusal| panic!("{name}: {}", refusal.code()));
        let message = text(&VECTORS, "message").to_owned();
        let carried = match name {
            "response" => Carried::Response(message),
            _ => Carried::Request(message),
        };
        assert_eq!(verified.carried(), &carried, "{name}");
        let relay_state = query.get("relay_state").and_then(|it| it.as_str());
        let relay_state = relay_state.filter(|it| !it.is_empty());
        assert_eq!(verified.relay_state(), relay_state, "{name}");
        assert_eq!(verified.uses_sha1(), name == "sha1");
    }
}

#[test]
fn refuses_what_could_be_read_in_two_ways() {
    let good = query("upper-relay-state");
    assert_eq!(code(&good), "accepted");
    for parameter in good.split('&') {
        let (name, _) = parameter.split_once('=').expect("a value");
        let (first, others) = name.split_at(1);
        let escaped = format!("%{:02x}{others}=x", first.as_bytes()[0]);
        for again in [parameter, &format!("{name}=x"), name, &escaped] {
            assert_eq!(code(&format!("{good}&{again}")), "parameter_repeated", "{again}");
            assert_eq!(code(&format!("{again}&{good}")), "parameter_repeated", "{again}");
        }
    }
    assert_eq!(code(&format!("{good}&SAMLResponse=x")), "message_ambiguous");
    assert_eq!(code(&format!("SAMLRequest=x&{}", query("response"))), "message_ambiguous");
    // Names are compared with their case.
    assert_eq!(code(&format!("{good}&samlrequest=x&relaystate=x")), "accepted");
}

#[test]
fn refuses_a_query_without_message_or_signature() {
    let good = query("upper");
    let without = |name: &str| {
        let kept: Vec<_> = good.split('&').filter(|it| !it.starts_with(name)).collect();
        kept.join("&")
    };
    assert_eq!(code(&without("SAMLRequest=")), "message_absent");
    // Half a signature is not the same as none, which an account may take.
    assert_eq!(code(&without("SigAlg=")), "signature_malformed");
    assert_eq!(code(&without("Signature=")), "signature_malformed");
    assert_eq!(code(&without("Sig")), "signature_missing");
    assert_eq!(code(""), "message_absent");
    assert_eq!(code(&format!("{}&Signature=%21", without("Signature="))), "signature_malformed");
    assert_eq!(code(&format!("{}&Signature=", without("Signature="))), "signature_invalid");
}

#[test]
fn refuses_any_change_of_what_is_signed() {
    let good = query("upper-relay-state");
    let other = query("upper");
    let (other_request, _) = other.split_once('&').expect("parameters");
    let (request, rest) = good.split_once('&').expect("parameters");
    assert_eq!(request, other_request);
    for changed in [
        // RelayState left out, changed, added, or handed to another message.
        good.replace("RelayState=", "Relaystate="),
        good.replace("RelayState=%2F", "RelayState=%2F%2F"),
        format!("{other}&RelayState=%2F"),
        format!("{other_request}x&{rest}"),
        // The same values in the other parameter.
        good.replace("SAMLRequest=", "SAMLResponse="),
        good.replace("SAMLRequest=", "%53AMLRequest="),
    ] {
        assert_eq!(code(&changed), "signature_invalid", "{changed}");
    }
}

/// Bindings §3.4.4.1: a RelayState without a value is no part of what is signed. What some sign
/// with it is among the vectors.
#[test]
fn an_empty_relay_state_may_be_signed_or_not() {
    let signed_without = query("upper");
    for empty in ["RelayState=", "RelayState", "%52elayState="] {
        let query = format!("{empty}&{signed_without}");
        assert_eq!(code(&query), "accepted", "{empty}");
        let verified = SignedQuery::verify(&query, &keys(), Sha1::Refused).expect("accepted");
        assert_eq!(verified.relay_state(), None, "{empty}");
    }
    // One with a value must have been signed, and what was signed with one cannot do without.
    assert_eq!(code(&format!("{signed_without}&RelayState=%20")), "signature_invalid");
    let state = "RelayState=%2Fmedia%3Ffolder%3Da%2Fb%26%C3%BC%3D1";
    let signed_with = query("upper-relay-state");
    assert!(signed_with.contains(state), "{signed_with}");
    assert_eq!(code(&signed_with.replace(state, "RelayState=")), "signature_invalid");
}

/// Bindings §3.4.4: there is one encoding, and one that is not known cannot be undone.
#[test]
fn takes_no_encoding_but_deflate() {
    let good = query("upper");
    let deflate = "urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE";
    assert_eq!(code(&format!("SAMLEncoding={deflate}&{good}")), "accepted");
    for other in ["SAMLEncoding=", "SAMLEncoding", "SAMLEncoding=urn%3Agzip", "%53AMLEncoding=x"] {
        assert_eq!(code(&format!("{good}&{other}")), "saml_encoding_unsupported", "{other}");
    }
    let twice = format!("SAMLEncoding={deflate}&SAMLEncoding={deflate}&{good}");
    assert_eq!(code(&twice), "parameter_repeated");
}

/// Another spelling of the same values is another text, which is not signed.
#[test]
fn refuses_an_escape_written_otherwise() {
    let (upper, lower) = (query("upper-relay-state"), query("lower-relay-state"));
    for (query, from, to) in [
        (&upper, "%2F", "%2f"),
        (&lower, "%2f", "%2F"),
        (&upper, "RelayState=%2Fmedia", "RelayState=/media"),
        (&lower, "a+b", "a%20b"),
        (&upper, "SigAlg=http", "SigAlg=%68ttp"),
    ] {
        assert_eq!(code(query), "accepted");
        assert!(query.contains(from), "{from}: {query}");
        let (signed, signature) = query.split_once("&Signature=").expect("a signature");
        let changed = format!("{}&Signature={signature}", signed.replace(from, to));
        assert_eq!(code(&changed), "signature_invalid", "{from}");
    }
    // The signature itself is not signed, so its spelling is free.
    let (signed, signature) = lower.split_once("&Signature=").expect("a signature");
    let signature = signature.replace("%2f", "%2F").replace("%2b", "%2B").replace("%3d", "%3D");
    assert_eq!(code(&format!("{signed}&Signature={signature}")), "accepted");
}

#[test]
fn refuses_other_algorithms_and_keys() {
    // Row D3: SHA-1 only where the account takes it.
    assert_eq!(code(&query("sha1")), "sha1_refused");
    let good = query("upper");
    let sig_alg = |uri: &str| good.replace("xmldsig-more%23rsa-sha256", uri);
    for uri in ["xmldsig-more%23hmac-sha256", "xmldsig-more%23rsa-md5", "xmldsig-more%23", ""] {
        assert_eq!(code(&sig_alg(uri)), "signature_method_unsupported", "{uri}");
    }
    for uri in ["xmldsig-more%23rsa-sha512", "xmldsig-more%23ecdsa-sha256"] {
        assert_eq!(code(&sig_alg(uri)), "signature_invalid", "{uri}");
    }
    let keys = keys();
    let (rsa, p256) = keys.split_at(1);
    for (name, own, other) in [("upper", rsa, p256), ("ecdsa", p256, rsa)] {
        let query = query(name);
        let verify = |keys: &[TrustedKey]| SignedQuery::verify(&query, keys, Sha1::Refused).err();
        assert_eq!(verify(own), None);
        assert_eq!(verify(other), Some(Refusal::SignatureInvalid));
        assert_eq!(verify(&[]), Some(Refusal::SignatureInvalid));
    }
}

#[test]
fn refuses_a_query_that_is_too_long() {
    let good = query("upper");
    let filled = |octets: usize| {
        let filler = "x".repeat(octets - good.len() - "&filler=".len());
        format!("{good}&filler={filler}")
    };
    assert_eq!(code(&filled(REDIRECT_OCTETS)), "accepted");
    assert_eq!(code(&filled(REDIRECT_OCTETS + 1)), "message_too_large");
}
