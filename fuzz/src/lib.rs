//! What the fuzz targets share.

use libfuzzer_sys::fuzzer_mutate;

pub mod world;

/// Mutates XML in `data`, of which `size` octets are in use: half of the time as libFuzzer does,
/// octet by octet, and half of the time by what is between two tags, which is copied, moved or
/// removed.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let text = &data[..size];
    let tags: Vec<usize> = (0..size).filter(|at| text[*at] == b'<').collect();
    if seed & 1 == 0 || tags.len() < 3 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut dice = seed as usize / 2;
    let mut pick = || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tags[(dice >> 33) % tags.len()]
    };
    let (one, other, target) = (pick(), pick(), pick());
    let (from, to) = (one.min(other), one.max(other));
    let piece = &text[from..to];
    let is_outside = target <= from || target >= to;
    let mutated = match (dice >> 20) % 3 {
        0 => [&text[..target], piece, &text[target..]].concat(),
        1 if target <= from => [&text[..target], piece, &text[target..from], &text[to..]].concat(),
        1 if is_outside => [&text[..from], &text[to..target], piece, &text[target..]].concat(),
        _ => [&text[..from], &text[to..]].concat(),
    };
    let size = mutated.len().min(max_size);
    data[..size].copy_from_slice(&mutated[..size]);
    size
}
