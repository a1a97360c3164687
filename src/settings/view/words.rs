//! The choices of the settings, in words.

use crate::model::new_certificates::NewCertificates;
use crate::model::settings::IdpInitiated;

/// The choices for IdP-initiated logins, each with a label and a hint.
pub(crate) const IDP_INITIATED: [(IdpInitiated, &str, &str); 3] = [
    (
        IdpInitiated::Upgrade,
        idp_initiated(IdpInitiated::Upgrade),
        "Safe, and people notice nothing: one more redirect shows that they meant to sign in.",
    ),
    (
        IdpInitiated::On,
        idp_initiated(IdpInitiated::On),
        "Only for identity providers without a sign-in address: an attacker could sign people in \
         to an account that is not their own.",
    ),
    (IdpInitiated::Off, idp_initiated(IdpInitiated::Off), "People start here instead."),
];

/// The choices for new certificates at the metadata address, each with a label and a hint.
pub(crate) const NEW_CERTIFICATES: [(NewCertificates, &str, &str); 2] = [
    (
        NewCertificates::Approve,
        new_certificates(NewCertificates::Approve),
        "An administrator approves them here. Until then, what is trusted today stays trusted.",
    ),
    (
        NewCertificates::Accept,
        new_certificates(NewCertificates::Accept),
        "Anyone who controls the server at the address then decides who can sign in.",
    ),
];

/// The label of a choice for new certificates.
pub(crate) const fn new_certificates(choice: NewCertificates) -> &'static str {
    match choice {
        NewCertificates::Accept => "They are trusted at once",
        NewCertificates::Approve => "They wait for approval",
    }
}

/// The label of a choice for IdP-initiated logins.
pub(crate) const fn idp_initiated(choice: IdpInitiated) -> &'static str {
    match choice {
        IdpInitiated::Off => "Refused",
        IdpInitiated::On => "Accepted as they are",
        IdpInitiated::Upgrade => "Confirmed by a sign-in that starts here",
    }
}
