//! Native figures: `cargo bench --bench verify`, medians in microseconds as one line of JSON; with
//! `-- --each` every hostile message in a line of its own before it.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

#[path = "../tests/common/mod.rs"]
mod common;
mod entra;
mod hostile;
#[path = "../tests/sqlite/mod.rs"]
mod sqlite;
#[expect(dead_code, clippy::panic, reason = "the tests' browser, which does more than sign in")]
#[path = "../tests/service/support/mod.rs"]
mod support;

use std::iter;
use std::time::Instant;

use common::Scenario;
use entra::{Bench, NOW};
use saml_verify::internals::decode_message;
use saml_verify::internals::encoding::base64_encode;
use saml_verify::saml::{IdpMetadata, accept};
use support::world::World;
use support::{fakes, form, ledgers};

/// The median of 200 samples.
fn median_us(mut work: impl FnMut()) -> f64 {
    median(200, || time_us(&mut work))
}

fn time_us(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e6
}

fn median(count: usize, sample: impl FnMut() -> f64) -> f64 {
    let mut samples: Vec<f64> = iter::repeat_with(sample).take(count).collect();
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let bench = Bench::new();
    let verify = median_us(|| bench.verify());
    let rsa = median_us(|| bench.rsa());
    let login = median(60, || login_us(0));
    let hostile = hostile_max_us(&bench);
    let heavy = heavy_max_ratio();
    let metadata = metadata_max_us();
    let [small, large] = [4, 180].map(us_per_kib);
    println!(
        "{{\"native_us\":{verify:.1},\"rsa_native_us\":{rsa:.1},\"login_us\":{login:.1},\
         \"hostile_max_us\":{hostile:.1},\"heavy_max_ratio\":{heavy:.2},\
         \"metadata_max_us\":{metadata:.1},\"us_per_kib_of_4\":{small:.2},\
         \"us_per_kib_of_180\":{large:.2}}}"
    );
}

/// The longest that it takes to refuse what some ceiling keeps from being parsed.
fn hostile_max_us(bench: &Bench) -> f64 {
    let message = |message: &str| {
        accept(message, &bench.expected(), NOW).expect_err("refused");
    };
    let messages = dearest(hostile::messages(), |text| median_us(|| message(text)));
    let bomb = |parameter: &str| {
        // One within its cap is text, if none that anybody wants.
        let _ = std::hint::black_box(decode_message(parameter));
    };
    let bombs = dearest(hostile::bombs(), |parameter| median_us(|| bomb(parameter)));
    messages.max(bombs)
}

/// The same for what is read to the end, against a login with a form as long right afterwards.
fn heavy_max_ratio() -> f64 {
    let form =
        |message: &str| form::fields(&[("SAMLResponse", &base64_encode(message.as_bytes()))]);
    let messages = hostile::heavy().into_iter().map(|(name, message)| (name, form(&message)));
    dearest(messages.chain(hostile::forms()).collect(), |form| {
        // In base64, less what the field's name and the last of the groups take.
        let octets = form.len().saturating_sub(2_048) / 4 * 3;
        median(20, || refusal_us(form)) / median(6, || login_us(octets))
    })
}

/// The longest that it takes to read metadata within every ceiling.
fn metadata_max_us() -> f64 {
    let read = |text: &str| drop(std::hint::black_box(IdpMetadata::parse(text)));
    dearest(hostile::metadata(), |text| median(20, || time_us(|| read(text))))
}

fn dearest(inputs: Vec<(&str, String)>, cost: impl Fn(&str) -> f64) -> f64 {
    let each = std::env::args().any(|argument| argument == "--each");
    let cost = |(name, input): (&str, String)| {
        let cost = cost(&input);
        if each {
            println!("{name}, {} octets: {cost:.2}", input.len());
        }
        cost
    };
    inputs.into_iter().map(cost).fold(0.0, f64::max)
}

/// The whole way of a form that is refused.
fn refusal_us(form: &str) -> f64 {
    let mut world = World::new();
    time_us(|| assert!(world.post("acme", form).answer.status >= 400))
}

/// A whole login, from the IdP's POST to the session cookie, over a store and a ledger in memory:
/// decoding, verifying, mapping, and signing the identity token. The message has `octets` at least.
fn login_us(octets: usize) -> f64 {
    let mut world = World::new();
    let id = world.start("/");
    let form = form::form(&padded(form::answering(&id), octets));
    time_us(|| assert_eq!(world.post("acme", &form).answer.status, 303))
}

/// With groups until it has `octets`.
fn padded(scenario: Scenario, octets: usize) -> Scenario {
    let value = format!("<saml:AttributeValue>{}</saml:AttributeValue>", "group ".repeat(40));
    let end = "</saml:AttributeStatement>";
    let groups = octets.saturating_sub(scenario.xml().len()).div_ceil(value.len());
    let groups = value.repeat(groups);
    let attribute = format!("<saml:Attribute Name=\"groups\">{groups}</saml:Attribute>{end}");
    scenario.in_assertion(end, &attribute)
}

/// What each KiB of an accepted response of `kib` KiB costs, its one RSA step left out.
fn us_per_kib(kib: usize) -> f64 {
    let message = padded(Scenario::valid(), kib * 1024).xml();
    let rsa = {
        let bench = Bench::new();
        median_us(|| bench.rsa())
    };
    let whole = median_us(|| {
        accept(&message, &common::expected(), common::NOW).expect("accepted");
    });
    let [octets, unit] = [message.len(), 1024].map(|it| u32::try_from(it).map_or(0.0, f64::from));
    (whole - rsa) / (octets / unit)
}
