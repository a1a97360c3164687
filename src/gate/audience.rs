//! What a request asked for, as far as errors go.

/// Who would see a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorAudience {
    pub(crate) wants_page: bool,
    pub(crate) reference: [u8; 8],
}
