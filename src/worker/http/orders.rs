//! What JavaScript does to forward a request: the text that [`message.js`](message.js) reads.
//!
//! A call between wasm and JavaScript costs more than most of what the gate does, so one string
//! carries everything. This file uses nothing of the crate, so that `tests/service` can compile it.

/// How a request is forwarded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Forward<'a> {
    /// The address, or that of a request to the bound service.
    pub(crate) address: &'a str,
    /// Whether `ORIGIN_SERVICE` gets the request.
    pub(crate) is_service: bool,
    pub(crate) has_body: bool,
    /// Whether no cache may be used on the way.
    pub(crate) no_store: bool,
    /// How long the headers of the answer may take, where that is limited.
    pub(crate) timeout_seconds: Option<u32>,
}

impl Forward<'_> {
    /// The text in lines: the address; options; milliseconds until the timeout, or nothing; the
    /// names of headers to remove, separated by commas; and then each header to set, its name and
    /// value separated by a comma.
    pub(crate) fn orders<'h>(
        &self,
        removed: impl Iterator<Item = &'h str>,
        set: impl Iterator<Item = (&'h str, &'h str)>,
    ) -> String {
        // The identity token is most of it.
        let mut text = String::with_capacity(2048);
        let options =
            [(self.is_service, "service "), (self.has_body, "body "), (self.no_store, "no-store ")];
        text.push_str(self.address);
        text.push('\n');
        options.into_iter().filter(|(is_on, _)| *is_on).for_each(|(_, name)| text.push_str(name));
        text.push('\n');
        if let Some(seconds) = self.timeout_seconds {
            text.push_str(&format!("{seconds}000"));
        }
        text.push('\n');
        for (count, name) in removed.enumerate() {
            text.push_str(if count == 0 { "" } else { "," });
            text.push_str(name);
        }
        for (name, value) in set {
            for part in ["\n", name, ",", value] {
                text.push_str(part);
            }
        }
        text
    }
}
