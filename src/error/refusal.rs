//! The answer to a message that the verifier refuses. One for all that is not trusted: it does not
//! say which check failed.

use saml_verify::error::{Kind, Refusal};

use crate::error::advice::{ASK, Advice, Next, RETRY};

pub(crate) const fn status(refusal: Refusal) -> u16 {
    match refusal.kind() {
        Kind::Malformed | Kind::Unsupported => 400,
        Kind::TooLarge => 413,
        Kind::Untrusted => 403,
        Kind::Metadata => 500,
    }
}

pub(crate) fn advice(refusal: Refusal) -> Advice {
    // Every signature held before the subject was read.
    if refusal == Refusal::NameIdMissing {
        return Advice {
            title: "Your name is missing",
            what: "Your identity provider knows you, but did not send what names you here.",
            user: ASK,
            next: Next::Nowhere,
            administrator: "Let the identity provider send the user’s e-mail address as NameID. \
                            In Entra ID, that is “Unique User Identifier” with the source \
                            user.mail; see that the user has a mail address."
                .into(),
            values: Vec::new(),
        };
    }
    match refusal.kind() {
        Kind::Malformed | Kind::TooLarge | Kind::Unsupported | Kind::Metadata => Advice {
            title: "We could not read the sign-in",
            what: "What your identity provider sent cannot be read here. It has not signed you in.",
            user: RETRY,
            next: Next::Login,
            ..Advice::SEE_TEST
        },
        Kind::Untrusted => Advice {
            title: "We could not confirm the sign-in",
            what: "What your identity provider sent did not pass our checks, was used before, or \
                   answers a sign-in that this browser does not know of. It has not signed you \
                   in. If you went back or opened the page twice, you may be signed in already.",
            user: "If you are not signed in, allow this site’s cookies, and sign in once more in \
                   one and the same browser. If it fails again, pass on the reference below to \
                   your administrator.",
            next: Next::LoginUnlessSignedIn,
            ..Advice::SEE_TEST
        },
    }
}
