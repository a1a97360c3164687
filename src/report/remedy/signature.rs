//! What mends a signature.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &["signature_invalid"],
        general: "Save the identity provider’s current metadata here; it most often has a new \
                  certificate.",
        steps: &[
            (
                Entra,
                "SAML Certificates: download the Federation Metadata XML from this very \
                 application’s page.",
            ),
            (Okta, "Sign On tab: open the Metadata URL and save it."),
            (Google, "The app’s page: see which certificate it uses, then Download metadata."),
            (
                Adfs,
                "Download FederationMetadata.xml again: AD FS renews its certificates by itself.",
            ),
            (
                Keycloak,
                "Download the realm’s SAML descriptor again: the realm signs with another key.",
            ),
        ],
    },
    Remedy {
        codes: &["signature_missing"],
        general: "Let the identity provider sign the response or the assertion.",
        steps: &[
            (Entra, "SAML Certificates, Signing Option: any of the three."),
            (Okta, "Advanced settings: Response and Assertion Signature are Signed."),
            (Adfs, "Set-AdfsRelyingPartyTrust -SamlResponseSignature MessageAndAssertion"),
            (Keycloak, "Settings: Sign documents or Sign assertions on."),
        ],
    },
    Remedy {
        codes: &["digest_method_unsupported", "signature_method_unsupported"],
        general: "Let the identity provider sign with SHA-256.",
        steps: SIGN_WITH_SHA256,
    },
    Remedy {
        codes: &["sha1_refused"],
        general: "Let the identity provider sign with SHA-256, its digest too. Until it can, \
                  operators can set “allow_sha1_until” in the account’s settings.",
        steps: SIGN_WITH_SHA256,
    },
    Remedy {
        codes: &[
            "canonical_form_empty",
            "canonicalization_unsupported",
            "reference_count",
            "reference_not_parent",
            "signature_malformed",
            "transform_forbidden",
        ],
        general: "Let the identity provider sign as SAML Core §5.4 says: one reference to the \
                  element that holds the signature, enveloped, with exclusive canonicalization.",
        steps: &[],
    },
    Remedy {
        codes: &["digest_mismatch"],
        general: "Something has changed the message after it was signed. Let nothing reformat it; \
                  if you have pasted it, paste it unchanged, preferably as base64.",
        steps: &[],
    },
];

const SIGN_WITH_SHA256: &[(Product, &str)] = &[
    (Entra, "SAML Certificates, Signing Algorithm: SHA-256."),
    (Okta, "Advanced settings: Signature Algorithm RSA-SHA256, Digest Algorithm SHA256."),
    (Adfs, "Advanced tab, Secure hash algorithm: SHA-256."),
    (Keycloak, "Settings, Signature algorithm: RSA_SHA256."),
];
