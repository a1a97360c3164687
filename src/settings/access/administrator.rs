//! Who may see and change an account's settings, which are its trust root (row H12).

use saml_verify::time::UnixTime;

use crate::config::parse::Config;
use crate::error::Error;
use crate::error::denial::SettingsDenial;
use crate::http::request::Request;
use crate::ledger::audit::actor::Actor;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::ListLinks;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::session::issue::Session;
use crate::settings::access::setup_link::LinkHolder;

/// How long after a forced sign-in a user may change settings: the time it takes to set up an
/// application at the IdP and to return with its metadata.
const PROOF_SECONDS: i64 = 30 * 60;

/// A visitor with access to the settings of one account. Only [`administrator`] makes one.
#[derive(Debug)]
pub(crate) enum Administrator {
    /// The holder of a setup link.
    LinkHolder(LinkHolder),
    /// A user of this account with a role of `ADMIN_ROLES`.
    User(Session),
}

/// Why a visitor has no access to the settings.
#[derive(Debug)]
pub(crate) enum AccessDenied {
    /// There is no session.
    NotSignedIn,
    /// The role is another one, the link has expired, or the ledger gave no answer.
    Error(Error),
}

impl<E: Into<Error>> From<E> for AccessDenied {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Administrator {
    /// Identifies the browser, to which its forms are bound.
    fn browser(&self) -> &str {
        match self {
            Self::LinkHolder(holder) => &holder.id,
            Self::User(session) => &session.sid,
        }
    }

    /// The actor of the changes, for the audit log.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Self::LinkHolder(holder) => Actor::SetupLink(holder.link.clone()),
            Self::User(session) => Actor::User(session.sub.clone()),
        }
    }

    /// The session of the user; `None` for the holder of a setup link.
    pub(crate) const fn user(&self) -> Option<&Session> {
        match self {
            Self::LinkHolder(_) => None,
            Self::User(session) => Some(session),
        }
    }

    /// Denies a user whose last forced sign-in is too old: an unlocked computer must not be enough
    /// to change which keys the account trusts. Holders of a link have nothing to sign in with.
    pub(crate) fn require_proof(&self, now: UnixTime) -> Result<(), SettingsDenial> {
        match self {
            Self::LinkHolder(_) => Ok(()),
            Self::User(session) if session.is_proved_within(PROOF_SECONDS, now) => Ok(()),
            Self::User(_) => Err(SettingsDenial::ReauthenticationDue),
        }
    }

    /// The `form_token` of every form of the settings. No other site and no other browser can know
    /// it.
    pub(crate) fn form_token(&self, account: &AccountId, config: &Config) -> String {
        config.keys.form.tag(&self.form(account))
    }

    /// Denies a form that was not shown to this browser.
    pub(crate) fn require_form_token(
        &self,
        token: Option<&str>,
        account: &AccountId,
        config: &Config,
    ) -> Result<(), SettingsDenial> {
        let holds = token.is_some_and(|token| config.keys.form.holds(&self.form(account), token));
        if holds { Ok(()) } else { Err(SettingsDenial::FormTokenInvalid) }
    }

    /// The `shown` of a review's form. It binds the confirmation to this browser and to the states
    /// before and after that the review showed.
    pub(crate) fn review_token(
        &self,
        account: &AccountId,
        before: &Stored,
        after: &Stored,
        config: &Config,
    ) -> String {
        let form = self.form(account);
        config.keys.form.tag(&format!("{form}.{}.{}", before.revision(), after.revision()))
    }

    fn form(&self, account: &AccountId) -> String {
        format!("{account}.{}", self.browser())
    }
}

/// The visitor with access to the settings of `account`, or why there is none. The ledger is asked
/// at every request: a cookie alone would give access after its session was ended or its link was
/// revoked.
///
/// A user of another account gets the same answer whether `account` exists or not.
pub(crate) async fn administrator(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    now: UnixTime,
) -> Result<Administrator, AccessDenied> {
    let holder = LinkHolder::of(request.cookies, account, cx.config, now);
    let had_link = holder.is_some();
    if let Some(holder) = holder {
        // Links end with the metadata, which may have been deleted in the store directly.
        current::show_stored(cx, account, now).await?;
        let links = cx.ledger.ask(account, &ListLinks { now: now.seconds() }).await?;
        if links.iter().any(|link| link.id == holder.link) {
            return Ok(Administrator::LinkHolder(holder));
        }
    }
    let Some(session) = Session::last_known(request.cookies, cx.config, now) else {
        let over = || SettingsDenial::SetupLinkInvalid.into();
        return Err(if had_link { over() } else { AccessDenied::NotSignedIn });
    };
    if session.account != account.as_str()
        || !cx.config.roles.administrators.contains(&session.role)
    {
        return Err(SettingsDenial::SettingsForbidden.into());
    }
    match current::still_stands(cx, account, &session, now).await? {
        true => Ok(Administrator::User(session)),
        false => Err(AccessDenied::NotSignedIn),
    }
}
