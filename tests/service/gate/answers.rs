//! What becomes of the answers of the origin.

use saml_edge::{Fault, Request};

use crate::gate::front::{ENTROPY, Front, get, json, navigation, open};
use crate::support::form::form;
use crate::support::seen::Seen;
use crate::support::world::World;

#[test]
fn what_is_behind_the_gate_is_for_no_shared_cache() {
    let passage = Front::new(&[]).passage("/");
    for (said, kept) in [
        (None, "private"),
        (Some(""), "private"),
        (Some("no-store"), "no-store"),
        (Some("private, max-age=60"), "private, max-age=60"),
        (Some("max-age=60"), "max-age=60, private"),
        (Some("public, max-age=60, s-maxage=600"), "max-age=60, private"),
        (Some("PUBLIC,S-MaxAge = 1,immutable"), "immutable, private"),
        (Some("private=\"set-cookie\""), "private=\"set-cookie\", private"),
        (Some("no-cache"), "no-cache, private"),
    ] {
        let instead = passage.cache_control(said);
        assert_eq!(instead.as_deref().or(said), Some(kept), "{said:?}");
        assert_eq!(instead.is_none(), said == Some(kept), "{said:?}");
    }
    for name in ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control"] {
        assert!(passage.drops_from_answer(name), "{name}");
    }
    assert!(passage.passes_no_cache());
}

#[test]
fn what_is_public_is_cached_as_the_origin_says() {
    let front = Front::new(&[("PUBLIC_PATHS", "/assets/*")]);
    let signed_in = front.passage("/assets/");
    assert_eq!(signed_in.cache_control(Some("public, max-age=60")), None);
    assert_eq!(signed_in.cache_control(None).as_deref(), Some("private"));
    let anonymous = open(front.of(&get("/assets/"))).expect("public");
    assert_eq!(anonymous.cache_control(None), None);
    assert!(!anonymous.drops_from_answer("cdn-cache-control"));
    assert!(!anonymous.drops_from_answer("expires"));
}

#[test]
fn an_origin_cannot_touch_our_cookies() {
    let mut world = World::new();
    let passage = Front::new(&[]).passage("/");
    let mut ours = 0;
    let id = world.start("/media");
    let seen = [
        world.get("/sso/acme/login"),
        world.post("acme", &form(&crate::support::form::answering(&id))),
    ];
    for cookie in seen.iter().flat_map(|seen| seen.headers("set-cookie")) {
        assert!(passage.drops_set_cookie(cookie), "{cookie}");
        ours += 1;
    }
    assert!(ours > 3, "{ours}");
    assert!(!passage.drops_set_cookie("theme=dark; Path=/"));
    assert!(passage.drops_from_answer("transfer-encoding"));
    assert!(!passage.drops_from_answer("location"));
}

#[test]
fn an_origin_that_does_not_answer_is_said_to_be_down() {
    let front = Front::new(&[("ORIGIN_TIMEOUT_SECONDS", "5")]);
    assert_eq!(front.passage("/").timeout_seconds(), 5);
    let down = || Fault::OriginUnreachable("connection refused by 10.0.0.1".to_owned());
    for (fault, status, code) in
        [(down(), 502, "origin_unreachable"), (Fault::OriginTimeout, 504, "origin_timeout")]
    {
        let reply = front.passage("/").failed(fault, &front.world.config, &ENTROPY);
        let seen = Seen { answer: reply.answer, log: reply.log };
        assert_eq!((seen.answer.status, &*seen.logged("code")), (status, code));
        assert_eq!(seen.logged("event"), "fault");
        assert!(!seen.answer.body.contains("10.0.0.1"));
        assert!(seen.answer.body.contains("0707070707070707"));
    }
    let form = Request { method: "POST".into(), cookies: Some(&front.cookies), ..navigation("/") };
    let reply = open(front.of(&form)).expect("open").failed(down(), &front.world.config, &ENTROPY);
    assert!(reply.answer.body.contains("<h1>"));
    let program = Request { cookies: Some(&front.cookies), ..get("/") };
    let reply =
        open(front.of(&program)).expect("open").failed(down(), &front.world.config, &ENTROPY);
    assert_eq!(json(&reply.answer)["error"], "origin_unreachable");
}

/// Cloudflare answers for an origin that it does not reach, with a page of its own.
#[test]
fn statuses_that_no_origin_sends_are_faults() {
    let passage = Front::new(&[]).passage("/");
    for status in [200, 204, 304, 404, 500, 502, 503, 529, 599] {
        assert!(passage.fault(status).is_none(), "{status}");
    }
    for status in [520, 521, 523, 525, 526, 530, 0, 101, 199, 600, 999] {
        assert_eq!(passage.fault(status).expect("a fault").code(), "origin_unreachable");
    }
    for status in [522, 524] {
        assert_eq!(passage.fault(status).expect("a fault").code(), "origin_timeout");
    }
}
