//! The canonicalization methods and their URIs.

/// A canonicalization method with its parameters.
///
/// The variants `#WithComments` are taken as long as there is no comment to write: then both give
/// the same octets, and no comment can be in one reader's text and not in another's (row B1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Canonicalization {
    /// Exclusive C14N 1.0, `http://www.w3.org/2001/10/xml-exc-c14n#`
    Exclusive {
        /// InclusiveNamespaces/@PrefixList; the empty string stands for `#default`.
        prefix_list: Vec<String>,
        /// Whether comments would be written.
        comments: bool,
    },
    /// C14N 1.0, `http://www.w3.org/TR/2001/REC-xml-c14n-20010315`
    Inclusive10 {
        /// Whether comments would be written.
        comments: bool,
    },
    /// C14N 1.1, `http://www.w3.org/2006/12/xml-c14n11`
    Inclusive11 {
        /// Whether comments would be written.
        comments: bool,
    },
}

impl Canonicalization {
    /// The method with this URI, its PrefixList empty; `None` when it is not known.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let exclusive = |comments| Self::Exclusive { prefix_list: Vec::new(), comments };
        Some(match uri {
            "http://www.w3.org/2001/10/xml-exc-c14n#" => exclusive(false),
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => exclusive(true),
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => {
                Self::Inclusive10 { comments: false }
            }
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments" => {
                Self::Inclusive10 { comments: true }
            }
            "http://www.w3.org/2006/12/xml-c14n11" => Self::Inclusive11 { comments: false },
            "http://www.w3.org/2006/12/xml-c14n11#WithComments" => {
                Self::Inclusive11 { comments: true }
            }
            _ => return None,
        })
    }

    /// Whether comments would be written.
    pub(super) const fn comments(&self) -> bool {
        match self {
            Self::Exclusive { comments, .. }
            | Self::Inclusive10 { comments }
            | Self::Inclusive11 { comments } => *comments,
        }
    }
}
