//! What mends a failed sign-in, by its code: one table for each subject.

mod addresses;
mod claims;
mod contents;
mod encryption;
mod message;
mod metadata;
pub(crate) mod product;
mod signature;

use crate::report::remedy::product::Product;

const TABLES: [&[Remedy]; 7] = [
    message::REMEDIES,
    signature::REMEDIES,
    encryption::REMEDIES,
    addresses::REMEDIES,
    contents::REMEDIES,
    claims::REMEDIES,
    metadata::REMEDIES,
];

/// What to change where a sign-in ends with one of `codes`.
#[derive(Debug)]
pub(crate) struct Remedy {
    codes: &'static [&'static str],
    /// Holds for every identity provider.
    pub(crate) general: &'static str,
    /// Where to change it, in the words of each product.
    steps: &'static [(Product, &'static str)],
}

impl Remedy {
    /// The names of products, and where to change it there: in `product` alone if that is known.
    pub(crate) fn steps(&self, product: Option<Product>) -> Vec<(&'static str, &'static str)> {
        let is_meant = |it: Product| product.is_none_or(|product| product == it);
        let steps = self.steps.iter().filter(|(product, _)| is_meant(*product));
        steps.map(|(product, step)| (product.name(), *step)).collect()
    }
}

/// What mends a sign-in that ends with `code`; `None` for a code that no sign-in ends with.
pub(crate) fn remedy(code: &str) -> Option<&'static Remedy> {
    TABLES.into_iter().flatten().find(|remedy| remedy.codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use saml_verify::error::Refusal;

    use super::*;
    use crate::error::Denial;

    /// Codes of other things than signing in.
    const ELSEWHERE: [&str; 33] = [
        "account_changed",
        "account_narrowed",
        "account_unknown",
        "acs_mismatch",
        "cross_site_form",
        "cross_site_request",
        "cross_site_socket",
        "deflate_malformed",
        "form_token_invalid",
        "logout_expired",
        "logout_replayed",
        "message_absent",
        "message_ambiguous",
        "metadata_url_forbidden",
        "metadata_url_redirected",
        "metadata_url_unanswered",
        "name_id_encrypted",
        "name_id_unknown",
        "not_a_logout_message",
        "not_a_navigation",
        "not_signed_in",
        "nothing_to_confirm",
        "parameter_repeated",
        "path_ambiguous",
        "reauthentication_due",
        "role_insufficient",
        "saml_encoding_unsupported",
        "settings_forbidden",
        "setup_link_invalid",
        "too_many_changes",
        "too_many_logins",
        "too_many_requests",
        "too_many_unsolicited",
    ];

    /// So no code in a table is misspelt, and none is in two rows.
    #[test]
    fn every_code_of_a_sign_in_is_in_one_row() {
        let mended: Vec<_> =
            TABLES.into_iter().flatten().flat_map(|remedy| remedy.codes).copied().collect();
        let codes: HashSet<_> = mended.iter().copied().collect();
        assert_eq!(codes.len(), mended.len(), "{mended:?}");
        let all = [Refusal::CODES, &Denial::CODES.concat()].concat().into_iter();
        assert_eq!(codes, all.filter(|code| !ELSEWHERE.contains(code)).collect());
    }

    #[test]
    fn names_the_steps_of_the_known_product_alone() {
        let remedy = remedy("audience_mismatch").unwrap();
        assert_eq!(remedy.steps(None).len(), 5);
        assert_eq!(remedy.steps(Some(Product::Keycloak)), [("Keycloak", "Settings, Client ID.")]);
    }
}
