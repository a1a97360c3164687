//! SP-initiated login: sends the browser to the IdP (Profiles §4.1.4.1).

use form_urlencoded::Serializer;
use saml_verify::saml::{AuthnRequest, Endpoint, Outgoing, Wishes};
use saml_verify::time::UnixTime;

use crate::account::load;
use crate::account::load::Account;
use crate::encoding::hex;
use crate::error::denial::SignInDenial;
use crate::error::{Error, Fault};
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::failure;
use crate::http::reply::Reply;
use crate::http::request::{Exchange, Request};
use crate::idp::outbound;
use crate::idp::outbound::{OutboundMessage, to_answer};
use crate::log;
use crate::log::LoginOutcome;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::signin::pending;
use crate::signin::pending::{LIFETIME, Pending, Purpose};

/// A login on its way to the IdP.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) request: OutboundMessage,
    pub(crate) set_cookies: Vec<String>,
}

/// What starts a login.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    pub(crate) account: &'a Account,
    /// A path of this site.
    pub(crate) return_to: String,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// Whether the user is to prove anew who they are, whatever the account's settings say.
    pub(crate) force_authn: bool,
    /// What asks for it.
    pub(crate) request: &'a Request<'a>,
    /// The e-mail address that it was started with, if it was.
    pub(crate) email: Option<&'a str>,
}

/// Makes a request, remembers it in this browser, and addresses it. Nothing is written to the
/// ledger: starting a login needs no authorization.
pub(crate) async fn begin(
    cx: &Service<'_, impl Platform>,
    start: Start<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Started, Error> {
    let Start { account, return_to, purpose, force_authn, request, email } = start;
    let cookies = request.cookies;
    request.require_navigation()?;
    let wishes = account.settings.wishes();
    let request_id = entropy.message_id();
    let until = now.plus(LIFETIME.into());
    let endpoint = account.sso_endpoint()?;
    let authn_request = AuthnRequest {
        head: account.message_head(&request_id, &endpoint.location, now),
        acs_url: &account.addresses.acs_url,
        // An IdP that must not interact cannot authenticate the user again.
        wishes: if force_authn {
            Wishes { force_authn, is_passive: false, ..wishes }
        } else {
            wishes
        },
    };
    let xml = authn_request.to_xml().ok_or(Fault::ClockUnusable)?;
    let request = address(cx, &xml, account, endpoint, email).await?;
    let pending = Pending {
        request_id,
        account: account.id.to_string(),
        idp: account.idp.entity_id().to_owned(),
        return_to,
        purpose,
        until: until.seconds(),
        force_authn,
    };
    let keys = &cx.config.keys.pending;
    let mut set_cookies = pending::make_room(cookies, keys, now);
    set_cookies.push(pending.seal(keys, entropy.nonce)?);
    Ok(Started { request, set_cookies })
}

/// Addresses `request_xml` by the binding of the endpoint, signed where that is asked for.
async fn address(
    cx: &Service<'_, impl Platform>,
    request_xml: &str,
    account: &Account,
    endpoint: &Endpoint,
    email: Option<&str>,
) -> Result<OutboundMessage, Fault> {
    let message = Outgoing::request(request_xml);
    let signed = account.signs_requests();
    let mut outbound =
        outbound::bind(cx, &message, endpoint.binding, &endpoint.location, signed).await?;
    // Not SAML's, and so outside of what is signed.
    let email = email.filter(|_| account.settings.login_hint);
    if let (OutboundMessage::Redirect(url), Some(email)) = (&mut outbound, email) {
        let hint = Serializer::new(String::new()).append_pair("login_hint", email).finish();
        url.push_str(&format!("&{hint}"));
    }
    Ok(outbound)
}

impl Request<'_> {
    /// Refuses what is no navigation: every page of the web can have its visitors' browsers load
    /// images from here, and each would begin a login, which takes the place of one under way.
    ///
    /// A browser says of everything it loads how (Sec-Fetch-Mode) and as what (Sec-Fetch-Dest).
    /// What says neither is an older browser or a program, and so is what says `cors` alone, as
    /// Node does.
    fn require_navigation(&self) -> Result<(), SignInDenial> {
        match (self.fetch_mode, self.fetch_dest) {
            (None | Some("navigate"), _) | (Some("cors"), None) => Ok(()),
            (Some(_), _) => Err(SignInDenial::NotANavigation),
        }
    }
}

/// On to the IdP, whose answer comes as a POST of its own.
pub(crate) fn to_idp(started: Started) -> Answer {
    to_answer(302, started.request).with_cookies(started.set_cookies)
}

pub(crate) async fn reply_to_login(
    cx: &Service<'_, impl Platform>,
    id: AccountId,
    return_to: String,
    email: Option<&str>,
    exchange: Exchange<'_>,
) -> Reply {
    let Exchange { request, entropy, now } = exchange;
    let reference = hex(&entropy.reference);
    let started = async {
        let account = &load::load(cx, id.clone(), now).await?;
        let purpose = Purpose::SignIn;
        // OpenID Connect's word for it (Core §3.1.2.1).
        let force_authn = field(request.query, "prompt").as_deref() == Some("login");
        let start = Start { account, return_to, purpose, force_authn, request, email };
        begin(cx, start, entropy, now).await
    };
    match started.await {
        Ok(started) => Reply {
            answer: to_idp(started),
            log: log::LogLine::login(LoginOutcome::Started, &id, &reference).line(),
        },
        Err(error) => failure::reply(&error, Some(&id), &reference),
    }
}
