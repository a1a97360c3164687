//! Denials of requests to what is behind the gate.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next};

/// Why a request does not pass the gate.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum GateDenial {
    /// A page of another host sends a request that may change something, with a user's session
    /// (row H4).
    #[error("the request is sent by another site")]
    CrossSiteRequest,
    /// A page of another host opens a WebSocket with a user's session (row H4).
    #[error("the WebSocket is opened by another site")]
    CrossSiteSocket,
    /// The request has no session, or one that is over.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The origin could read the path in another way than the gate does (row H4).
    #[error("the path has more than one reading")]
    PathAmbiguous,
    /// The path demands another role.
    #[error("the path takes another role")]
    RoleInsufficient {
        /// The roles of which the path demands one.
        roles: Vec<String>,
    },
}

impl GateDenial {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::PathAmbiguous => 400,
            Self::NotSignedIn => 401,
            Self::CrossSiteRequest | Self::CrossSiteSocket | Self::RoleInsufficient { .. } => 403,
        }
    }

    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::CrossSiteRequest => Advice {
                title: "This went no further",
                what: "Another site’s page has sent this here in your name.",
                user: "If you meant it, open this site and do it there.",
                next: Next::Nowhere,
                ..Advice::SEE_LOG
            },
            Self::CrossSiteSocket => Advice {
                title: "This connection is not for that page",
                what: "Another site’s page has tried to open a connection here in your name.",
                user: ASK,
                next: Next::Nowhere,
                ..Advice::SEE_LOG
            },
            Self::NotSignedIn => Advice {
                title: "Please sign in, then send it again",
                what: "You are not signed in, or not any more. What you sent went no further: \
                       nothing was saved or changed.",
                user: "Keep this tab and sign in in a new one. Then reload this one: your browser \
                       asks whether to send the form again.",
                next: Next::LoginTab,
                administrator: "Where it is another site that posts to this address, operators \
                                can list it in PUBLIC_PATHS: browsers send no session with such a \
                                post."
                    .into(),
                values: Vec::new(),
            },
            Self::PathAmbiguous => Advice {
                title: "This address cannot be used",
                what: "It can be read in more than one way.",
                user: "Check the address, or start from the product’s first page.",
                next: Next::Nowhere,
                administrator: "Where PATH_ROLES or PUBLIC_PATHS decide, a path takes no encoded \
                                slashes, backslashes or percent signs, no empty segments, no \
                                semicolons, and no dots or spaces at a segment’s end."
                    .into(),
                values: Vec::new(),
            },
            Self::RoleInsufficient { roles } => Advice {
                title: "Your role does not open this page",
                what: "You are signed in, and this page is for people with another role.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Whoever is to open this page needs one of the roles below. \
                                Operators set them in PATH_ROLES."
                    .into(),
                values: roles.clone(),
            },
        }
    }
}
