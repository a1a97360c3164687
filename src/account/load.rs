//! One customer of the product: its id, its settings, its identity provider.

use std::rc::Rc;

use saml_verify::saml::{Binding, Endpoint, IdpMetadata, Location, MessageHead};
use saml_verify::time::UnixTime;

use crate::account::addresses::Addresses;
use crate::config::parse::Config;
use crate::error::denial::AccountDenial;
use crate::error::{Error, Fault};
use crate::ledger::changes::put::Current;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::model::trust::Trust;
use crate::platform::accounts::Accounts;
use crate::platform::context::{Platform, Service};
use crate::platform::metadata_cache::MetadataCache;

/// An account for which SSO is enabled.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    /// Names all that is stored for it.
    pub(crate) epoch: String,
    pub(crate) settings: AccountSettings,
    pub(crate) idp: Rc<IdpMetadata>,
    /// What its IdP knows us by.
    pub(crate) addresses: Addresses,
}

impl Account {
    /// The account `id` of which that is stored.
    pub(crate) fn of(
        id: AccountId,
        stored: &Stored,
        metadata: &MetadataCache,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let epoch = stored.revision();
        let xml = stored.metadata.as_deref().ok_or(AccountDenial::SsoNotEnabled)?;
        let idp = metadata.parse(xml).map_err(Error::Metadata)?;
        idp.require_unexpired(now).map_err(Error::Metadata)?;
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(&id, &settings, config)?;
        Ok(Self { id, epoch, settings, idp, addresses })
    }

    /// Where an AuthnRequest goes, and how.
    pub(crate) fn sso_endpoint(&self) -> Result<&Endpoint, AccountDenial> {
        preferred(self.idp.single_sign_on_services()).ok_or(AccountDenial::SsoEndpointMissing)
    }

    /// Where messages of single logout go, and how.
    pub(crate) fn slo_endpoint(&self) -> Option<&Endpoint> {
        preferred(self.idp.single_logout_services())
    }

    /// The head of a message to its IdP.
    pub(crate) fn message_head<'a>(
        &'a self,
        id: &'a str,
        destination: &'a Location,
        issued: UnixTime,
    ) -> MessageHead<'a> {
        let issuer = self.addresses.entity_id();
        MessageHead { id, issuer, destination: destination.as_str(), issued }
    }

    /// What it trusts.
    pub(crate) fn trust(&self) -> Trust {
        Trust::read(&self.idp, &self.settings)
    }

    /// Whether an AuthnRequest is signed.
    pub(crate) fn signs_requests(&self) -> bool {
        self.settings.signed_requests || self.idp.want_authn_requests_signed()
    }
}

/// By Redirect where the IdP takes that.
fn preferred(offered: &[Endpoint]) -> Option<&Endpoint> {
    let by = |binding| offered.iter().find(|endpoint| endpoint.binding == binding);
    by(Binding::HttpRedirect).or_else(|| by(Binding::HttpPost))
}

/// The account `id`, as it is stored. The stored metadata alone enables SSO.
pub(crate) async fn load(
    cx: &Service<'_, impl Platform>,
    id: AccountId,
    now: UnixTime,
) -> Result<Account, Error> {
    let stored = cx.accounts.stored(&id).await?;
    Account::of(id, &stored, cx.metadata, cx.config, now)
}

/// What is stored for `account`, this service's own last change of it included.
pub(crate) async fn current(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Stored, Fault> {
    let is_heard = cx.config.webhook.is_some();
    let current = Current { account: account.clone(), is_heard, now: now.seconds() };
    cx.ledger.ask(account, &current).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::IdpInitiated;

    #[test]
    fn takes_only_ids_that_are_safe_in_keys_and_paths() {
        for id in ["a", "acme", "A_b-9", &"x".repeat(64)] {
            assert_eq!(AccountId::parse(id).unwrap().as_str(), id);
        }
        for id in ["", ".", "..", "a.b", "a/b", "a:b", "a b", "a%2fb", "ä", "a\0", &"x".repeat(65)]
        {
            assert_eq!(AccountId::parse(id), None, "{id}");
        }
    }

    #[test]
    fn reads_settings() {
        assert_eq!(AccountSettings::parse("{}").unwrap(), AccountSettings::default());
        let json =
            r#"{"entity_id":"urn:x","idp_initiated":"on","claims":{"role":"r"},"roles":["a"]}"#;
        let settings = AccountSettings::parse(json).unwrap();
        assert_eq!(settings.entity_id.as_deref(), Some("urn:x"));
        assert_eq!(settings.idp_initiated, IdpInitiated::On);
        assert_eq!(settings.claims.role.as_deref(), Some("r"));
        assert_eq!(settings.roles, Some(vec!["a".to_owned()]));
    }

    #[test]
    fn choices_narrow_and_never_widen() {
        use IdpInitiated::{Off, On, Upgrade};
        for (allowed, chosen, expected) in [
            ("off", "on", Off),
            ("off", "upgrade", Off),
            ("upgrade", "on", Upgrade),
            ("upgrade", "off", Off),
            ("on", "upgrade", Upgrade),
            ("on", "on", On),
        ] {
            let json = format!(
                r#"{{"idp_initiated":"{allowed}","choices":{{"idp_initiated":"{chosen}"}}}}"#
            );
            assert_eq!(AccountSettings::parse(&json).unwrap().idp_initiated(), expected, "{json}");
        }
        assert_eq!(
            AccountSettings::parse(r#"{"idp_initiated":"on"}"#).unwrap().idp_initiated(),
            On
        );
        for (allowed, chosen, expected) in [
            ("null", "null", None),
            (r#"["a.example"]"#, "null", Some(vec!["a.example"])),
            ("null", r#"["b.example"]"#, Some(vec!["b.example"])),
            (
                r#"["a.example","b.example"]"#,
                r#"["b.example","c.example"]"#,
                Some(vec!["b.example"]),
            ),
            (r#"["a.example"]"#, r#"["b.example"]"#, Some(vec![])),
        ] {
            let json = format!(r#"{{"domains":{allowed},"choices":{{"domains":{chosen}}}}}"#);
            let expected = expected.map(|it| it.into_iter().map(str::to_owned).collect());
            assert_eq!(AccountSettings::parse(&json).unwrap().domains(), expected, "{json}");
        }
    }

    #[test]
    fn says_where_settings_are_wrong() {
        for (json, named) in [
            ("", "line 1"),
            (r#"{"entityid":"urn:x"}"#, "`entityid`"),
            (r#"{"idp_initiated":"always"}"#, "`always`"),
            (r#"{"claims":{"mail":"m"}}"#, "`mail`"),
            ("{\n\"roles\":\"a\"}", "line 2"),
            (r#"{"allow_sha1_until":"2027-03-31"}"#, "allow_sha1_until"),
            (r#"{"allow_sha1_until":true}"#, "line 1"),
            (r#"{"domains":["Acme.example"]}"#, "domains"),
            (r#"{"domains":["acme.example","@x"]}"#, "domains"),
            (r#"{"domains":[""]}"#, "domains"),
            (r#"{"choices":{"domains":["@x"]}}"#, "domains"),
            (r#"{"choices":{"roles":["a"]}}"#, "`roles`"),
            (r#"{"entity_id":""}"#, "entity_id"),
            (r#"{"entity_id":"urn:x y"}"#, "entity_id"),
            (r#"{"entity_id":"urn:a","entity_id":"urn:b"}"#, "`entity_id`"),
            (r#"{"force_authn":"true"}"#, "line 1"),
            (r#"{"name_id_format":"emailAddress"}"#, "name_id_format"),
            (r#"{"new_certificates":"trust"}"#, "`trust`"),
            (r#"{"authn_context":["urn:a","b"]}"#, "authn_context"),
        ] {
            let fault = AccountSettings::parse(json).unwrap_err();
            assert_eq!(fault.code(), "settings_invalid");
            assert!(fault.to_string().contains(named), "{json}: {fault}");
        }
    }
}
