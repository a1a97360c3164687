//! What mends the claims about a user.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &["account_claim_missing", "account_mismatch"],
        general: "Let the identity provider send the claim with exactly the expected value.",
        steps: &[
            (
                Entra,
                "Attributes & Claims: a claim of that name, Namespace empty, its value typed in \
                 as a constant.",
            ),
            (Okta, "Attribute Statements: that name, Unspecified, and the value as a constant."),
            (
                Google,
                "SAML attribute mapping: a custom attribute that holds the value for every user.",
            ),
            (Adfs, "Claim Issuance Policy: => issue(Type = \"NAME\", Value = \"ACCOUNT\");"),
            (Keycloak, "Client scopes, the dedicated scope: a Hardcoded attribute mapper."),
        ],
    },
    Remedy {
        codes: &["role_missing", "role_not_allowed", "role_not_listed", "role_repeated"],
        general: "Let the identity provider send the claim with exactly one of the expected \
                  values, in this spelling.",
        steps: &[
            (
                Entra,
                "Attributes & Claims: a claim of that name, Namespace empty, from an attribute \
                 that holds one role, or user.assignedroles with one app role a user.",
            ),
            (
                Okta,
                "Attribute Statements: that name, from an attribute of the user that holds one \
                 role.",
            ),
            (Google, "SAML attribute mapping: a custom attribute that holds one role."),
            (
                Adfs,
                "Claim Issuance Policy: an outgoing claim of that type, from an attribute that \
                 holds one role.",
            ),
            (
                Keycloak,
                "Client scopes, the dedicated scope: a User Attribute mapper, or a Role list with \
                 that name.",
            ),
        ],
    },
    Remedy {
        codes: &["groups_omitted"],
        general: "The user is in too many groups to be sent. Send fewer, or an app role.",
        steps: &[(
            Entra,
            "Attributes & Claims, the group claim: Groups assigned to the application. Or \
                 send user.assignedroles.",
        )],
    },
    Remedy {
        codes: &["email_invalid"],
        general: "Let the identity provider send one plain e-mail address.",
        steps: &[
            (
                Entra,
                "Attributes & Claims, Unique User Identifier: source user.mail. See that the user \
                 has a mail address; a guest’s principal name is none.",
            ),
            (Okta, "Configure SAML, Application username: Email."),
            (Google, "Service provider details, Name ID: Basic Information > Primary email."),
            (Adfs, "Claim Issuance Policy: send E-Mail-Addresses as Name ID."),
            (
                Keycloak,
                "Settings: Name ID format email, Force name ID format on. See that the user has \
                 an e-mail address.",
            ),
        ],
    },
    Remedy {
        codes: &["email_repeated"],
        general: "Let the identity provider send one e-mail address of the user in this claim: \
                  the one that stays theirs.",
        steps: &[],
    },
    Remedy {
        codes: &["email_domain_not_listed"],
        general: "Let the identity provider send an address of one of the expected domains; or \
                  add the domain to the account’s settings, if it is yours.",
        steps: &[],
    },
    Remedy {
        codes: &["session_too_large"],
        general: "Let the identity provider send a shorter name or role.",
        steps: &[],
    },
];
