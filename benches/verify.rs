//! Native figures: `cargo bench --bench verify`, medians in microseconds as one line of JSON.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

mod entra;

use std::time::Instant;

use entra::Bench;

fn median_us(mut work: impl FnMut()) -> f64 {
    let mut samples: Vec<f64> = (0..600)
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
    println!("{{\"native_us\":{verify:.1},\"rsa_native_us\":{rsa:.1}}}");
}
