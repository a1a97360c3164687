//! SP-initiated login: sends the browser to the IdP (Profiles §4.1.4.1).

use form_urlencoded::Serializer;
use saml_verify::saml::{AuthnRequest, Endpoint, Outgoing, Wishes};
use saml_verify::time::UnixTime;

use crate::service::account::Account;
use crate::service::context::{Platform, Service};
use crate::service::error::{Denial, Error, Fault};
use crate::service::pending::{LIFETIME, Pending};
use crate::service::send::Carrier;
use crate::service::{Entropy, Request, pending, send};

/// A login on its way to the IdP.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) request: Carrier,
    pub(crate) set_cookies: Vec<String>,
}

/// What starts a login.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    pub(crate) account: &'a Account,
    /// A path of this site.
    pub(crate) return_to: String,
    /// Whether it is to end in a report.
    pub(crate) test: bool,
    /// Whether it replaces a login that the IdP started.
    pub(crate) upgrade: bool,
    /// Whether the user is to prove anew who they are, whatever the account's settings say.
    pub(crate) force_authn: bool,
    /// What asks for it.
    pub(crate) request: &'a Request<'a>,
    /// The e-mail address that it was started with, if it was.
    pub(crate) email: Option<&'a str>,
}

/// Makes a request, remembers it in this browser, and addresses it. Nothing is written to the
/// ledger: anybody can start logins.
pub(crate) async fn start(
    cx: &Service<'_, impl Platform>,
    start: Start<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Started, Error> {
    let Start { account, return_to, test, upgrade, force_authn, request, email } = start;
    let cookies = request.cookies;
    request.require_navigation()?;
    let wishes = account.settings.wishes();
    let request_id = entropy.message_id();
    let until = now.plus(LIFETIME.into());
    let endpoint = account.sso_endpoint()?;
    let authn_request = AuthnRequest {
        head: account.message_head(&request_id, &endpoint.location, now),
        acs_url: &account.addresses.acs_url,
        // Nobody could prove anything to an IdP that must not show itself.
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
        test,
        until: until.seconds(),
        upgrade,
        force_authn,
    };
    let keys = &cx.config.seal_keys;
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
) -> Result<Carrier, Fault> {
    let message = Outgoing::request(request_xml);
    let signed = account.signs_requests();
    let mut carrier =
        send::send(cx, &message, endpoint.binding, &endpoint.location, signed).await?;
    // Not SAML's, and so outside of what is signed.
    let email = email.filter(|_| account.settings.login_hint);
    if let (Carrier::Address(url), Some(email)) = (&mut carrier, email) {
        let hint = Serializer::new(String::new()).append_pair("login_hint", email).finish();
        url.push_str(&format!("&{hint}"));
    }
    Ok(carrier)
}

impl Request<'_> {
    /// Refuses what is no navigation: every page of the web can have its visitors' browsers load
    /// images from here, and each would begin a login, which takes the place of one under way.
    ///
    /// A browser says of everything it loads how (Sec-Fetch-Mode) and as what (Sec-Fetch-Dest). What
    /// says neither is an older browser or a program, and so is what says `cors` alone, as Node does.
    fn require_navigation(&self) -> Result<(), Denial> {
        match (self.fetch_mode, self.fetch_dest) {
            (None | Some("navigate"), _) | (Some("cors"), None) => Ok(()),
            (Some(_), _) => Err(Denial::NotANavigation),
        }
    }
}
