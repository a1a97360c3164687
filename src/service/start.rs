//! SP-initiated login: sends the browser to the IdP (Profiles §4.1.4.1).

use crate::saml::{AuthnRequest, Endpoint, Outgoing, Wishes};
use crate::service::account::Account;
use crate::service::error::{Error, Fault};
use crate::service::ledger::Ledger;
use crate::service::pending::{self, LIFETIME, Pending};
use crate::service::private_keys::PrivateKeys;
use crate::service::send::Carrier;
use crate::service::store::Accounts;
use crate::service::{Entropy, Service};
use crate::time::UnixTime;

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
    /// The browser's Cookie header.
    pub(crate) cookies: Option<&'a str>,
    /// The e-mail address that it was started with, if it was.
    pub(crate) email: Option<&'a str>,
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Makes a request, remembers it in the ledger and in this browser, and addresses it.
    pub(crate) async fn start(
        &self,
        start: Start<'_>,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Started, Error> {
        let Start { account, return_to, test, upgrade, force_authn, cookies, email } = start;
        let wishes = account.settings.wishes();
        let request_id = entropy.message_id();
        let until = now.plus(LIFETIME.into());
        let endpoint = account.sso_endpoint()?;
        let request = AuthnRequest {
            head: account.message_head(&request_id, &endpoint.location, now),
            acs_url: &account.addresses.acs_url,
            // Nobody could prove anything to an IdP that must not show itself.
            wishes: if force_authn {
                Wishes { force_authn, is_passive: false, ..wishes }
            } else {
                wishes
            },
        };
        let xml = request.to_xml().ok_or(Fault::ClockUnusable)?;
        let request = self.address(&xml, account, endpoint, email).await?;
        self.ledger.open(&account.id, &request_id, until).await?;
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
        let keys = &self.config.seal_keys;
        let mut set_cookies = pending::make_room(cookies, keys, now);
        set_cookies.push(pending.seal(keys, entropy.nonce)?);
        Ok(Started { request, set_cookies })
    }

    /// Addresses `request_xml` by the binding of the endpoint, signed where that is asked for.
    async fn address(
        &self,
        request_xml: &str,
        account: &Account,
        endpoint: &Endpoint,
        email: Option<&str>,
    ) -> Result<Carrier, Fault> {
        let message = Outgoing::request(request_xml);
        let signed = account.signs_requests();
        let mut carrier = self.send(&message, endpoint.binding, &endpoint.location, signed).await?;
        // Not SAML's, and so outside of what is signed.
        let email = email.filter(|_| account.settings.login_hint);
        if let (Carrier::Address(url), Some(email)) = (&mut carrier, email) {
            url.query_pairs_mut().append_pair("login_hint", email);
        }
        Ok(carrier)
    }
}
