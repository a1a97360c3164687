//! Setup links: access to the settings of one account before any user can sign in to it.
//!
//! A link holds a token with a MAC, for one account and until one time, and has a row in the
//! account's ledger, so that it can be revoked. The MAC is checked first, so that a forged token
//! causes no ledger request. Opening a link only shows a page, so that mail filters and link
//! previews do not use it. The page's form exchanges the token for a cookie, so that the token
//! leaves the address bar. The ledger is asked about the link at every use of the cookie.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::config::parse::Config;
use crate::encoding::hex;
use crate::error::Fault;
use crate::error::denial::SettingsDenial;
use crate::http::cookie;
use crate::http::cookie::SameSite;
use crate::http::entropy::Entropy;
use crate::http::links;
use crate::ledger::setup_links::SetupLink;
use crate::model::account_id::AccountId;

const COOKIE: &str = cookie::SETUP;

/// Seconds for which one opening of a link gives access: a working day.
const SITTING: i64 = 12 * 60 * 60;

/// The token in a link.
#[derive(Debug)]
pub(crate) struct LinkToken {
    pub(crate) id: String,
    pub(crate) expires: i64,
}

impl LinkToken {
    /// What the MAC covers. Neither an account's id nor a link's has a dot.
    fn claims(&self, account: &AccountId) -> String {
        format!("{account}.{}.{}", self.id, self.expires)
    }

    fn seal(&self, account: &AccountId, config: &Config) -> String {
        let tag = config.keys.setup_link.tag(&self.claims(account));
        format!("{}.{}.{tag}", self.id, self.expires)
    }

    /// A token for `account` with a valid MAC that has not expired. The ledger knows whether it was
    /// revoked.
    pub(crate) fn open(
        text: Option<&str>,
        account: &AccountId,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, SettingsDenial> {
        let read = || {
            let (claims, tag) = text?.rsplit_once('.')?;
            let (id, expires) = claims.split_once('.')?;
            let token = Self { id: id.to_owned(), expires: expires.parse().ok()? };
            let is_ours = config.keys.setup_link.holds(&token.claims(account), tag);
            (is_ours && now.seconds() < token.expires).then_some(token)
        };
        read().ok_or(SettingsDenial::SetupLinkInvalid)
    }
}

/// A browser in which a link was opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LinkHolder {
    account: String,
    pub(crate) link: String,
    /// Identifies this browser.
    pub(crate) id: String,
    until: i64,
}

/// The Set-Cookie header that ends access by a link in this browser.
pub(crate) fn clear() -> String {
    cookie::clear(COOKIE)
}

impl LinkHolder {
    /// The browser in which `token` is opened now, and its cookie.
    pub(crate) fn admit(
        token: LinkToken,
        account: &AccountId,
        entropy: &Entropy,
        config: &Config,
        now: UnixTime,
    ) -> Result<String, Fault> {
        let until = token.expires.min(now.plus(SITTING).seconds());
        let id = hex(&entropy.id);
        let holder = Self { account: account.to_string(), link: token.id, id, until };
        let plain = serde_json::to_vec(&holder).map_err(|_| Fault::KeyUnusable)?;
        let value = config.keys.setup.seal(COOKIE, &plain, entropy.nonce)?;
        let max_age = u32::try_from(until.saturating_sub(now.seconds())).ok();
        Ok(cookie::set(COOKIE, &value, SameSite::Lax, max_age))
    }

    /// The holder of a link to `account`, by the cookie.
    pub(crate) fn of(
        cookies: Option<&str>,
        account: &AccountId,
        config: &Config,
        now: UnixTime,
    ) -> Option<Self> {
        let plain = config.keys.setup.open(COOKIE, cookie::value(cookies, COOKIE)?)?;
        let holder: Self = serde_json::from_slice(&plain).ok()?;
        (holder.account == account.as_str() && now.seconds() < holder.until).then_some(holder)
    }
}

/// The address of a link. It gives access to anyone who has it.
pub(crate) fn url(link: &SetupLink, account: &AccountId, config: &Config) -> String {
    let token = LinkToken { id: link.id.clone(), expires: link.expires };
    let token = token.seal(account, config);
    format!("{}{}?link={token}", config.base_url(), links::setup(account))
}
