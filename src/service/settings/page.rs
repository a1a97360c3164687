//! The settings page: what to copy into the IdP, and what is known of it.

use super::certificate::CertificateLine;
use crate::encoding::hex;
use crate::saml::{Binding, Endpoint, IdpMetadata, Warning};
use crate::service::account::{AccountId, AccountSettings, IdpInitiated};
use crate::service::addresses::{Addresses, slo_url};
use crate::service::config::Config;
use crate::service::error::Fault;
use crate::service::ledger::Ledger;
use crate::service::pages::SettingsPage;
use crate::service::private_keys::PrivateKeys;
use crate::service::store::{Accounts, Stored};
use crate::service::{Answer, Entropy, Reply, Request, Service};
use crate::time::UnixTime;

/// A value to copy into the IdP.
#[derive(Debug)]
pub(crate) struct ValueLine {
    pub(crate) id: &'static str,
    /// As Entra ID's page calls it.
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) hint: &'static str,
}

/// A claim that the IdP must send.
#[derive(Debug)]
pub(crate) struct ClaimLine {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    /// Exactly as to be typed; `None` for the NameID.
    pub(crate) name: Option<String>,
    pub(crate) hint: String,
    /// The accepted values, where only some are.
    pub(crate) values: Vec<String>,
}

/// What is stored about the IdP, in words.
#[derive(Debug)]
pub(crate) enum StoredIdp {
    /// Nothing: single sign-on is off.
    Absent,
    /// Something that cannot be used, with the code.
    Unusable(&'static str),
    Usable(IdpView),
}

#[derive(Debug)]
pub(crate) struct IdpView {
    pub(crate) entity_id: String,
    pub(crate) endpoints: Vec<String>,
    pub(crate) certificates: Vec<CertificateLine>,
    /// What to look after, apart from the certificates' dates.
    pub(crate) warnings: Vec<String>,
}

/// All that the page shows.
#[derive(Debug)]
pub(crate) struct SettingsView {
    pub(crate) values: Vec<ValueLine>,
    pub(crate) claims: Vec<ClaimLine>,
    pub(crate) idp: StoredIdp,
    pub(crate) settings: AccountSettings,
}

impl SettingsView {
    pub(super) fn of(
        account: &AccountId,
        stored: &Stored,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Fault> {
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(account, &settings, config)?;
        Ok(Self {
            values: values(account, &addresses, config),
            claims: claims(account, &settings, config),
            idp: StoredIdp::of(stored.metadata.as_deref(), now),
            settings,
        })
    }

    pub(crate) fn is_on(&self) -> bool {
        matches!(self.idp, StoredIdp::Usable(_))
    }

    pub(crate) const fn idp_initiated(&self) -> &'static str {
        match self.settings.idp_initiated {
            IdpInitiated::Off => "Refused",
            IdpInitiated::On => "Accepted as they are",
            IdpInitiated::Upgrade => "Confirmed by a sign-in that starts here",
        }
    }
}

impl StoredIdp {
    fn of(metadata: Option<&str>, now: UnixTime) -> Self {
        let Some(xml) = metadata else { return Self::Absent };
        match IdpMetadata::parse(xml) {
            Ok(idp) => Self::Usable(IdpView::of(&idp, now)),
            Err(refusal) => Self::Unusable(refusal.code()),
        }
    }
}

impl IdpView {
    pub(super) fn of(idp: &IdpMetadata, now: UnixTime) -> Self {
        let certificates = idp.certificates().iter();
        let is_of_dates = |warning: &Warning| {
            matches!(
                warning,
                Warning::CertificateExpired { .. }
                    | Warning::CertificateExpires { .. }
                    | Warning::CertificateNotYetValid { .. }
            )
        };
        let warnings = idp.warnings(now).into_iter().filter(|warning| !is_of_dates(warning));
        Self {
            entity_id: idp.entity_id().to_owned(),
            endpoints: idp.single_sign_on_services().iter().map(endpoint).collect(),
            certificates: certificates.map(|it| CertificateLine::of(it, now)).collect(),
            warnings: warnings.map(|warning| warning.to_string()).collect(),
        }
    }
}

fn endpoint(endpoint: &Endpoint) -> String {
    let how = match endpoint.binding {
        Binding::HttpPost => "POST",
        Binding::HttpRedirect => "Redirect",
    };
    format!("{} ({how})", endpoint.location)
}

fn values(account: &AccountId, addresses: &Addresses, config: &Config) -> Vec<ValueLine> {
    vec![
        ValueLine {
            id: "identifier",
            label: "Identifier (Entity ID)",
            value: addresses.entity_id.clone(),
            hint: "Some call it Audience URI or SP Entity ID.",
        },
        ValueLine {
            id: "reply_url",
            label: "Reply URL (Assertion Consumer Service URL)",
            value: addresses.acs_url.clone(),
            hint: "Some call it ACS URL, or Single sign-on URL.",
        },
        ValueLine {
            id: "relay_state",
            label: "Relay State",
            value: format!("{}/", config.base_url()),
            hint: "Where people land whose sign-in starts at the identity provider. Any page of \
                   this site will do; empty is our own start page.",
        },
        ValueLine {
            id: "logout_url",
            label: "Logout URL",
            value: slo_url(account, config),
            hint: "Some call it Single Logout Service URL. Signing out works without it.",
        },
    ]
}

fn claims(account: &AccountId, settings: &AccountSettings, config: &Config) -> Vec<ClaimLine> {
    let names = &settings.claims;
    let name = |own: &Option<String>, all: &String| Some(own.as_ref().unwrap_or(all).clone());
    let may_grant = |role: &&String| settings.roles.as_ref().is_none_or(|it| it.contains(role));
    vec![
        ClaimLine {
            id: "claim_email",
            what: "E-mail address",
            name: names.email.clone(),
            hint: "In Entra ID, the source user.mail.".to_owned(),
            values: Vec::new(),
        },
        ClaimLine {
            id: "claim_account",
            what: "Account",
            name: name(&names.account, &config.claims.account),
            hint: "The same for everybody: exactly".to_owned(),
            values: vec![account.to_string()],
        },
        ClaimLine {
            id: "claim_name",
            what: "Full name",
            name: name(&names.name, &config.claims.name),
            hint: "For example given name and surname, joined by a space.".to_owned(),
            values: Vec::new(),
        },
        ClaimLine {
            id: "claim_role",
            what: "Role",
            name: name(&names.role, &config.claims.role),
            hint: "Exactly one of".to_owned(),
            values: config.roles.iter().filter(may_grant).cloned().collect(),
        },
    ]
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    pub(super) async fn settings_page(
        &self,
        account: &AccountId,
        request: &Request<'_>,
        entropy: &Entropy,
        now: UnixTime,
    ) -> Reply {
        let administrator = match self.administrator(account, request, now).await {
            Ok(administrator) => administrator,
            Err(barred) => return Reply::barred(&barred, account, entropy),
        };
        let view = async {
            let stored = self.accounts.stored(account).await?;
            SettingsView::of(account, &stored, self.config, now)
        };
        match view.await {
            Ok(view) => {
                let form_token = &*administrator.form_token(account, self.config);
                let user = administrator.user();
                let page = SettingsPage { account, view: &view, user, form_token };
                Answer::settings_page(200, &page).into()
            }
            Err(fault) => Reply::settings_failed(&fault.into(), account, &hex(&entropy.reference)),
        }
    }
}
