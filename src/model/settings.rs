//! What an account has set.

use saml_verify::dsig::Sha1;
use saml_verify::saml::Wishes;
use saml_verify::time::UnixTime;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Fault;
use crate::error::settings::{InvalidEntityId, InvalidSettings};
use crate::model::acs::Acs;
use crate::model::email::is_domain;
use crate::model::entity_id::is_entity_id;
use crate::model::new_certificates::NewCertificates;
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

/// What an account's own administrators have chosen on the settings page, within what operators
/// allow: whatever stands here, it can only narrow that.
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
    /// Domains of which the user's e-mail address must have one; any where absent (row G3). The
    /// account's own people cannot lift them.
    pub domains: Option<Vec<String>>,
    /// Our entity id towards this account's IdP, instead of `{BASE_URL}/sso/{account}/metadata` or,
    /// in the shared mode, `DEFAULT_ENTITY_ID`. A fragment in it is the account's id.
    pub entity_id: Option<String>,
    /// Whether requests ask that users prove anew who they are.
    pub force_authn: bool,
    /// The most that becomes of logins that start at the IdP. The account's own people can choose
    /// less.
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
        let settings: Self = serde_json::from_str(json).map_err(|malformed| {
            Fault::SettingsInvalid(InvalidSettings::Malformed(malformed.to_string()))
        })?;
        if settings.entity_id.as_deref().is_some_and(|id| !is_entity_id(id)) {
            let invalid = InvalidSettings::EntityId(InvalidEntityId::Malformed);
            return Err(Fault::SettingsInvalid(invalid));
        }
        let domains = settings.domains.iter().chain(&settings.choices.domains).flatten();
        if domains.into_iter().any(|domain| !is_domain(domain)) {
            return Err(Fault::SettingsInvalid(InvalidSettings::Domains));
        }
        if settings.name_id_format.as_deref().is_some_and(|format| !is_uri(format)) {
            return Err(Fault::SettingsInvalid(InvalidSettings::NameIdFormat));
        }
        if !settings.authn_context.iter().all(|class| is_uri(class)) {
            return Err(Fault::SettingsInvalid(InvalidSettings::AuthnContext));
        }
        Ok(settings)
    }

    /// The settings of an account; the default if none are stored.
    pub(crate) fn stored(json: Option<&str>) -> Result<Self, Fault> {
        json.map_or_else(|| Ok(Self::default()), Self::parse)
    }

    /// Why `roles` names something that is no role of the product, for each that does.
    pub fn unknown_roles(&self, known: &[String]) -> Vec<String> {
        let unknown = self.roles.iter().flatten().filter(|role| !known.contains(role));
        unknown.map(|role| format!("{role} is none of ROLES: {}", known.join(", "))).collect()
    }

    /// What becomes of logins that start at the IdP.
    pub(crate) fn idp_initiated(&self) -> IdpInitiated {
        self.choices.idp_initiated.map_or(self.idp_initiated, |it| it.min(self.idp_initiated))
    }

    /// Domains of which the user's e-mail address must have one; any where there is no list. Both
    /// the operators' list and the account's own must have it.
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

pub(crate) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<UnixTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let expected = "allow_sha1_until must be a time such as 2027-03-31T00:00:00Z";
    UnixTime::parse(&text).map(Some).map_err(|_| D::Error::custom(expected))
}

/// Whatever URI: which ones there are is for the IdP to know.
pub(crate) fn is_uri(text: &str) -> bool {
    is_entity_id(text) && Url::parse(text).is_ok()
}
