//! A deployment in front of an origin, and one request to it.

use saml_edge::{Answer, Decision, Entropy, ForwardedRequest, Request};
use serde_json::Value;

use crate::common::Scenario;
use crate::support::config::config_with;
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const ORIGIN: &str = "http://127.0.0.1:9000";

pub(crate) const ENTROPY: Entropy = Entropy { reference: [7; 8], id: [0; 16], nonce: [0; 12] };

/// A gate, and the Cookie header of somebody who is signed in as a developer.
pub(crate) struct Front {
    pub(crate) world: World,
    pub(crate) cookies: String,
}

impl Front {
    pub(crate) fn new(vars: &[(&'static str, &str)]) -> Self {
        Self::before(signed_in(|it| it), vars)
    }

    pub(crate) fn before(mut world: World, vars: &[(&'static str, &str)]) -> Self {
        world.config = config_with(&[&[("ORIGIN", ORIGIN)], vars].concat());
        Self { cookies: world.cookies(""), world }
    }

    pub(crate) fn of(&self, request: &Request<'_>) -> Decision {
        self.world.gate(request)
    }

    /// A navigation of the signed-in user.
    pub(crate) fn visit(&self, address: &str) -> Decision {
        self.of(&Request { cookies: Some(&self.cookies), ..navigation(address) })
    }

    pub(crate) fn passage(&self, address: &str) -> ForwardedRequest {
        open(self.visit(address)).unwrap_or_else(|| panic!("{address} is closed"))
    }
}

pub(crate) fn signed_in(change: impl FnOnce(Scenario) -> Scenario) -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(change).answer.status, 303);
    world
}

pub(crate) fn get(address: &str) -> Request<'_> {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    Request { method: "GET".into(), path, query, ..Request::default() }
}

pub(crate) fn navigation(address: &str) -> Request<'_> {
    Request { accept: Some("text/html"), fetch_mode: Some("navigate"), ..get(address) }
}

pub(crate) fn open(gate: Decision) -> Option<ForwardedRequest> {
    match gate {
        Decision::Forward(passage) => Some(passage),
        Decision::Respond(_) | Decision::Own => None,
    }
}

pub(crate) fn closed(gate: Decision) -> Seen {
    match gate {
        Decision::Respond(reply) => {
            let seen = Seen { answer: reply.answer, log: reply.log };
            assert!(!seen.spreads_a_cookie(), "{:?}", seen.answer.headers);
            seen
        }
        Decision::Forward(_) | Decision::Own => panic!("it is not closed"),
    }
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect("JSON")
}
