//! `/sso/{account}/metadata`: what this service is towards one account's IdP; `/sso/metadata`:
//! towards that of any account that shares entity id and Reply URL with others.
//!
//! It needs no metadata of the IdP: administrators want ours first. And it does not tell which
//! accounts there are: one that is unknown gets what one without settings gets.

use saml_verify::saml::{RequestedAttribute, SpMetadata};
use saml_verify::time::UnixTime;

use crate::account::addresses::{Addresses, shared_slo_url, slo_url};
use crate::config::parse::Config;
use crate::crypto::sp_keys::SpKey;
use crate::encoding::hex;
use crate::error::Fault;
use crate::error::settings::InvalidSettings;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::failure;
use crate::http::reply::Reply;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::platform::accounts::Accounts;
use crate::platform::context::{Platform, Service};
use crate::platform::keys::sign;

/// What the e-mail address is read from unless a claim is set for it.
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

pub(crate) async fn reply_to_sp_metadata(
    cx: &Service<'_, impl Platform>,
    id: Option<&AccountId>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    match sp_metadata(cx, id, entropy, now).await {
        Ok(xml) => Answer::sp_metadata(xml).into(),
        Err(fault) => failure::reply(&fault.into(), id, &hex(&entropy.reference)),
    }
}

async fn sp_metadata(
    cx: &Service<'_, impl Platform>,
    id: Option<&AccountId>,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<String, Fault> {
    let (settings, addresses) = match id {
        Some(id) => stored_addresses(cx, id).await?,
        None => (AccountSettings::default(), Addresses::shared(cx.config)),
    };
    let keys = cx.config.sp_keys();
    let certificates: Vec<_> = keys.iter().filter_map(SpKey::certificate).collect();
    let metadata = SpMetadata {
        id: &entropy.message_id(),
        entity_id: addresses.entity_id(),
        acs_url: &addresses.acs_url,
        slo_url: &id.map_or_else(|| shared_slo_url(cx.config), |id| slo_url(id, cx.config)),
        signs_requests: settings.signed_requests,
        certificates: &certificates,
        name_id_format: name_id_format(&settings),
        service_name: cx.config.site.base.host_str().unwrap_or_default(),
        attributes: &attributes(&settings, cx.config),
    };
    let xml = metadata.to_xml(now).ok_or(Fault::ClockUnusable)?;
    // The newest key signs, so metadata is signed only if that key has a certificate.
    let Some(certificate) = keys.first().and_then(SpKey::certificate) else {
        return Ok(xml);
    };
    let document = SpMetadata::to_sign(&xml, certificate)
        .map_err(|refusal| Fault::SettingsInvalid(InvalidSettings::Unsignable(refusal)))?;
    let value = sign(cx.private_keys, document.octets()).await?;
    Ok(document.signed(&value))
}

async fn stored_addresses(
    cx: &Service<'_, impl Platform>,
    id: &AccountId,
) -> Result<(AccountSettings, Addresses), Fault> {
    let stored = cx.accounts.stored(id).await?;
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    let addresses = Addresses::of(id, &settings, cx.config)?;
    Ok((settings, addresses))
}

fn name_id_format(settings: &AccountSettings) -> &str {
    let default = if settings.claims.email.is_some() { UNSPECIFIED } else { EMAIL_ADDRESS };
    settings.name_id_format.as_deref().unwrap_or(default)
}

/// The claims by their names. The user's own name is the one without which a login goes on.
fn attributes<'a>(
    settings: &'a AccountSettings,
    config: &'a Config,
) -> Vec<RequestedAttribute<'a>> {
    let required = |name| RequestedAttribute { name, is_required: true };
    let (own, names) = (&settings.claims, &config.claims);
    let name = own.name.as_ref().unwrap_or(&names.name);
    let mut attributes = vec![
        required(own.account.as_ref().unwrap_or(&names.account)),
        required(own.role.as_ref().unwrap_or(&names.role)),
        RequestedAttribute { name, is_required: false },
    ];
    attributes.extend(own.email.as_deref().map(required));
    attributes
}
