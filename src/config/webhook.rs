//! `WEBHOOK_URL` and `WEBHOOK_KEY`: the product's webhook.

use hmac::{Hmac, KeyInit, Mac};
use saml_verify::time::UnixTime;
use sha2::Sha256;
use url::Url;

use crate::config::address::secure_url;
use crate::config::vars::Vars;
use crate::encoding::{base64_decode, base64_encode};
use crate::ledger::events::event::Event;

const KEYS: &str = "whsec_ and 24 to 64 octets in base64, several separated by commas";

/// The lengths of a key that Standard Webhooks allows.
const KEY_OCTETS: std::ops::RangeInclusive<usize> = 24..=64;

/// The webhook: its address, and the keys that sign events.
pub struct Webhook {
    url: Url,
    keys: WebhookKeys,
}

/// The keys of `WEBHOOK_KEY`. Each of them signs, so that a rotation needs no coordination with the
/// receiver. Nothing prints them.
pub(crate) struct WebhookKeys(Vec<Hmac<Sha256>>);

impl WebhookKeys {
    /// Reads `whsec_` and base64, once or several times, separated by commas or spaces.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let keys = text.split([',', ' ']).filter(|key| !key.is_empty());
        let keys: Vec<_> = keys.map(key).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }
}

fn key(text: &str) -> Option<Hmac<Sha256>> {
    let octets = base64_decode(text.strip_prefix("whsec_")?)?;
    let is_long_enough = KEY_OCTETS.contains(&octets.len());
    Hmac::new_from_slice(&octets).ok().filter(|_| is_long_enough)
}

impl Webhook {
    /// Reads all vars of a webhook, which are needed together, or events would be lost. A key alone
    /// is no problem: operators set the secret first.
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        if !vars.is_set("WEBHOOK_URL") {
            return None;
        }
        let url = vars.take("WEBHOOK_URL", "an https address", webhook_url);
        let keys = vars.take("WEBHOOK_KEY", KEYS, WebhookKeys::parse);
        let queue = vars.take("EVENTS", "the binding of a queue in wrangler.toml", |_| Some(()));
        queue.and_then(|()| Some(Self { url: url?, keys: keys? }))
    }

    /// The address to which events are posted.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The headers of `event` in an attempt at `now`. The timestamp is that of the attempt, since
    /// receivers accept a few minutes only; the event has its own.
    pub fn headers(&self, event: &Event, now: UnixTime) -> [(&'static str, String); 5] {
        let Event { id, body } = event;
        let seconds = now.seconds();
        let signed = format!("{id}.{seconds}.{body}");
        let sign = |key: &Hmac<Sha256>| {
            let tag = key.clone().chain_update(&signed).finalize().into_bytes();
            format!("v1,{}", base64_encode(&tag))
        };
        let signatures: Vec<_> = self.keys.0.iter().map(sign).collect();
        [
            ("content-type", "application/json".to_owned()),
            ("user-agent", concat!("saml-edge/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("webhook-id", id.clone()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ]
    }
}

/// Reads `WEBHOOK_URL`. The runtime would drop credentials and a fragment.
fn webhook_url(text: &str) -> Option<Url> {
    let plain = |url: &Url| {
        url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    };
    secure_url(text).filter(plain)
}
