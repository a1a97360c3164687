//! The answer of the product's webhook (Standard Webhooks specification), and when to retry.

use crate::jobs::delivery_error::DeliveryError;
use crate::log::jobs::webhook_delivered;

/// Shortest and longest pause in seconds before an event is sent again.
const PAUSE: std::ops::RangeInclusive<i64> = 2..=60 * 60;

/// The answer of the webhook.
#[derive(Clone, Debug, Default)]
pub struct WebhookResponse {
    /// The status code.
    pub status: u16,
    /// The Retry-After header.
    pub retry_after: Option<String>,
}

impl WebhookResponse {
    /// Whether the webhook has accepted the event. A redirect does not count: the operator decides
    /// where events go.
    pub fn accepted(&self) -> Result<(), DeliveryError> {
        match self.status {
            200..=299 => Ok(()),
            status => Err(DeliveryError::WebhookRefused { status }),
        }
    }

    /// In how many seconds an event is sent again that was written `age` seconds ago. It is as many
    /// again, so that each pause is twice the one before, or as many as Retry-After says (RFC 9110
    /// §10.2.3, in seconds), from two seconds to an hour.
    pub fn pause(&self, age: i64) -> u32 {
        let asked = self.retry_after.as_deref().and_then(|text| text.trim().parse().ok());
        let seconds = asked.unwrap_or(age).clamp(*PAUSE.start(), *PAUSE.end());
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

/// The outcome of one attempt to deliver an event.
#[derive(Debug)]
pub struct Delivery {
    /// In how many seconds the event is sent again; `None` where the webhook has accepted it.
    pub retry_in: Option<u32>,
    /// A line for the log.
    pub line: String,
}

impl Delivery {
    /// The outcome of an attempt at an event of this id, in the queue for `age` seconds. The id is
    /// absent where it cannot be read.
    pub fn of(answer: Result<WebhookResponse, DeliveryError>, id: Option<&str>, age: i64) -> Self {
        // Without an answer there is no Retry-After.
        let response = answer.as_ref().ok().cloned().unwrap_or_default();
        match answer.and_then(|response| response.accepted()) {
            Ok(()) => Self { retry_in: None, line: webhook_delivered(id, age) },
            Err(why) => {
                let pause = response.pause(age);
                Self { retry_in: Some(pause), line: why.retry_line(id, Some(age), pause) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use saml_verify::time::UnixTime;

    use super::*;
    use crate::config::vars::Vars;
    use crate::config::webhook::{Webhook, WebhookKeys};
    use crate::encoding::base64_encode;
    use crate::ledger::events::event::Event;

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
            WebhookResponse { status: 503, retry_after }.pause(age)
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
    fn is_accepted_by_2xx_alone() {
        for status in [200, 202, 204, 299] {
            assert!(WebhookResponse { status, retry_after: None }.accepted().is_ok());
        }
        for status in [101, 301, 307, 400, 404, 410, 429, 500, 503] {
            let fault = WebhookResponse { status, retry_after: None }.accepted().unwrap_err();
            assert_eq!(fault.code(), "webhook_refused");
        }
    }

    #[test]
    fn logs_codes_and_ids() {
        let fault = DeliveryError::QueueUnreachable("gone".to_owned());
        let expected = concat!(
            r#"{"event":"webhook_postponed","code":"queue_unreachable","#,
            r#""detail":"the queue cannot be reached: gone","pause":4}"#
        );
        assert_eq!(fault.retry_line(None, None, 4), expected);
        let answer = WebhookResponse { status: 204, retry_after: None };
        let delivered = Delivery::of(Ok(answer), Some("evt_1"), 3);
        assert_eq!(delivered.line, r#"{"event":"webhook_delivered","webhook_id":"evt_1","age":3}"#);
        assert_eq!(delivered.retry_in, None);
    }

    #[test]
    fn what_is_not_accepted_is_sent_again() {
        let answer = WebhookResponse { status: 503, retry_after: Some("120".to_owned()) };
        let delivery = Delivery::of(Ok(answer), Some("evt_1"), 7);
        assert_eq!(delivery.retry_in, Some(120));
        let expected = concat!(
            r#"{"event":"webhook_postponed","code":"webhook_refused","#,
            r#""detail":"the webhook was answered with 503","#,
            r#""webhook_id":"evt_1","age":7,"pause":120}"#
        );
        assert_eq!(delivery.line, expected);
        let delivery = Delivery::of(Err(DeliveryError::EventMalformed), None, 7);
        assert_eq!(delivery.retry_in, Some(7));
        assert!(!delivery.line.contains("webhook_id"), "{}", delivery.line);
    }
}
