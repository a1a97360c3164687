//! Native figures: `cargo bench --bench verify`, medians in microseconds as one line of JSON; with
//! `-- --each` every hostile message in a line of its own before it.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

#[path = "../tests/common/mod.rs"]
mod common;
mod entra;
#[path = "../tests/service/fakes.rs"]
mod fakes;
mod hostile;
#[expect(dead_code, clippy::panic, reason = "the tests' browser, which does more than sign in")]
#[path = "../tests/service/world.rs"]
mod world;

use std::time::Instant;

use common::Scenario;
use entra::{Bench, NOW};
use saml_edge::service::doctor::inspect;
use world::World;

fn median_us(mut work: impl FnMut()) -> f64 {
    let mut samples: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let bench = Bench::new();
    let verify = median_us(|| bench.verify());
    let rsa = median_us(|| bench.rsa());
    let login = login_us();
    let refuse = |messages: Vec<(&str, String)>| dearest(&bench, messages);
    let (hostile, bulk) = (refuse(hostile::messages()), refuse(hostile::bulk()));
    let [small, large] = [4, 250].map(us_per_kib);
    println!(
        "{{\"native_us\":{verify:.1},\"rsa_native_us\":{rsa:.1},\"login_us\":{login:.1},\"hostile_max_us\":{hostile:.1},\"bulk_max_us\":{bulk:.1},\"us_per_kib_of_4\":{small:.2},\"us_per_kib_of_250\":{large:.2}}}"
    );
}

/// The longest that it takes to refuse one of `messages`.
fn dearest(bench: &Bench, messages: Vec<(&str, String)>) -> f64 {
    let each = std::env::args().any(|argument| argument == "--each");
    let refusal = |(name, message): (&str, String)| {
        let refusal = median_us(|| {
            inspect(&message, &bench.expected(), NOW).expect_err("refused");
        });
        if each {
            println!("{name}: {refusal:.1}");
        }
        refusal
    };
    messages.into_iter().map(refusal).fold(0.0, f64::max)
}

/// A whole login, from the IdP's POST to the session cookie, over a store and a ledger in memory:
/// decoding, verifying, mapping, and signing the identity token.
fn login_us() -> f64 {
    let mut samples: Vec<f64> = (0..60)
        .map(|_| {
            let mut world = World::new();
            let id = world.start("/");
            let form = world::form(&world::answering(&id));
            let start = Instant::now();
            let seen = world.post("acme", &form);
            let elapsed = start.elapsed().as_secs_f64() * 1e6;
            assert_eq!(seen.answer.status, 303);
            elapsed
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What each KiB of an accepted response of `kib` KiB costs, its one RSA step left out.
fn us_per_kib(kib: usize) -> f64 {
    let value = format!("<saml:AttributeValue>{}</saml:AttributeValue>", "group ".repeat(40));
    let end = "</saml:Attribute></saml:AttributeStatement>";
    let room = (kib * 1024).saturating_sub(Scenario::valid().xml().len());
    let values = value.repeat(room / value.len());
    let message = Scenario::valid().in_assertion(end, &(values + end)).xml();
    let rsa = {
        let bench = Bench::new();
        median_us(|| bench.rsa())
    };
    let whole = median_us(|| {
        inspect(&message, &common::expected(), common::NOW).expect("accepted");
    });
    let [octets, unit] = [message.len(), 1024].map(|it| u32::try_from(it).map_or(0.0, f64::from));
    (whole - rsa) / (octets / unit)
}
