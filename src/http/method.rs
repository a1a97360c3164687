//! Methods of requests (RFC 9110 §9).

use strum::IntoStaticStr;

/// A method, which is case-sensitive (RFC 9110 §9.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Method {
    /// Opens a tunnel.
    Connect,
    /// Removes a resource.
    Delete,
    /// Reads a resource.
    Get,
    /// Reads its headers alone.
    Head,
    /// Asks what is possible.
    Options,
    /// Changes a part of a resource.
    Patch,
    /// Sends something to be processed.
    Post,
    /// Replaces a resource.
    Put,
    /// Echoes the request.
    Trace,
    /// Echoes the request, in Microsoft's name.
    Track,
    /// Any other. No route takes it.
    #[default]
    Other,
}

impl From<&str> for Method {
    fn from(text: &str) -> Self {
        Self::KNOWN.into_iter().find(|method| method.as_str() == text).unwrap_or_default()
    }
}

impl Method {
    /// Those that have a name here.
    const KNOWN: [Self; 10] = [
        Self::Get,
        Self::Post,
        Self::Head,
        Self::Connect,
        Self::Delete,
        Self::Options,
        Self::Patch,
        Self::Put,
        Self::Trace,
        Self::Track,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it reads a representation: GET or HEAD.
    pub(crate) const fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// The Allow header (RFC 9110 §10.2.1).
pub(crate) fn allow(methods: &[Method]) -> String {
    methods.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
}
