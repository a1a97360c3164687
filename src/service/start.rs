//! SP-initiated login: sends the browser to the IdP (Profiles §4.1.4.1).

use url::Url;

use crate::encoding::hex;
use crate::saml::{AuthnRequest, request_url};
use crate::service::account::Account;
use crate::service::error::{Error, Fault};
use crate::service::ledger::Ledger;
use crate::service::pending::{self, LIFETIME, Pending};
use crate::service::store::Accounts;
use crate::service::{Entropy, Service};
use crate::time::UnixTime;

/// A login on its way to the IdP.
#[derive(Debug)]
pub(crate) struct Started {
    /// The IdP's address with the request in it.
    pub(crate) location: Url,
    pub(crate) set_cookies: Vec<String>,
}

/// What starts a login.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    pub(crate) account: &'a Account,
    /// A path of this site.
    pub(crate) return_to: String,
    /// Whether it replaces a login that the IdP started.
    pub(crate) upgrade: bool,
    /// The browser's Cookie header.
    pub(crate) cookies: Option<&'a str>,
}

impl<A: Accounts, L: Ledger, K> Service<'_, A, L, K> {
    /// Makes a request, remembers it in the ledger and in this browser, and addresses it.
    pub(crate) async fn start(
        &self,
        start: Start<'_>,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Started, Error> {
        let Start { account, return_to, upgrade, cookies } = start;
        let endpoint = account.sso_endpoint()?;
        let request_id = format!("_{}", hex(&entropy.id));
        let until = now.plus(LIFETIME.into());
        let request = AuthnRequest {
            id: &request_id,
            issuer: &account.addresses.entity_id,
            destination: endpoint.as_str(),
            acs_url: &account.addresses.acs_url,
            issued: now,
        };
        let location = request_url(endpoint, &request.to_xml().ok_or(Fault::ClockUnusable)?);
        self.ledger.open(&account.id, &request_id, until).await?;
        let pending = Pending {
            request_id,
            account: account.id.to_string(),
            idp: account.idp.entity_id().to_owned(),
            return_to,
            until: until.seconds(),
            upgrade,
        };
        let keys = &self.config.seal_keys;
        let mut set_cookies = pending::make_room(cookies, keys, now);
        set_cookies.push(pending.seal(keys, entropy.nonce)?);
        Ok(Started { location, set_cookies })
    }
}
