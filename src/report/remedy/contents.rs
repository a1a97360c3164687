//! What mends the subject, the conditions and the times of an assertion.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &["name_id_missing", "subject_missing"],
        general: "Let the identity provider send the user’s e-mail address as NameID. Where it \
                  sends none, operators can name the claim that holds the address.",
        steps: &[
            (
                Entra,
                "Attributes & Claims, Unique User Identifier: source user.mail. See that the user \
                 has a mail address.",
            ),
            (Okta, "Configure SAML: Name ID format EmailAddress, Application username Email."),
            (
                Google,
                "Service provider details: Name ID format EMAIL, Basic Information > Primary \
                 email.",
            ),
            (Adfs, "Claim Issuance Policy: a rule that sends E-Mail-Addresses as Name ID."),
            (Keycloak, "Settings: Name ID format email, Force name ID format on."),
        ],
    },
    Remedy {
        codes: &["authn_statement_missing"],
        general: "Let the identity provider say when the user signed in.",
        steps: &[(Keycloak, "Settings: Include AuthnStatement on.")],
    },
    Remedy {
        codes: &["advice_forbidden", "condition_unknown", "conditions_missing"],
        general: "Let the identity provider send Conditions with an audience and times, and no \
                  Advice.",
        steps: &[],
    },
    Remedy {
        codes: &["confirmation_missing", "confirmation_not_before", "confirmation_without_expiry"],
        general: "Let the identity provider use SAML’s Web Browser SSO profile.",
        steps: &[],
    },
    Remedy {
        codes: &[
            "assertion_too_old",
            "conditions_expired",
            "confirmation_expired",
            "session_expired",
        ],
        general: "Sign in again. If that does not help, set the identity provider’s clock. A \
                  pasted response is checked at the time that you enter.",
        steps: &[],
    },
    Remedy {
        codes: &["conditions_not_yet_valid", "issued_in_future"],
        general: "Set the identity provider’s clock, which is ahead. Operators can allow for up \
                  to 300 seconds.",
        steps: &[],
    },
    Remedy {
        codes: &["authn_too_old"],
        general: "Let the identity provider honour ForceAuthn, and say when the user signed in.",
        steps: &[(Okta, "Configure SAML, Honor Force Authentication: Yes.")],
    },
];
