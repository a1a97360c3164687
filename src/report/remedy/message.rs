//! What mends a message that cannot be read, or that reports a failure.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &[
            "attribute_missing",
            "comment_forbidden",
            "dtd_forbidden",
            "element_missing",
            "element_unexpected",
            "encryption_malformed",
            "extensions_forbidden",
            "id_duplicate",
            "id_forbidden",
            "instruction_forbidden",
            "namespace_relative",
            "signature_misplaced",
            "text_unexpected",
            "time_malformed",
            "xml_encoding_unsupported",
            "xml_malformed",
            "xml_version_unsupported",
        ],
        general: "No product sends such messages by itself. See what changes the message on its \
                  way: a proxy, a plug-in, a template written by hand. If you have pasted it, \
                  paste it whole and unchanged.",
        steps: &[],
    },
    Remedy {
        codes: &["time_not_utc"],
        general: "Let the identity provider write its times in UTC, with a Z.",
        steps: &[],
    },
    Remedy {
        codes: &["base64_malformed", "not_utf8"],
        general: "Paste the whole value of SAMLResponse as it was posted, or the XML. An identity \
                  provider that sends this itself must post base64 of UTF-8, without deflating it.",
        steps: &[],
    },
    Remedy {
        codes: &[
            "form_field_count",
            "form_malformed",
            "relay_state_repeated",
            "response_absent",
            "response_repeated",
        ],
        general: "Let the identity provider use the HTTP-POST binding for the Reply URL.",
        steps: &[],
    },
    Remedy {
        codes: &[
            "canonical_form_too_large",
            "message_too_large",
            "xml_too_deep",
            "xml_too_many_attributes",
            "xml_too_many_namespaces",
            "xml_too_many_nodes",
        ],
        general: "Let the identity provider send fewer claims.",
        steps: &[
            (
                Entra,
                "Attributes & Claims, the group claim: choose Groups assigned to the application, \
                 or remove it.",
            ),
            (
                Okta,
                "Attribute Statements: let the filter of a Group Attribute Statement match fewer \
                 groups.",
            ),
            (Adfs, "Claim Issuance Policy: remove the rule that sends all groups."),
        ],
    },
    Remedy {
        codes: &["not_a_response", "version_unsupported"],
        general: "Let the identity provider send SAML 2.0 to the Reply URL, not WS-Federation.",
        steps: &[],
    },
    Remedy {
        codes: &["status_not_success"],
        general: "The identity provider itself reports a failure; its own log says why. Most \
                  often the user is not assigned to the application. It may also be unable to do \
                  what the account’s settings ask for: force_authn, is_passive, authn_context, \
                  name_id_format.",
        steps: &[
            (Entra, "Users and groups: assign the user. The Sign-in logs say why it failed."),
            (Okta, "Assignments: assign the user. The System Log says why it failed."),
            (Google, "User access: turn the app on for the user. The SAML log events say why."),
            (Adfs, "Access Control Policy: permit the user. The event log says why it failed."),
            (Keycloak, "Events of the realm, Login events, say why it failed."),
        ],
    },
    Remedy {
        codes: &["assertion_count"],
        general: "Let the identity provider send exactly one assertion.",
        steps: &[],
    },
    Remedy {
        codes: &["issuer_format"],
        general: "Let the identity provider leave the Issuer’s Format out.",
        steps: &[],
    },
];
