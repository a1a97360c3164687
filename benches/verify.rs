//! Native figures: `cargo bench --bench verify`, medians in microseconds as one line of JSON; with
//! `-- --each` every hostile message in a line of its own before it.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

mod entra;
mod hostile;

use std::time::Instant;

use entra::{Bench, NOW};
use saml_edge::service::doctor::inspect;

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
    let each = std::env::args().any(|argument| argument == "--each");
    let mut hostile_max = 0.0_f64;
    for (name, message) in hostile::messages() {
        let refusal = median_us(|| {
            inspect(&message, &bench.expected(), NOW).expect_err("refused");
        });
        if each {
            println!("{name}: {refusal:.1}");
        }
        hostile_max = hostile_max.max(refusal);
    }
    println!(
        "{{\"native_us\":{verify:.1},\"rsa_native_us\":{rsa:.1},\"hostile_max_us\":{hostile_max:.1}}}"
    );
}
