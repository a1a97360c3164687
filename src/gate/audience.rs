//! Who reads an error: a person, or a program.

/// Whether an error is shown as a page, and its reference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorAudience {
    pub(crate) wants_page: bool,
    pub(crate) reference: [u8; 8],
}
