//! What mends an address, an identifier or a request that does not match.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &[
            "destination_mismatch",
            "destination_missing",
            "recipient_mismatch",
            "recipient_missing",
        ],
        general: "Enter the account’s Reply URL at the identity provider, letter by letter.",
        steps: &[
            (Entra, "Basic SAML Configuration, Reply URL (Assertion Consumer Service URL)."),
            (
                Okta,
                "Configure SAML, Single sign-on URL, with Use this for Recipient URL and \
                 Destination URL ticked.",
            ),
            (Google, "Service provider details, ACS URL."),
            (Adfs, "Endpoints tab, SAML Assertion Consumer endpoint."),
            (Keycloak, "Advanced tab, Assertion Consumer Service POST Binding URL."),
        ],
    },
    Remedy {
        codes: &["audience_mismatch", "audience_missing"],
        general: "Enter the account’s Identifier at the identity provider, letter by letter. Or \
                  save here, as the Entity ID, what the identity provider sends.",
        steps: &[
            (Entra, "Basic SAML Configuration, Identifier (Entity ID)."),
            (Okta, "Configure SAML, Audience URI (SP Entity ID)."),
            (Google, "Service provider details, Entity ID."),
            (Adfs, "Identifiers tab, Relying party identifier."),
            (Keycloak, "Settings, Client ID."),
        ],
    },
    Remedy {
        codes: &["issuer_mismatch", "issuer_missing"],
        general: "Save the metadata of the identity provider that sends this, if it is yours.",
        steps: &[
            (
                Entra,
                "Download the Federation Metadata XML of this very application. Do not append the \
                 application ID to the issuer.",
            ),
            (Okta, "Sign On tab: open this very application’s Metadata URL and save it."),
            (Google, "The app’s page: Download metadata."),
            (Adfs, "Download FederationMetadata.xml from this very server."),
            (Keycloak, "Download the SAML descriptor of this very realm."),
        ],
    },
    Remedy {
        codes: &[
            "in_response_to_mismatch",
            "in_response_to_missing",
            "in_response_to_unknown",
            "idp_initiated_off",
            "upgrade_loop",
        ],
        general: "Sign in again, in the same browser, within ten minutes. If that does not help, \
                  allow this site’s cookies, and let the identity provider answer requests with \
                  their InResponseTo.",
        steps: &[],
    },
    Remedy {
        codes: &["assertion_replayed", "request_used"],
        general: "Start again: a reload posts the same response a second time.",
        steps: &[],
    },
    Remedy {
        codes: &["entity_id_taken"],
        general: "Another account has this Identifier at the same identity provider. Give this \
                  account one of its own.",
        steps: &[(
            Entra,
            "Basic SAML Configuration: append # and the account’s id to Identifier and Reply \
                 URL.",
        )],
    },
];
