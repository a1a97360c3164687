//! What mends encryption.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[
    Remedy {
        codes: &["assertion_encrypted"],
        general: "This service has no key to decrypt with. Turn encryption off; or its operators \
                  set SP_KEYS.",
        steps: &[
            (Entra, "Token encryption: deactivate the certificate."),
            (Okta, "Advanced settings, Assertion Encryption: Unencrypted."),
            (Adfs, "Encryption tab: remove the certificate."),
            (Keycloak, "Keys tab: Encrypt assertions off."),
        ],
    },
    Remedy {
        codes: &["cbc_without_signature"],
        general: "Sign the response as well, or encrypt with AES-GCM.",
        steps: &[
            (Entra, "SAML Certificates, Signing Option: Sign SAML response and assertion."),
            (Adfs, "Set-AdfsRelyingPartyTrust -SamlResponseSignature MessageAndAssertion"),
            (Keycloak, "Settings: Sign documents on."),
        ],
    },
    Remedy {
        codes: &[
            "data_encryption_unsupported",
            "encrypted_key_count",
            "key_transport_unsupported",
            "oaep_digests_differ",
        ],
        general: "Encrypt to this service alone, with AES-256-GCM and RSA-OAEP.",
        steps: &[(
            Okta,
            "Advanced settings: Encryption Algorithm AES256-GCM, Key Transport Algorithm \
                 RSA-OAEP.",
        )],
    },
    Remedy {
        codes: &["decryption_failed", "encrypted_assertion_unsigned"],
        general: "Encrypt to the certificate in this service’s metadata, and where accounts share \
                  the Reply URL, sign the assertion itself before it is encrypted. For a test, \
                  turn encryption off: then this report says more.",
        steps: &[
            (Entra, "Token encryption: import the certificate again and activate it."),
            (Okta, "Advanced settings, Encryption Certificate: upload it again."),
            (Adfs, "Encryption tab: replace the certificate."),
            (
                Keycloak,
                "Keys tab: import the encryption certificate again. Where accounts share the Reply \
                 URL: Settings, Sign assertions on.",
            ),
        ],
    },
];
