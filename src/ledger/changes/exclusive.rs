//! A lock that never waits, for what one caller at a time may do across `await`.

use std::cell::Cell;

/// Free, or taken by one caller.
#[derive(Debug, Default)]
pub struct Exclusive(Cell<bool>);

/// The proof that it was free. Dropping it frees it again.
#[derive(Debug)]
pub struct Taken<'a>(&'a Cell<bool>);

impl Exclusive {
    /// Takes it, or `None` where it is taken.
    pub fn take(&self) -> Option<Taken<'_>> {
        // Not `then_some`, which would make a `Taken` even if it is refused, and drop it: that
        // would free the lock of the other caller.
        (!self.0.replace(true)).then(|| Taken(&self.0))
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_taker_frees_nothing() {
        let exclusive = Exclusive::default();
        let taken = exclusive.take();
        assert!(taken.is_some());
        for _ in 0..3 {
            assert!(exclusive.take().is_none());
        }
        drop(taken);
        assert!(exclusive.take().is_some());
        assert!(exclusive.take().is_some(), "what was not kept is free again");
    }
}
