//! The product's webhook, as the Standard Webhooks specification has it: how an event is signed,
//! and when it is sent again.

use serde::Serialize;

use crate::jobs::delivery_error::Undelivered;

/// Shortest and longest pause before an event is sent again.
const PAUSE: std::ops::RangeInclusive<i64> = 2..=60 * 60;

/// What the receiver said.
#[derive(Clone, Debug, Default)]
pub struct Reception {
    /// Status code.
    pub status: u16,
    /// The Retry-After header.
    pub retry_after: Option<String>,
}

impl Reception {
    /// Whether the receiver has taken the event. A redirect is no taker: whoever gets the events is
    /// the operator's choice and nobody else's.
    pub fn taken(&self) -> Result<(), Undelivered> {
        match self.status {
            200..=299 => Ok(()),
            status => Err(Undelivered::WebhookRefused { status }),
        }
    }

    /// After how many seconds an event that was written `age` seconds ago is sent again: as many as
    /// it is old, so that each pause is twice the one before; or what Retry-After says (RFC 9110
    /// §10.2.3, in seconds). Never at once and never after more than an hour.
    pub fn pause(&self, age: i64) -> u32 {
        let asked = self.retry_after.as_deref().and_then(|text| text.trim().parse().ok());
        let seconds = asked.unwrap_or(age).clamp(*PAUSE.start(), *PAUSE.end());
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

/// One line of the log for one attempt. There is no field for anything of the event but its id.
#[derive(Debug, Serialize)]
struct Line<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<&'a str>,
    /// Seconds since the event was put into the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<i64>,
    /// Seconds until the next attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause: Option<u32>,
}

/// The line for an event that was taken.
pub fn delivered(id: &str, age: i64) -> Option<String> {
    let (webhook_id, age) = (Some(id), Some(age));
    let event = "webhook_delivered";
    line(&Line { event, code: None, detail: None, webhook_id, age, pause: None })
}

/// The line for an event that goes on waiting; `id` is absent where nobody can say which.
pub fn postponed(
    why: &Undelivered,
    id: Option<&str>,
    age: Option<i64>,
    pause: u32,
) -> Option<String> {
    let (code, detail) = (Some(why.code()), Some(why.to_string()));
    let event = "webhook_postponed";
    line(&Line { event, code, detail, webhook_id: id, age, pause: Some(pause) })
}

/// The log line for an event that is set aside and needs an operator.
pub fn set_aside(why: &Undelivered, id: &str) -> Option<String> {
    let (code, detail) = (Some(why.code()), Some(why.to_string()));
    line(&Line { event: "fault", code, detail, webhook_id: Some(id), age: None, pause: None })
}

fn line(line: &Line<'_>) -> Option<String> {
    serde_json::to_string(line).ok()
}

#[cfg(test)]
mod tests {
    use saml_verify::time::UnixTime;

    use super::*;
    use crate::config::vars::Vars;
    use crate::config::webhook::{Webhook, WebhookKeys};
    use crate::encoding::base64_encode;
    use crate::ledger::events::Event;

    /// The vector that the libraries of the specification are tested with.
    const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn signature(keys: &str) -> String {
        let lookup = |name: &str| {
            let value = match name {
                "WEBHOOK_KEY" => keys,
                "WEBHOOK_URL" => "https://app.example/hook",
                _ => "bound",
            };
            Some(value.to_owned())
        };
        let webhook = Webhook::read(&mut Vars::new(&lookup)).expect("a webhook");
        let event = Event {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            body: "{\"test\": 2432232314}".to_owned(),
        };
        let [.., (name, value)] = webhook.headers(&event, UnixTime::from_seconds(1_614_265_330));
        assert_eq!(name, "webhook-signature");
        value
    }

    #[test]
    fn signs_as_the_specification_does() {
        assert_eq!(signature(KEY), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn signs_with_every_key() {
        let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let both = signature(&format!("{other}, {KEY}"));
        let (first, second) = both.split_once(' ').expect("two");
        assert_eq!((first, second), (&*signature(other), &*signature(KEY)));
    }

    #[test]
    fn takes_keys_of_24_to_64_octets() {
        for octets in [24, 32, 64] {
            let key = format!("whsec_{}", base64_encode(&vec![1; octets]));
            assert!(WebhookKeys::parse(&key).is_some(), "{octets}");
            assert!(WebhookKeys::parse(&format!("{key},{KEY} {key}")).is_some());
        }
        for octets in [0, 23, 65] {
            let key = format!("whsec_{}", base64_encode(&vec![1; octets]));
            assert!(WebhookKeys::parse(&key).is_none(), "{octets}");
            assert!(WebhookKeys::parse(&format!("{KEY},{key}")).is_none());
        }
        for key in [" ", ",", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?", "whsec"] {
            assert!(WebhookKeys::parse(key).is_none(), "{key}");
        }
    }

    #[test]
    fn doubles_the_pause_and_heeds_the_receiver() {
        let pause = |age, retry_after: Option<&str>| {
            let retry_after = retry_after.map(str::to_owned);
            Reception { status: 503, retry_after }.pause(age)
        };
        for (age, expected) in [(-5, 2), (0, 2), (2, 2), (4, 4), (1000, 1000), (90_000, 3600)] {
            assert_eq!(pause(age, None), expected, "{age}");
        }
        for (asked, expected) in
            [("120", 120), (" 30 ", 30), ("0", 2), ("-1", 2), ("99999999", 3600), ("soon", 7)]
        {
            assert_eq!(pause(7, Some(asked)), expected, "{asked}");
        }
    }

    #[test]
    fn is_taken_by_2xx_alone() {
        for status in [200, 202, 204, 299] {
            assert!(Reception { status, retry_after: None }.taken().is_ok());
        }
        for status in [101, 301, 307, 400, 404, 410, 429, 500, 503] {
            let fault = Reception { status, retry_after: None }.taken().unwrap_err();
            assert_eq!(fault.code(), "webhook_refused");
        }
    }

    #[test]
    fn logs_codes_and_ids() {
        let fault = Undelivered::QueueUnreachable("gone".to_owned());
        let line = postponed(&fault, None, None, 4).expect("a line");
        let expected = r#"{"event":"webhook_postponed","code":"queue_unreachable","detail":"the queue cannot be reached: gone","pause":4}"#;
        assert_eq!(line, expected);
        assert_eq!(
            delivered("evt_1", 3).as_deref(),
            Some(r#"{"event":"webhook_delivered","webhook_id":"evt_1","age":3}"#),
        );
    }
}
