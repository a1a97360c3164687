//! Products of identity providers, as they are known by their entity ids.

/// A product for which a remedy names the setting to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Adfs,
    Entra,
    Google,
    Keycloak,
    Okta,
}

impl Product {
    /// The product that issues such entity ids, if it is known.
    pub(crate) fn of(entity_id: &str) -> Option<Self> {
        if entity_id.starts_with("https://sts.windows.net/") {
            Some(Self::Entra)
        } else if entity_id.starts_with("http://www.okta.com/") {
            Some(Self::Okta)
        } else if entity_id.starts_with("https://accounts.google.com/o/saml2") {
            Some(Self::Google)
        } else if entity_id.ends_with("/adfs/services/trust") {
            Some(Self::Adfs)
        } else {
            entity_id.contains("/realms/").then_some(Self::Keycloak)
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Adfs => "AD FS",
            Self::Entra => "Entra ID",
            Self::Google => "Google Workspace",
            Self::Keycloak => "Keycloak",
            Self::Okta => "Okta",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_products_by_their_entity_ids() {
        for (entity_id, product) in [
            ("https://sts.windows.net/3f1c/", Some(Product::Entra)),
            ("http://www.okta.com/exk1", Some(Product::Okta)),
            ("https://accounts.google.com/o/saml2?idpid=C01", Some(Product::Google)),
            ("http://adfs.acme.example/adfs/services/trust", Some(Product::Adfs)),
            ("https://sso.acme.example/realms/acme", Some(Product::Keycloak)),
            ("https://idp.example/metadata", None),
        ] {
            assert_eq!(Product::of(entity_id), product, "{entity_id}");
        }
    }
}
