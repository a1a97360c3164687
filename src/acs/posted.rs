//! Which account a posted Response is for, settled before any of its XML is trusted (row G1).

use saml_verify::error::Refusal;
use saml_verify::form::ResponseForm;
use saml_verify::limits::FORM_OCTETS;
use saml_verify::saml::{ClaimedAddressee, ClaimedResponse};
use saml_verify::time::UnixTime;

use crate::account::addresses::shared_acs_url;
use crate::config::parse::Config;
use crate::error::Error;
use crate::error::denial::SignInDenial;
use crate::http::request::Request;
use crate::model::account_id::AccountId;
use crate::model::acs::Acs;
use crate::platform::body;
use crate::platform::body::Body;
use crate::signin::pending::Pending;

/// The Reply URL that was posted to.
#[derive(Debug)]
pub(crate) enum AcsEndpoint {
    /// The Reply URL of one account.
    Account(AccountId),
    /// The Reply URL that all accounts share.
    Shared,
}

impl AcsEndpoint {
    /// The account that the address itself names.
    pub(crate) const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::Shared => None,
        }
    }

    /// Denies the Reply URL that is not the account's. An account has exactly one: a second one
    /// would be guarded by half of the rules.
    pub(crate) const fn require(&self, acs: Acs) -> Result<(), SignInDenial> {
        match (self, acs) {
            (Self::Account(_), Acs::Own) | (Self::Shared, Acs::Shared) => Ok(()),
            (Self::Account(_), Acs::Shared) | (Self::Shared, Acs::Own) => {
                Err(SignInDenial::AcsMismatch)
            }
        }
    }
}

/// A Response as it was posted, and the account whose keys and rules it will be held to.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) account: AccountId,
    pub(crate) form: ResponseForm,
    /// Every login that this browser has under way.
    pub(crate) pending: Vec<Pending>,
}

impl Posted {
    /// Reads the form that was posted to `endpoint`. A form without a Response is refused here,
    /// before the account's metadata is read (row H14).
    pub(crate) async fn read(
        endpoint: &AcsEndpoint,
        request: &Request<'_>,
        body: impl Body,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let form = body::read(body, FORM_OCTETS).await?;
        let form = ResponseForm::parse(request.content_type, &form)?;
        let pending = Pending::all(request.cookies, &config.keys.pending, now);
        let account = match endpoint {
            AcsEndpoint::Account(id) => {
                ClaimedResponse::require(&form.response_xml)?;
                id.clone()
            }
            AcsEndpoint::Shared => addressee(&form.response_xml, &pending, config)?,
        };
        Ok(Self { account, form, pending })
    }
}

/// The account of the request that the Response claims to answer, if this browser has made it;
/// else the account that the Response claims to be for, by the fragment of its Reply URL or by the
/// claim that names the account.
fn addressee(xml: &str, pending: &[Pending], config: &Config) -> Result<AccountId, Error> {
    let addressee = ClaimedAddressee::read(xml, &config.claims.account)?;
    let is_pending = |id: &String| pending.iter().find(|pending| pending.request_id == *id);
    let answered = addressee.claimed_requests.iter().find_map(is_pending);
    if let Some(id) = answered.and_then(|pending| AccountId::parse(&pending.account)) {
        return Ok(id);
    }
    let acs_url = shared_acs_url(config);
    let fragment =
        |url: &String| AccountId::parse(url.strip_prefix(acs_url.as_str())?.strip_prefix('#')?);
    if let Some(id) = addressee.claimed_acs_urls.iter().find_map(fragment) {
        return Ok(id);
    }
    match addressee.claimed_accounts.as_slice() {
        [value] => AccountId::parse(value).ok_or_else(|| SignInDenial::AccountUnknown.into()),
        // The response answers a request that this browser has not made.
        _ if !addressee.claimed_requests.is_empty() => Err(Refusal::InResponseToUnknown.into()),
        _ => Err(SignInDenial::AccountUnknown.into()),
    }
}
