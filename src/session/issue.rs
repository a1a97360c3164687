//! The session: an identity token in a cookie, which costs microseconds to check and does not show
//! the token itself ([`crate::crypto::masked_token`]).

use saml_verify::error::Refusal;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::account::load::Account;
use crate::config::parse::Config;
use crate::encoding::{base64url_decode, hex};
use crate::error::denial::SessionDenial;
use crate::error::{Error, Fault};
use crate::http::cookie;
use crate::http::cookie::SameSite;
use crate::http::entropy::Entropy;
use crate::idp::claims::Identity;
use crate::idp::principal::Principal;
use crate::ledger::sessions::session::NewSession;
use crate::model::account_id::AccountId;
use crate::session::last_account;

const COOKIE: &str = cookie::SESSION;

/// The session's companion: which one it is and whose, as `sub.sid`. Renewals leave it alone.
///
/// No session counts without it. What a slow answer puts into the browser, after its session was
/// signed out there or another has begun, is then no session, instead of taking the other one's
/// place (row F4). The ACS reads from it whose session there is, since the IdP's POST brings no Lax
/// cookie. It can only cause a confirmation or invalidate a session, so it needs no seal.
const COMPANION: &str = cookie::COMPANION;

/// Largest cookie value: browsers cut at 4096 octets, and many origins take 8 KiB of headers in
/// all.
const COOKIE_OCTETS: usize = 2048;

/// The identity token's claims (RFC 7519 §4.1) and, where they are read back, who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    iss: String,
    aud: String,
    pub(crate) sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// From when on no renewal helps.
    pub(crate) until: i64,
    pub(crate) sid: String,
    pub(crate) account: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: String,
    /// AuthnContextClassRef (OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    /// When the user proved anew who they are, where that was asked for (OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
}

impl Session {
    /// Drafts the session of `identity`, which `id` alone names (row H5) and which ends before
    /// SessionNotOnOrAfter does (Core §2.7.2). Whatever can fail has failed before anything is
    /// claimed.
    pub(crate) fn draft(
        identity: Identity,
        account: &Account,
        device: &str,
        entropy: &Entropy,
        config: &Config,
        now: UnixTime,
    ) -> Result<Draft, Error> {
        let latest = now.plus(config.sessions.seconds);
        let until = identity.until.map_or(latest, |until| until.min(latest));
        if until <= now {
            return Err(Refusal::SessionExpired.into());
        }
        let session = Self {
            iss: config.base_url().to_owned(),
            aud: config.token.audience.clone(),
            sub: identity.subject,
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: token_end(now, until, config).seconds(),
            until: until.seconds(),
            sid: hex(&entropy.id),
            account: identity.account,
            email: identity.email,
            name: identity.name,
            role: identity.role,
            acr: identity.authn_context,
            auth_time: identity.proved.then_some(now.seconds()),
        };
        let (_, value) = session.seal(config)?;
        if value.len() > COOKIE_OCTETS {
            return Err(SessionDenial::SessionTooLarge.into());
        }
        let sealed =
            identity.idp_session.seal(&session.sid, &config.keys.idp_session, entropy.nonce)?;
        let row = NewSession {
            sid: session.sid,
            sub: session.sub.clone(),
            session_index: identity.session_index,
            device: device.to_owned(),
            epoch: account.epoch.clone(),
            sealed,
            expires: session.until,
        };
        let issued = Issued { value, sub: session.sub, sid: row.sid.clone() };
        Ok(Draft { issued, row })
    }

    /// The session that the cookies hold, if it is ours, beside its companion, and its time is not
    /// up. That says whom this browser was given to, and not that the session still stands:
    /// [`current`] does. Tokens of another host's deployment do not count, even under the same keys
    /// (row G7).
    ///
    /// [`current`]: crate::session::current
    pub(crate) fn last_known(
        cookies: Option<&str>,
        config: &Config,
        now: UnixTime,
    ) -> Option<Self> {
        Self::with_token(cookies, config, now).map(|(session, _)| session)
    }

    /// The session of a request's cookies, with its identity token.
    pub(crate) fn with_token(
        cookies: Option<&str>,
        config: &Config,
        now: UnixTime,
    ) -> Option<(Self, String)> {
        let (session, token) = Self::unsealed(cookie::value(cookies, COOKIE)?, config, now)?;
        let companion = Companion::of(cookies)?;
        let is_its = companion.sub == session.sub && companion.sid == Some(&session.sid);
        is_its.then_some((session, token))
    }

    /// What a cookie's value holds, whatever else the browser has.
    pub(crate) fn unsealed(value: &str, config: &Config, now: UnixTime) -> Option<(Self, String)> {
        let token = config.keys.cookie.unmask(value)?;
        let claims = token.split('.').nth(1)?;
        let session: Self = serde_json::from_slice(&base64url_decode(claims)?).ok()?;
        let is_ours = session.iss == config.base_url() && now.seconds() < session.until;
        is_ours.then_some((session, token))
    }

    /// Whether it stands on its own at `now`.
    pub(crate) fn standing(&self, config: &Config, now: UnixTime) -> Standing {
        let due = UnixTime::from_seconds(self.iat).plus(config.sessions.renew_seconds);
        if now.seconds() >= self.exp {
            Standing::Late
        } else if now >= due {
            Standing::Due
        } else {
            Standing::Stands
        }
    }

    /// The same session with a fresh token: for today's audience, signed and sealed by the current
    /// keys. It ends when it would have ended.
    pub(crate) fn again(&self, config: &Config, now: UnixTime) -> Result<Renewed, Fault> {
        let until = UnixTime::from_seconds(self.until);
        let session = Self {
            aud: config.token.audience.clone(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: token_end(now, until, config).seconds(),
            ..self.clone()
        };
        let (token, value) = session.seal(config)?;
        Ok(Renewed { session, token, value })
    }

    /// The session's identity token, and the value of the cookie that holds it.
    fn seal(&self, config: &Config) -> Result<(String, String), Fault> {
        let token = config.token.keys.sign(self)?;
        let value = config.keys.cookie.mask(&token).ok_or(Fault::KeyUnusable)?;
        Ok((token, value))
    }

    /// Whether the user has proved who they are within `seconds`, and not only opened a browser
    /// that was signed in.
    pub(crate) fn is_proved_within(&self, seconds: i64, now: UnixTime) -> bool {
        self.auth_time.is_some_and(|time| now < UnixTime::from_seconds(time).plus(seconds))
    }

    pub(crate) fn account_id(&self) -> Option<AccountId> {
        AccountId::parse(&self.account)
    }
}

/// The validity of a session at one moment, before the ledger is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The session is valid without asking the ledger.
    Stands,
    /// The session is due for renewal, and stays valid if the ledger is out of reach.
    Due,
    /// The session must be renewed, and is not valid if the ledger is out of reach.
    Late,
}

/// When a token that is made at `now` expires: never later than the session, and half of its time
/// after it is due, so that no origin gets one with a few seconds left.
fn token_end(now: UnixTime, until: UnixTime, config: &Config) -> UnixTime {
    now.plus(2 * config.sessions.renew_seconds).min(until)
}

/// A session that goes on, with a fresh token and its cookie's value.
#[derive(Debug)]
pub(crate) struct Renewed {
    pub(crate) session: Session,
    pub(crate) token: String,
    pub(crate) value: String,
}

impl Renewed {
    /// The Set-Cookie header that puts it in its own place.
    pub(crate) fn set_cookie(&self) -> String {
        cookie::set(COOKIE, &self.value, SameSite::Lax, None)
    }
}

/// A session that no browser has yet.
#[derive(Debug)]
pub(crate) struct Draft {
    issued: Issued,
    row: NewSession,
}

impl Draft {
    /// What the ledger keeps of it.
    pub(crate) const fn row(&self) -> &NewSession {
        &self.row
    }

    /// Signs `principal` in.
    pub(crate) fn start(self, _: Principal) -> Issued {
        self.issued
    }
}

/// The Set-Cookie headers that sign this browser out. Its account stays remembered.
pub(crate) fn clear() -> [String; 2] {
    [COOKIE, COMPANION].map(cookie::clear)
}

/// A session on its way into a browser.
#[derive(Debug)]
pub(crate) struct Issued {
    value: String,
    sub: String,
    sid: String,
}

impl Issued {
    /// The one whose cookie's value has been opened as `session`.
    pub(crate) fn again(value: String, session: &Session) -> Self {
        Self { value, sub: session.sub.clone(), sid: session.sid.clone() }
    }

    /// Whether another user is signed in, as far as a cross-site POST can tell.
    pub(crate) fn replaces_another(&self, cookies: Option<&str>) -> bool {
        Companion::of(cookies).is_some_and(|companion| companion.sub != self.sub)
    }

    pub(crate) fn into_value(self) -> String {
        self.value
    }

    /// The Set-Cookie headers that install it, and that remember its account.
    pub(crate) fn install(&self, account: &AccountId) -> Vec<String> {
        vec![
            cookie::set(COOKIE, &self.value, SameSite::Lax, None),
            cookie::set(COMPANION, &format!("{}.{}", self.sub, self.sid), SameSite::None, None),
            last_account::set(account),
        ]
    }
}

/// What a browser's [`COMPANION`] says.
pub(crate) struct Companion<'c> {
    pub(crate) sub: &'c str,
    /// Earlier builds named none: such a session is over, and its user is still one to ask about.
    pub(crate) sid: Option<&'c str>,
}

impl<'c> Companion<'c> {
    pub(crate) fn of(cookies: Option<&'c str>) -> Option<Self> {
        let value = cookie::value(cookies, COMPANION)?;
        Some(match value.split_once('.') {
            Some((sub, sid)) => Self { sub, sid: Some(sid) },
            None => Self { sub: value, sid: None },
        })
    }
}
