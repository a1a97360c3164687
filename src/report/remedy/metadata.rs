//! What mends the stored metadata of the identity provider.

use crate::report::remedy::Remedy;
use crate::report::remedy::product::Product::{Adfs, Entra, Google, Keycloak, Okta};

pub(super) const REMEDIES: &[Remedy] = &[Remedy {
    codes: &[
        "certificate_count",
        "certificate_malformed",
        "endpoint_count",
        "entity_ambiguous",
        "entity_id_invalid",
        "entity_id_placeholder",
        "entity_unknown",
        "idp_role_missing",
        "idp_role_repeated",
        "metadata_expired",
        "metadata_unsigned",
        "name_id_format_count",
        "not_metadata",
        "signing_key_count",
        "signing_key_missing",
        "signing_key_unsupported",
        "sso_endpoint_missing",
        "sso_not_enabled",
    ],
    general: "Download the identity provider’s metadata and save it here as it is.",
    steps: &[
        (Entra, "SAML Certificates: Federation Metadata XML."),
        (Okta, "Sign On tab: Metadata URL."),
        (Google, "The app’s page: Download metadata."),
        (Adfs, "https://ADFS-HOST/FederationMetadata/2007-06/FederationMetadata.xml"),
        (Keycloak, "https://KEYCLOAK-HOST/realms/REALM/protocol/saml/descriptor"),
    ],
}];
