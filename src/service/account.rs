//! One customer of the product: its id, its settings, its identity provider.

use std::fmt;
use std::rc::Rc;

use saml_verify::dsig::Sha1;
use saml_verify::saml::{Binding, Endpoint, IdpMetadata, Location, MessageHead, Wishes};
use saml_verify::time::UnixTime;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::service::addresses::{Acs, Addresses, is_entity_id};
use crate::service::claims::is_domain;
use crate::service::config::Config;
use crate::service::error::{Denial, Error, Fault};
use crate::service::metadata_cache::MetadataCache;
use crate::service::refresh::NewCertificates;
use crate::service::store::{Accounts, Stored};
use crate::service::trust::Trust;

/// An account's id: 1–64 of `A–Z a–z 0–9 _ -`. Only such text ever becomes part of a key or an
/// address (row G8).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Takes a path segment or a form field; `None` where no account could have that id.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-');
        ((1..=64).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What becomes of a login that starts at the IdP. Such a response answers no request of ours, so
/// anyone could plant it in a victim's browser (row F4).
///
/// In the order of what they let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdpInitiated {
    /// Refused.
    Off,
    /// Verified in full, then replaced by a login that starts here.
    #[default]
    Upgrade,
    /// Accepted as it is, for IdPs without an SSO endpoint.
    On,
}

impl IdpInitiated {
    /// As the settings say it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Upgrade => "upgrade",
            Self::On => "on",
        }
    }

    /// Reads what the settings say.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Upgrade, Self::On].into_iter().find(|it| it.as_str() == text)
    }
}

/// Names of claims that an account's IdP uses instead of the deployment's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimOverrides {
    /// Instead of `ACCOUNT_CLAIM`.
    pub account: Option<String>,
    /// Instead of the NameID.
    pub email: Option<String>,
    /// Instead of `NAME_CLAIM`.
    pub name: Option<String>,
    /// Instead of `ROLE_CLAIM`.
    pub role: Option<String>,
}

/// What an account's own administrators have chosen on the settings page, within what operators allow:
/// whatever stands here, it can only narrow that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    /// Domains of which the user's e-mail address must have one as well.
    pub domains: Option<Vec<String>>,
    /// Logins that start at the IdP.
    pub idp_initiated: Option<IdpInitiated>,
}

/// What an operator may set for one account; every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountSettings {
    /// Where the IdP posts to, instead of `DEFAULT_ACS`.
    pub acs: Option<Acs>,
    /// Until when signatures made with SHA-1 are taken, as `2027-03-31T00:00:00Z`; not at all where
    /// absent (row D3).
    #[serde(deserialize_with = "time")]
    pub allow_sha1_until: Option<UnixTime>,
    /// Whether LogoutRequests are taken that nobody signed: whoever knows a user's NameID can sign
    /// them out then (row F8).
    pub allow_unsigned_logout: bool,
    /// AuthnContextClassRefs that requests ask for, of which the IdP must meet one exactly.
    pub authn_context: Vec<String>,
    /// What its administrators have chosen within this.
    pub choices: Choices,
    /// Claim names.
    pub claims: ClaimOverrides,
    /// Domains of which the user's e-mail address must have one; any where absent (row G3). The account's
    /// own people cannot lift them.
    pub domains: Option<Vec<String>>,
    /// Our entity id towards this account's IdP, instead of `{BASE_URL}/sso/{account}/metadata` or,
    /// in the shared mode, `DEFAULT_ENTITY_ID`. A fragment in it is the account's id.
    pub entity_id: Option<String>,
    /// Whether requests ask that users prove anew who they are.
    pub force_authn: bool,
    /// The most that becomes of logins that start at the IdP. The account's own people can choose less.
    pub idp_initiated: IdpInitiated,
    /// Whether requests ask the IdP not to show itself.
    pub is_passive: bool,
    /// Whether the IdP is told the e-mail address that a login was started with.
    pub login_hint: bool,
    /// Where the IdP publishes its metadata, which is fetched from there anew.
    pub metadata_url: Option<String>,
    /// The Format of NameID that requests ask for.
    pub name_id_format: Option<String>,
    /// What becomes of new signing certificates at `metadata_url`.
    pub new_certificates: NewCertificates,
    /// The roles of `ROLES` that this account may grant (row G4); all of them where absent.
    pub roles: Option<Vec<String>>,
    /// Whether requests are signed even where the IdP's metadata does not ask for it.
    pub signed_requests: bool,
}

impl AccountSettings {
    /// Reads settings as JSON. A fault names the field, or its place in the text.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        let settings: Self = serde_json::from_str(json)
            .map_err(|malformed| Fault::SettingsInvalid(malformed.to_string()))?;
        if settings.entity_id.as_deref().is_some_and(|id| !is_entity_id(id)) {
            return Err(Fault::SettingsInvalid("entity_id".to_owned()));
        }
        let domains = settings.domains.iter().chain(&settings.choices.domains).flatten();
        if domains.into_iter().any(|domain| !is_domain(domain)) {
            let expected = "domains must be host names in lower case";
            return Err(Fault::SettingsInvalid(expected.to_owned()));
        }
        if settings.name_id_format.as_deref().is_some_and(|format| !is_uri(format)) {
            return Err(Fault::SettingsInvalid("name_id_format must be a URI".to_owned()));
        }
        if !settings.authn_context.iter().all(|class| is_uri(class)) {
            return Err(Fault::SettingsInvalid("authn_context must be a list of URIs".to_owned()));
        }
        Ok(settings)
    }

    /// Those of an account, of which none may be stored.
    pub(crate) fn stored(json: Option<&str>) -> Result<Self, Fault> {
        json.map_or_else(|| Ok(Self::default()), Self::parse)
    }

    /// Why `roles` names something that is no role of the product, for each that does.
    pub fn unknown_roles(&self, config: &Config) -> Vec<String> {
        let known = config.roles();
        let unknown = self.roles.iter().flatten().filter(|role| !known.contains(role));
        unknown.map(|role| format!("{role} is none of ROLES: {}", known.join(", "))).collect()
    }

    /// What becomes of logins that start at the IdP.
    pub(crate) fn idp_initiated(&self) -> IdpInitiated {
        self.choices.idp_initiated.map_or(self.idp_initiated, |it| it.min(self.idp_initiated))
    }

    /// Domains of which the user's e-mail address must have one; any where there is no list. Both the
    /// operators' list and the account's own must have it.
    pub(crate) fn domains(&self) -> Option<Vec<String>> {
        let Self { domains: allowed, choices: Choices { domains: chosen, .. }, .. } = self;
        let Some((allowed, chosen)) = allowed.as_ref().zip(chosen.as_ref()) else {
            return allowed.clone().or_else(|| chosen.clone());
        };
        Some(chosen.iter().filter(|it| allowed.contains(it)).cloned().collect())
    }

    /// What a request asks for.
    pub(crate) fn wishes(&self) -> Wishes<'_> {
        Wishes {
            force_authn: self.force_authn,
            is_passive: self.is_passive,
            name_id_format: self.name_id_format.as_deref(),
            authn_context: &self.authn_context,
        }
    }

    /// Whether SHA-1 is taken at `now`.
    pub(crate) fn sha1(&self, now: UnixTime) -> Sha1 {
        let is_allowed = self.allow_sha1_until.is_some_and(|until| now < until);
        if is_allowed { Sha1::Allowed } else { Sha1::Refused }
    }
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UnixTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let expected = "allow_sha1_until must be a time such as 2027-03-31T00:00:00Z";
    UnixTime::parse(&text).map(Some).map_err(|_| D::Error::custom(expected))
}

/// Whatever URI: which ones there are is for the IdP to know.
fn is_uri(text: &str) -> bool {
    is_entity_id(text) && Url::parse(text).is_ok()
}

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
    /// Reads what is stored for `id`. The stored metadata alone enables SSO.
    pub(crate) async fn load(
        id: AccountId,
        accounts: &impl Accounts,
        metadata: &MetadataCache,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let stored = accounts.stored(&id).await?;
        Self::of(id, &stored, metadata, config, now)
    }

    /// The account `id` of which that is stored.
    pub(crate) fn of(
        id: AccountId,
        stored: &Stored,
        metadata: &MetadataCache,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let epoch = stored.epoch();
        let xml = stored.metadata.as_deref().ok_or(Denial::SsoNotEnabled)?;
        let idp = metadata.parse(xml).map_err(Error::Metadata)?;
        idp.require_unexpired(now).map_err(Error::Metadata)?;
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(&id, &settings, config)?;
        Ok(Self { id, epoch, settings, idp, addresses })
    }

    /// Where an AuthnRequest goes, and how.
    pub(crate) fn sso_endpoint(&self) -> Result<&Endpoint, Denial> {
        preferred(self.idp.single_sign_on_services()).ok_or(Denial::SsoEndpointMissing)
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

#[cfg(test)]
mod tests {
    use super::*;

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
