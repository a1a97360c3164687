//! What to enter at the IdP: our addresses, and the claims that it must send.

use crate::account::addresses::{Addresses, slo_url};
use crate::config::parse::Config;
use crate::http::routes::Route;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;

/// A value to copy.
#[derive(Debug)]
pub(crate) struct ValueLine {
    pub(crate) id: &'static str,
    /// The name on Entra ID's page.
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) hint: &'static str,
}

/// A claim that the IdP must send.
#[derive(Debug)]
pub(crate) struct ClaimLine {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    /// The name exactly as it must be typed; `None` for the NameID.
    pub(crate) name: Option<String>,
    pub(crate) hint: String,
    /// The accepted values, if only some are.
    pub(crate) values: Vec<String>,
}

pub(crate) fn values(
    account: &AccountId,
    addresses: &Addresses,
    config: &Config,
) -> Vec<ValueLine> {
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
            hint: "Where people go whose sign-in starts at the identity provider. It can be any \
                   page of this site; if it is empty, they go to our own start page.",
        },
        ValueLine {
            id: "logout_url",
            label: "Logout URL",
            value: slo_url(account, config),
            hint: "Some call it Single Logout Service URL. Signing out works without it.",
        },
        ValueLine {
            id: "sp_metadata",
            label: "Address of our metadata",
            value: Route::Metadata(account.clone()).url(config),
            hint: "For identity providers that read all these values from it.",
        },
    ]
}

pub(crate) fn entrances(account: &AccountId, config: &Config) -> [ValueLine; 2] {
    [
        ValueLine {
            id: "sign_on_url",
            label: "Sign-on URL of this account",
            value: Route::Login(account.clone()).url(config),
            hint: "Goes straight to your identity provider. You can enter it there too, as the \
                   Sign on URL; otherwise leave that empty.",
        },
        ValueLine {
            id: "login_page",
            label: "Login page of all accounts",
            value: Route::LoginPage.url(config),
            hint: "Asks for the e-mail address, which it knows after a sign-in at the address \
                   above or from the identity provider. It also takes the account’s id.",
        },
    ]
}

pub(crate) fn claims(
    account: &AccountId,
    settings: &AccountSettings,
    config: &Config,
) -> Vec<ClaimLine> {
    let names = &settings.claims;
    let name = |own: &Option<String>, all: &String| Some(own.as_ref().unwrap_or(all).clone());
    let may_grant = |role: &&String| settings.roles.as_ref().is_none_or(|it| it.contains(role));
    let roles: Vec<_> = config.roles.all.iter().filter(may_grant).cloned().collect();
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
            hint: if roles.is_empty() {
                "There is none that this account may grant: ask this product’s operators."
                    .to_owned()
            } else {
                "Exactly one of".to_owned()
            },
            values: roles,
        },
    ]
}
