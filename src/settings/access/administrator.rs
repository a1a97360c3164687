//! Who may see and change an account's settings, which are its trust root (row H12).

use saml_verify::time::UnixTime;

use crate::config::parse::Config;
use crate::error::{Denial, Error};
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::ListLinks;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::session::issue::Session;
use crate::settings::access::setup_link::Holder;

/// For how long somebody who has proved who they are may change settings: as long as it takes to
/// set up an application at the IdP and come back with its metadata.
const PROOF_SECONDS: i64 = 30 * 60;

/// A visitor who may change settings at this moment. Only [`administrator`] makes one.
#[derive(Debug)]
pub(crate) enum Administrator {
    /// Holds a setup link.
    LinkHolder(Holder),
    /// Is signed in to this very account, with a role of `ADMIN_ROLES`.
    User(Session),
}

/// Why a visitor may not change settings.
#[derive(Debug)]
pub(crate) enum Barred {
    /// There is no session.
    Unknown,
    /// The user may not, the link has expired, or the ledger could not be asked.
    Error(Error),
}

impl<E: Into<Error>> From<E> for Barred {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Administrator {
    /// Which of the account's browsers this is: what its forms are bound to.
    fn browser(&self) -> &str {
        match self {
            Self::LinkHolder(holder) => &holder.id,
            Self::User(session) => &session.sid,
        }
    }

    /// Who changes what is changed.
    pub(crate) fn actor(&self) -> Actor<'_> {
        match self {
            Self::LinkHolder(holder) => Actor::SetupLink(&holder.link),
            Self::User(session) => Actor::User(&session.sub),
        }
    }

    /// The user who is signed in; `None` for the holder of a setup link.
    pub(crate) const fn user(&self) -> Option<&Session> {
        match self {
            Self::LinkHolder(_) => None,
            Self::User(session) => Some(session),
        }
    }

    /// Denies whoever has not lately proved who they are: an unlocked computer must not be enough
    /// to change whom the account trusts. Holders of a link have nothing else to prove it with.
    pub(crate) fn require_proof(&self, now: UnixTime) -> Result<(), Denial> {
        match self {
            Self::LinkHolder(_) => Ok(()),
            Self::User(session) if session.is_proved_within(PROOF_SECONDS, now) => Ok(()),
            Self::User(_) => Err(Denial::ReauthenticationDue),
        }
    }

    /// What every form of the settings carries back as `form_token`: no other site, and no other
    /// browser, can know it.
    pub(crate) fn form_token(&self, account: &AccountId, config: &Config) -> String {
        config.keys.form.tag(&self.form(account))
    }

    /// Denies a form that no page of ours has shown to this very browser.
    pub(crate) fn require_form_token(
        &self,
        token: Option<&str>,
        account: &AccountId,
        config: &Config,
    ) -> Result<(), Denial> {
        let holds = token.is_some_and(|token| config.keys.form.holds(&self.form(account), token));
        if holds { Ok(()) } else { Err(Denial::FormTokenInvalid) }
    }

    /// What the form of a review carries back as `shown`: it names what was shown to this browser,
    /// and nobody agrees to what they did not see.
    pub(crate) fn shown(
        &self,
        account: &AccountId,
        before: &Stored,
        after: &Stored,
        config: &Config,
    ) -> String {
        let form = self.form(account);
        config.keys.form.tag(&format!("{form}.{}.{}", before.epoch(), after.epoch()))
    }

    fn form(&self, account: &AccountId) -> String {
        format!("{account}.{}", self.browser())
    }
}

/// Who asks for the settings of `account`. The ledger is asked each time: a cookie alone would let
/// somebody in for as long as it stands on its own after the session was ended or the link revoked.
///
/// Another account's user is told the same whether this account exists or not.
pub(crate) async fn administrator(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    now: UnixTime,
) -> Result<Administrator, Barred> {
    let holder = Holder::of(request.cookies, account, cx.config, now);
    let had_link = holder.is_some();
    if let Some(holder) = holder {
        // Links are over where the metadata has gone, and that may have been done past the ledger.
        current::show_stored(cx, account, now).await?;
        let links = cx.ledger.ask(account, &ListLinks { now: now.seconds() }).await?;
        if links.iter().any(|link| link.id == holder.link) {
            return Ok(Administrator::LinkHolder(holder));
        }
    }
    let Some(session) = Session::last_known(request.cookies, cx.config, now) else {
        let over = || Denial::SetupLinkInvalid.into();
        return Err(if had_link { over() } else { Barred::Unknown });
    };
    if session.account != account.as_str()
        || !cx.config.roles.administrators.contains(&session.role)
    {
        return Err(Denial::SettingsForbidden.into());
    }
    match current::still_stands(cx, account, &session, now).await? {
        true => Ok(Administrator::User(session)),
        false => Err(Barred::Unknown),
    }
}
