//! From what an IdP says about a user to what this product knows about one.

use saml_verify::saml::Contents;
use saml_verify::time::UnixTime;
use sha2::{Digest, Sha256};

use crate::account::load::Account;
use crate::config::parse::Config;
use crate::encoding::base64url_encode;
use crate::error::denial::ClaimDenial;
use crate::ledger::logins::users::User;
use crate::ledger::sessions::idp_session::IdpSession;
use crate::model::account_id::AccountId;
use crate::model::email::plain_email;

/// What Entra sends instead of more than 150 groups: where they could be asked for.
const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

/// A user as the account's IdP vouches for one.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) account: String,
    /// Stable for as long as account, Issuer and NameID are: the e-mail is only a label, unless
    /// there is no NameID (row G3).
    pub(crate) subject: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) authn_context: Option<String>,
    /// Whether the IdP was asked to have them prove it anew, and did.
    pub(crate) proved: bool,
    /// Digest of Issuer and SessionIndex.
    pub(crate) session_index: Option<String>,
    pub(crate) idp_session: IdpSession,
    /// SessionNotOnOrAfter.
    pub(crate) until: Option<UnixTime>,
}

impl Identity {
    /// What the ledger remembers.
    pub(crate) fn user(&self) -> User {
        User {
            sub: self.subject.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            role: self.role.clone(),
        }
    }

    /// Maps claims by exact Name, values by exact text. Nothing is taken for granted but the
    /// display name, for which the e-mail stands in.
    pub(crate) fn map(
        contents: &Contents,
        account: &Account,
        config: &Config,
    ) -> Result<Self, ClaimDenial> {
        require_account(|claim| contents.attributes.values(claim), account, config)?;
        let role = role(contents, account, config)?;
        let email = email(contents, account)?;
        let name = account.settings.claims.name.as_ref().unwrap_or(&config.claims.name);
        let names = contents.attributes.values(name).iter();
        let name = names.map(|name| name.trim()).find(|name| !name.is_empty());
        let names_of = SubjectDigests { account: &account.id, issuer: &contents.issuer };
        let session_index = contents.session_index.as_deref();
        Ok(Self {
            account: account.id.to_string(),
            subject: match &contents.name_id {
                Some(name_id) => names_of.subject(&name_id.value),
                None => names_of.nameless_subject(&email),
            },
            session_index: session_index.map(|index| match &contents.name_id {
                Some(_) => names_of.session_index(index),
                None => names_of.nameless_session_index(index),
            }),
            name: name.unwrap_or(&email).to_owned(),
            email,
            role,
            authn_context: contents.authn_context_class_ref.clone(),
            proved: false,
            until: contents.session_not_on_or_after,
            idp_session: IdpSession::new(
                contents.issuer.clone(),
                contents.name_id.clone(),
                contents.session_index.clone(),
            ),
        })
    }
}

/// The IdP must name the very account whose keys verified the response (row G1).
pub(crate) fn require_account<'a>(
    values: impl FnOnce(&str) -> &'a [String],
    account: &Account,
    config: &Config,
) -> Result<(), ClaimDenial> {
    let claim = account.settings.claims.account.as_ref().unwrap_or(&config.claims.account);
    match Value::of(values(claim)) {
        Value::Missing => Err(ClaimDenial::AccountClaimMissing { claim: claim.clone() }),
        Value::One(value) if value == account.id.as_str() => Ok(()),
        Value::One(_) | Value::Several => {
            Err(ClaimDenial::AccountMismatch { claim: claim.clone() })
        }
    }
}

/// What a claim says that may say but one thing. One value twice is one: some IdPs send an
/// attribute under each NameFormat. Of different ones none may be picked for the user.
enum Value<'a> {
    Missing,
    One(&'a str),
    Several,
}

impl<'a> Value<'a> {
    fn of(values: &'a [String]) -> Self {
        match values {
            [] => Self::Missing,
            [first, more @ ..] if more.iter().all(|it| it == first) => Self::One(first),
            [_, ..] => Self::Several,
        }
    }
}

/// The one accepted role among the claim's values. Entra and Okta send groups and Keycloak roles of
/// its own beside it, which mean nothing here; of two that do mean something, none is picked for
/// the user (row G4).
pub(crate) fn role(
    contents: &Contents,
    account: &Account,
    config: &Config,
) -> Result<String, ClaimDenial> {
    let claim = account.settings.claims.role.clone();
    let claim = claim.unwrap_or_else(|| config.claims.role.clone());
    let values = contents.attributes.values(&claim);
    let mut held = config.roles.all.iter().filter(|role| values.contains(role));
    let role = held.next();
    if held.any(|other| role != Some(other)) {
        return Err(ClaimDenial::RoleRepeated { claim });
    }
    let ceiling = account.settings.roles.as_ref();
    let allowed = |role: &&String| ceiling.is_none_or(|ceiling| ceiling.contains(role));
    let roles = || config.roles.all.iter().filter(allowed).cloned().collect();
    match role {
        Some(role) if allowed(&role) => Ok(role.clone()),
        Some(_) => Err(ClaimDenial::RoleNotAllowed { claim, roles: roles() }),
        None if !values.is_empty() => Err(ClaimDenial::RoleNotListed { claim, roles: roles() }),
        None if !contents.attributes.values(GROUPS_LINK).is_empty() => {
            Err(ClaimDenial::GroupsOmitted { claim })
        }
        None => Err(ClaimDenial::RoleMissing { claim, roles: roles() }),
    }
}

fn email(contents: &Contents, account: &Account) -> Result<String, ClaimDenial> {
    let claim = account.settings.claims.email.as_deref();
    let value = match (claim, &contents.name_id) {
        (Some(claim), _) => Value::of(contents.attributes.values(claim)),
        (None, Some(name_id)) => Value::One(&name_id.value),
        (None, None) => Value::Missing,
    };
    let source_of_email = claim.unwrap_or("NameID").to_owned();
    let email = match value {
        Value::Several => return Err(ClaimDenial::EmailRepeated { claim: source_of_email }),
        Value::One(value) => plain_email(value),
        Value::Missing => None,
    };
    let Some(email) = email else { return Err(ClaimDenial::EmailInvalid { source_of_email }) };
    // Row G3: the administrators of an IdP can put any address into an assertion.
    let is_listed = |domains: &Vec<String>| {
        email.split_once('@').is_some_and(|(_, domain)| domains.iter().any(|it| it == domain))
    };
    match account.settings.domains() {
        Some(domains) if !is_listed(&domains) => {
            Err(ClaimDenial::EmailDomainNotListed { source_of_email })
        }
        Some(_) | None => Ok(email),
    }
}

/// What this service calls the subjects and sessions of one IdP in one account: digests, so that no
/// foreign text becomes a key (row G8).
pub(crate) struct SubjectDigests<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) issuer: &'a str,
}

impl SubjectDigests<'_> {
    /// Of a NameID, by its value alone: Entra's LogoutRequests give it another Format than its
    /// assertions do.
    pub(crate) fn subject(&self, name_id: &str) -> String {
        digest(&[self.account.as_str(), self.issuer, name_id])
    }

    /// Of a SessionIndex.
    pub(crate) fn session_index(&self, index: &str) -> String {
        digest(&["SessionIndex", self.account.as_str(), self.issuer, index])
    }

    /// Of a subject without a NameID, by its address in the account's claim. No NameID has this
    /// form, so neither can be taken for the other.
    pub(crate) fn nameless_subject(&self, email: &str) -> String {
        digest(&["EmailClaim", self.account.as_str(), self.issuer, email])
    }

    /// Of the SessionIndex of such a subject, by which alone a LogoutRequest can mean its session.
    pub(crate) fn nameless_session_index(&self, index: &str) -> String {
        digest(&["EmailClaim.SessionIndex", self.account.as_str(), self.issuer, index])
    }
}

/// SHA-256 over the parts, each after its length, so that no two lists share an input.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_string());
        hash.update(":");
        hash.update(part);
    }
    base64url_encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::email::EMAIL_OCTETS;

    #[test]
    fn takes_plain_addresses() {
        for (text, email) in [
            ("ada@example.com", "ada@example.com"),
            ("Ada.L+x@EXAMPLE.co.uk", "Ada.L+x@example.co.uk"),
            ("o'neil@x", "o'neil@x"),
        ] {
            assert_eq!(plain_email(text).as_deref(), Some(email));
        }
    }

    #[test]
    fn refuses_addresses_that_could_be_read_in_two_ways() {
        let long = format!("{}@example.com", "a".repeat(EMAIL_OCTETS));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example.com@evil.example",
            "ada@example.com ",
            " ada@example.com",
            "ada@example.com\n",
            "ada @example.com",
            "ada@exa mple.com",
            "ada@example..com",
            "ada@example.com.",
            "ada@[127.0.0.1]",
            "ada@ex\u{430}mple.com",
            "\u{430}da@example.com",
            "\"ada@evil\"@example.com",
            "Ada <ada@example.com>",
            "a,b@example.com",
            "ada_example.com#EXT#@acme.onmicrosoft.com",
            &long,
        ] {
            assert_eq!(plain_email(text), None, "{text}");
        }
    }

    #[test]
    fn separates_subjects() {
        assert_ne!(digest(&["a", "bc"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["1:a", ""]), digest(&["", "1:a"]));
        assert_eq!(digest(&["a", "b"]).len(), 43);
    }
}
