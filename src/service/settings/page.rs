//! The settings page.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service::account::{AccountId, AccountSettings, IdpInitiated};
use crate::service::addresses::Addresses;
use crate::service::answer::field;
use crate::service::config::Config;
use crate::service::context::{Platform, Service};
use crate::service::error::Fault;
use crate::service::pages::SettingsPage;
use crate::service::refresh::NewCertificates;
use crate::service::settings::authorise::Administrator;
use crate::service::settings::edit::Edit;
use crate::service::settings::idp::StoredIdp;
use crate::service::settings::typed::{Notice, Typed};
use crate::service::settings::values::{ClaimLine, ValueLine, claims, entrances, values};
use crate::service::settings::{authorise, published, sign_ins, versions};
use crate::service::store::Stored;
use crate::service::{Answer, Entropy, Reply, Request, change};

/// All that the page shows.
#[derive(Debug)]
pub(crate) struct SettingsView {
    pub(crate) values: Vec<ValueLine>,
    /// Where people sign in.
    pub(crate) entrances: [ValueLine; 2],
    pub(crate) claims: Vec<ClaimLine>,
    pub(crate) idp: StoredIdp,
    pub(crate) settings: AccountSettings,
    /// Our entity id where the settings have none.
    pub(crate) default_entity_id: String,
}

impl SettingsView {
    fn of(
        account: &AccountId,
        stored: &Stored,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Fault> {
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(account, &settings, config)?;
        let default = AccountSettings { entity_id: None, ..settings.clone() };
        Ok(Self {
            values: values(account, &addresses, config),
            entrances: entrances(account, config),
            claims: claims(account, &settings, config),
            idp: StoredIdp::of(stored.metadata.as_deref(), now),
            default_entity_id: Addresses::of(account, &default, config)?.entity_id,
            settings,
        })
    }

    pub(crate) const fn is_on(&self) -> bool {
        matches!(self.idp, StoredIdp::Usable(_))
    }

    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self.idp, StoredIdp::Absent)
    }

    pub(crate) fn idp_initiated(&self) -> &'static str {
        idp_initiated(self.settings.idp_initiated())
    }

    /// What the account's own people can choose, of what operators allow.
    pub(crate) fn starts(&self) -> impl Iterator<Item = &(IdpInitiated, &str, &str)> {
        IDP_INITIATED.iter().filter(|(choice, ..)| *choice <= self.settings.idp_initiated)
    }

    /// What they cannot.
    pub(crate) fn closed_starts(&self) -> impl Iterator<Item = &'static str> {
        let closed =
            IDP_INITIATED.iter().filter(|(choice, ..)| *choice > self.settings.idp_initiated);
        closed.map(|(_, label, _)| *label)
    }

    /// The domains that are in force.
    pub(crate) fn domains(&self) -> Option<Vec<String>> {
        self.settings.domains()
    }
}

/// What may become of logins that start at the IdP: a label and a hint.
const IDP_INITIATED: [(IdpInitiated, &str, &str); 3] = [
    (
        IdpInitiated::Upgrade,
        idp_initiated(IdpInitiated::Upgrade),
        "Safe, and people notice nothing: one more redirect makes sure that they meant it.",
    ),
    (
        IdpInitiated::On,
        idp_initiated(IdpInitiated::On),
        "Only for identity providers without a sign-in address: somebody could be signed in to an \
         account that is not their own.",
    ),
    (IdpInitiated::Off, idp_initiated(IdpInitiated::Off), "People start here instead."),
];

/// What may become of what is new at the metadata's address: a label and a hint.
pub(crate) const NEW_CERTIFICATES: [(NewCertificates, &str, &str); 2] = [
    (
        NewCertificates::Approve,
        new_certificates(NewCertificates::Approve),
        "Somebody looks at them here first. Until then, what is trusted today stays trusted.",
    ),
    (
        NewCertificates::Accept,
        new_certificates(NewCertificates::Accept),
        "Whoever controls the server at the address then decides who signs in.",
    ),
];

/// What becomes of new certificates at an address, in words.
pub(super) const fn new_certificates(choice: NewCertificates) -> &'static str {
    match choice {
        NewCertificates::Accept => "They are trusted at once",
        NewCertificates::Approve => "They wait for a yes",
    }
}

/// What becomes of logins that start at the IdP, in words.
pub(super) const fn idp_initiated(choice: IdpInitiated) -> &'static str {
    match choice {
        IdpInitiated::Off => "Refused",
        IdpInitiated::On => "Accepted as they are",
        IdpInitiated::Upgrade => "Confirmed by a sign-in that starts here",
    }
}

pub(super) async fn settings_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let administrator = match authorise::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(barred) => return Reply::barred(&barred, account, entropy),
    };
    let notice = field(request.query, "done").and_then(|done| Notice::of_deed(&done));
    let shown = Shown { notice, typed: None };
    let answer = settings_answer(cx, 200, account, &administrator, shown, now).await;
    answer.map_or_else(
        |fault| Reply::settings_failed(&fault.into(), account, &hex(&entropy.reference)),
        Reply::from,
    )
}

/// The page as it is stored, but for what is `shown` beyond that.
pub(super) async fn settings_answer(
    cx: &Service<'_, impl Platform>,
    status: u16,
    account: &AccountId,
    administrator: &Administrator,
    shown: Shown<'_>,
    now: UnixTime,
) -> Result<Answer, Fault> {
    let stored = change::current(cx, account, now).await?;
    let view = &SettingsView::of(account, &stored, cx.config, now)?;
    let user = administrator.user();
    let sign_ins = &sign_ins::last_sign_ins(cx, account, administrator).await?;
    let page = SettingsPage {
        account,
        view,
        published: published::published(cx, account, &stored, &view.settings, now).await?,
        sign_ins,
        user,
        versions: &versions::earlier_versions(cx, account, &stored, user).await?,
        form_token: &administrator.form_token(account, cx.config),
        may_change: shown.typed.is_some() || administrator.require_proof(now).is_ok(),
        typed: Typed::of(view, shown.typed),
        notice: shown.notice,
    };
    Ok(Answer::settings_page(status, &page))
}

/// What a page shows beyond what is stored.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    pub(super) notice: Option<Notice>,
    /// What was typed before and must be mended.
    pub(super) typed: Option<&'a Edit>,
}
