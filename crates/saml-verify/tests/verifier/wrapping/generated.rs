//! Signature wrapping by machine (rows A1–A5, B5, C6): a signed element and a forged copy of it,
//! one in its place and the other at every tag of the message and in every element that could hold
//! it; the signatures in either, in both, beside them, further out or gone. Then every element of a
//! forged message at every tag of the original. Nothing that was not signed may come out.

use std::collections::{BTreeMap, BTreeSet};

use super::message::{Parts, Placed, Style, elements, places, wrapped};
use crate::common::said::{Said, inspect};
use crate::common::{NOW, Scenario, Signed, code, expected};

/// Counts outcomes, and fails on one that should not be.
struct Judge {
    truth: Said,
    outcomes: BTreeMap<&'static str, usize>,
}

impl Judge {
    /// Judges `host` with `moved` in every place.
    fn judge_all(&mut self, style: Style, host: &str, moved: &str) {
        wrapped(style, host, moved).iter().for_each(|message| self.judge(message));
    }

    fn judge(&mut self, message: &str) {
        let outcome = inspect(message, &expected(), NOW);
        *self.outcomes.entry(code(&outcome)).or_default() += 1;
        assert!(outcome.is_err() || outcome.as_ref() == Ok(&self.truth), "{message}");
    }
}

/// A message that is accepted, and the Signatures in it; empty for those it has not.
struct Login {
    style: Style,
    parts: Parts,
    assertion_signature: String,
    /// The Response with its Assertion, but for its own Signature.
    response: String,
    response_signature: String,
}

impl Login {
    fn new(style: Style, signed: Signed) -> Self {
        let sign = |is_signed, element: &str, id| {
            if is_signed { Scenario::valid().signature_over(element, id) } else { String::new() }
        };
        let parts = Parts::new(style);
        let is_signed = signed != Signed::Response;
        let assertion_signature = sign(is_signed, &parts.assertion, "_assertion");
        let assertion = style.signed(&parts.assertion, &assertion_signature);
        let response = parts.response.replace("{}", &assertion);
        let response_signature = sign(signed != Signed::Assertion, &response, "_response");
        let message = style.signed(&response, &response_signature);
        assert_eq!(code(&inspect(&message, &expected(), NOW)), "accepted", "untouched");
        Self { style, parts, assertion_signature, response, response_signature }
    }

    /// The Assertion is wrapped, in a Response that keeps its own Signature or loses it.
    fn wrap_assertion(&self, forged: &Parts, judge: &mut Judge) {
        let signature = match self.assertion_signature.as_str() {
            "" => &self.response_signature,
            signature => signature,
        };
        for Placed { original, forged: on_forged, beside, around } in places(signature) {
            let original = self.style.signed(&self.parts.assertion, original);
            let forgery = self.style.signed(&forged.assertion, on_forged);
            for kept in BTreeSet::from(["", &self.response_signature]) {
                let frame = self.style.signed(&self.parts.response, &[around, kept].concat());
                for (host, moved) in [(&forgery, &original), (&original, &forgery)] {
                    let host = frame.replace("{}", host);
                    judge.judge_all(self.style, &host, &[beside, moved].concat());
                }
            }
        }
    }

    /// The Response is wrapped; what is around the moved one is the other's Assertion.
    fn wrap_response(&self, forged: &Parts, judge: &mut Judge) {
        let signature = match self.response_signature.as_str() {
            "" => &self.assertion_signature,
            signature => signature,
        };
        for Placed { original, forged: on_forged, beside, around } in places(signature) {
            let original = self.style.signed(&self.response, original);
            let assertion = self.style.signed(&forged.assertion, around);
            let forgery = forged.response.replace("{}", &assertion);
            let forgery = self.style.signed(&forgery, on_forged);
            for (host, moved) in [(&forgery, &original), (&original, &forgery)] {
                judge.judge_all(self.style, host, &[beside, moved].concat());
            }
        }
    }
}

fn wrap(style: Style, signed: Signed, judge: &mut Judge) {
    let login = Login::new(style, signed);
    for forged in login.parts.forgeries() {
        login.wrap_assertion(&forged, judge);
        login.wrap_response(&forged, judge);
    }
}

/// Each element of a forged message at each tag of the original.
fn insert_elements(signed: Signed, judge: &mut Judge) {
    let message = Scenario::valid().signed(signed).xml();
    let parts = Parts::new(Style::Prefixed).forged(Some("_forged"));
    let forged = parts.response.replace("{}", &parts.assertion);
    let elements: BTreeSet<&str> = elements(&forged).into_iter().collect();
    for element in elements {
        let declared =
            element.replacen('>', " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">", 1);
        let element = if element.contains("xmlns:saml=") { element } else { &declared };
        judge.judge_all(Style::Prefixed, &message, element);
    }
}

fn run(attack: impl Fn(Signed, &mut Judge), least: usize) {
    let truth = Scenario::valid().outcome().expect("accepted");
    let mut judge = Judge { truth, outcomes: BTreeMap::new() };
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        attack(signed, &mut judge);
    }
    let messages: usize = judge.outcomes.values().sum();
    println!("{messages} messages: {:?}", judge.outcomes);
    assert!(messages > least, "only {messages} messages");
}

#[test]
fn nothing_unsigned_comes_out_where_names_have_prefixes() {
    run(|signed, judge| wrap(Style::Prefixed, signed, judge), 20_000);
}

#[test]
fn nothing_unsigned_comes_out_where_names_have_none() {
    run(|signed, judge| wrap(Style::DefaultNamespace, signed, judge), 20_000);
}

#[test]
fn nothing_unsigned_comes_out_where_a_prefix_is_bound_anew() {
    run(|signed, judge| wrap(Style::Redeclared, signed, judge), 20_000);
}

/// Else nothing would be proved: the forged assertion lacks a signature and nothing more.
#[test]
fn the_forged_assertion_would_be_believed() {
    let forged = Parts::new(Style::Prefixed).forged(Some("_forged"));
    let signature = Scenario::valid().signature_over(&forged.assertion, "_forgedassertion");
    let assertion = Style::Prefixed.signed(&forged.assertion, &signature);
    let outcome = inspect(&forged.response.replace("{}", &assertion), &expected(), NOW);
    let name_id = outcome.map(|it| it.name().map(str::to_owned));
    assert_eq!(name_id, Ok(Some("eve@evil.example".to_owned())));
}

#[test]
fn no_forged_element_is_read_wherever_it_stands() {
    run(insert_elements, 6_000);
}
