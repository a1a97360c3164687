//! The cookie, the token behind it, and the keys of both.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::Value;

use crate::common::{NOW, Scenario};
use crate::support::config::{BASE_URL, config_with, secret};
use crate::support::seen::SESSION;
use crate::support::world::World;

fn signed_in() -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

pub(crate) fn cookie(world: &World) -> String {
    world.jar.get(SESSION).cloned().expect("a session")
}

/// The claims in a session cookie.
fn claims(cookie: &str) -> Value {
    let payload = cookie.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

/// The header of the identity token in the session cookie.
pub(crate) fn header(world: &World) -> Value {
    let cookie = cookie(world);
    let header = cookie.split('.').next().expect("a header");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("base64url")).expect("JSON")
}

/// Whether an origin that has this key set takes the token.
fn verifies(token: &str, jwks: &str) -> bool {
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let header = signed.split('.').next().expect("a header");
    let header = URL_SAFE_NO_PAD.decode(header).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    let jwks: Value = serde_json::from_str(jwks).expect("JSON");
    let keys = jwks.get("keys").and_then(Value::as_array).expect("keys");
    let key = keys.iter().find(|key| key.get("kid") == header.get("kid")).expect("the key");
    let coordinate = |name| {
        let text = key.get(name).and_then(Value::as_str).expect("text");
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    };
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).expect("a point");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    Signature::from_slice(&signature).is_ok_and(|it| key.verify(signed.as_bytes(), &it).is_ok())
}

fn is_signed_in(world: &mut World, cookie: &str) -> bool {
    world.jar.insert(SESSION.to_owned(), cookie.to_owned());
    world.get("/sso/session").answer.status == 200
}

#[test]
fn the_cookie_stays_on_this_host() {
    let mut world = World::new();
    let seen = world.sign_in(|scenario| scenario);
    let cookie = seen.headers("set-cookie").find(|it| it.starts_with(SESSION)).expect("a session");
    assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(cookie.len() < 2048);
}

#[test]
fn the_token_holds_the_user() {
    let claims = claims(&cookie(&signed_in()));
    let text = |name: &str| claims[name].as_str().expect("text").to_owned();
    assert_eq!(text("iss"), BASE_URL);
    assert_eq!(text("aud"), BASE_URL);
    assert_eq!(text("account"), "acme");
    assert_eq!(text("email"), "ada@acme.example");
    assert_eq!(text("name"), "Ada Lovelace");
    assert_eq!(text("role"), "developer");
    assert_eq!(text("acr"), "urn:oasis:names:tc:SAML:2.0:ac:classes:Password");
    assert_eq!(text("sub").len(), 43);
    assert_eq!(text("sid").len(), 32);
    assert_eq!(claims["iat"], NOW.seconds());
    assert_eq!(claims["nbf"], NOW.seconds());
    assert_eq!(claims["exp"], NOW.seconds() + 600);
    assert_eq!(claims["until"], NOW.seconds() + 28_800);
}

#[test]
fn the_published_key_verifies_the_token() {
    let mut world = signed_in();
    let header = header(&world);
    assert_eq!((&header["alg"], &header["typ"]), (&"ES256".into(), &"JWT".into()));
    let token = world.token();
    let seen = world.get("/.well-known/jwks.json");
    assert_eq!(seen.header("cache-control"), "public, max-age=300");
    assert!(verifies(&token, &seen.answer.body));
}

/// Past the gate, the origin would take it: with every role, and after every sign-out.
#[test]
fn no_cookie_holds_what_the_origin_believes() {
    let mut world = signed_in();
    let jwks = world.get("/.well-known/jwks.json").answer.body;
    let (token, cookie) = (world.token(), cookie(&world));
    assert!(verifies(&token, &jwks));
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    assert!(cookie.starts_with(&format!("{signed}.")), "what can be read at /sso/session");
    for value in world.jar.values() {
        assert!(!value.contains(signature), "{value}");
    }
    let (_, parts) = cookie.split_at(signed.len() + 1);
    for part in parts.split('.') {
        assert!(!verifies(&format!("{signed}.{part}"), &jwks), "{part}");
    }
    world.now = NOW.plus(300);
    let session = world.get("/sso/session");
    let renewed = session.header("set-cookie");
    assert!(!renewed.contains(world.token().rsplit_once('.').expect("a signature").1));
    assert!(!session.answer.body.contains(signed), "{}", session.answer.body);
}

/// Two tokens that differ in a claim have nothing of the mask in common.
#[test]
fn the_mask_of_one_token_uncovers_no_other() {
    let mut world = signed_in();
    let masks = [0, 300].map(|later| {
        world.now = NOW.plus(later);
        world.get("/sso/session");
        let octets = |text: &str| {
            let (_, signature) = text.rsplit_once('.').expect("a signature");
            URL_SAFE_NO_PAD.decode(signature).expect("base64url")
        };
        let masked = octets(cookie(&world).rsplit_once('.').expect("a tag").0);
        masked.iter().zip(octets(&world.token())).map(|(a, b)| a ^ b).collect::<Vec<_>>()
    });
    let alike = masks[0].iter().zip(&masks[1]).filter(|(a, b)| a == b).count();
    assert!(masks[0].len() == 64 && alike < 8, "{alike} octets");
}

#[test]
fn the_key_set_says_what_each_key_is_for_and_nothing_private() {
    let mut world = World {
        config: config_with(&[("TOKEN_KEYS", &[secret(2), secret(3), secret(4)].join(","))]),
        ..World::new()
    };
    let seen = world.get("/.well-known/jwks.json");
    assert_eq!((seen.answer.status, seen.header("content-type")), (200, "application/json"));
    let jwks: Value = serde_json::from_str(&seen.answer.body).expect("JSON");
    let keys = jwks["keys"].as_array().expect("keys");
    assert_eq!((jwks.as_object().map(serde_json::Map::len), keys.len()), (Some(1), 3));
    for key in keys {
        let members: Vec<_> = key.as_object().expect("a key").keys().collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        for (name, value) in [("alg", "ES256"), ("crv", "P-256"), ("kty", "EC"), ("use", "sig")] {
            assert_eq!(key[name], value);
        }
    }
}

/// RFC 7638 §3.1 for the key of RFC 7515 appendix A.3, computed apart from this code.
#[test]
fn the_key_is_named_by_its_thumbprint() {
    let d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
    let mut world = World { config: config_with(&[("TOKEN_KEYS", d)]), ..World::new() };
    let jwks: Value =
        serde_json::from_str(&world.get("/.well-known/jwks.json").answer.body).expect("JSON");
    assert_eq!(jwks["keys"][0]["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    assert_eq!(jwks["keys"][0]["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    assert_eq!(jwks["keys"][0]["kid"], "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

#[test]
fn a_changed_cookie_is_none() {
    let mut world = signed_in();
    let cookie = cookie(&world);
    assert!(is_signed_in(&mut world, &cookie));
    for at in [0, 50, 200, cookie.len() - 2] {
        let mut changed = cookie.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("ASCII");
        assert!(!is_signed_in(&mut world, &changed), "octet {at}");
    }
    let (token, _) = cookie.rsplit_once('.').expect("a tag");
    for cut in
        ["", ".", token, &format!("{token}."), &format!("{token}.AAAA"), cookie.split_at(1).1]
    {
        assert!(!is_signed_in(&mut world, cut), "{cut}");
    }
}

#[test]
fn a_pending_request_is_no_session() {
    let mut world = World::new();
    world.start("/");
    let sealed = world.jar.values().next().expect("a cookie").clone();
    assert!(!is_signed_in(&mut world, &sealed));
}

#[test]
fn the_session_ends_with_its_time() {
    let mut world = signed_in();
    world.now = NOW.plus(28_799);
    assert_eq!(world.get("/sso/session").answer.status, 200);
    world.now = NOW.plus(28_800);
    assert_eq!(world.get("/sso/session").answer.status, 401);
    assert!(world.get("/sso/").answer.body.contains("name=\"login\""));
}

fn ending_at(time: &str) -> impl FnOnce(Scenario) -> Scenario {
    let attribute = format!("SessionIndex=\"_session\" SessionNotOnOrAfter=\"{time}\"");
    move |scenario| scenario.in_assertion("SessionIndex=\"_session\"", &attribute)
}

#[test]
fn the_session_ends_with_the_idps() {
    let mut world = World::new();
    world.sign_in(ending_at("2026-11-24T10:30:00Z"));
    assert_eq!(claims(&cookie(&world))["until"], NOW.seconds() + 1800);
    let mut world = World::new();
    world.sign_in(ending_at("2027-11-24T10:30:00Z"));
    assert_eq!(claims(&cookie(&world))["until"], NOW.seconds() + 28_800);
}

#[test]
fn a_session_that_ends_within_the_skew_does_not_begin() {
    let mut world = World::new();
    let seen = world.sign_in(ending_at("2026-11-24T10:00:00Z"));
    assert_eq!(seen.refusal(), "session_expired");
}

#[test]
fn another_host_does_not_take_it() {
    let mut world = signed_in();
    world.config = config_with(&[("BASE_URL", "https://other.example")]);
    assert_eq!(world.get("/sso/session").answer.status, 401);
}

#[test]
fn a_login_under_way_survives_a_rotation_and_not_a_replacement() {
    let mut world = World::new();
    let id = world.start("/media");
    world.config = config_with(&[("SESSION_KEYS", &secret(7))]);
    let form = crate::support::form::form(&crate::support::form::answering(&id));
    assert_eq!(world.post("acme", &form).refusal(), "in_response_to_unknown");
    world.config = config_with(&[("SESSION_KEYS", &format!("{},{}", secret(7), secret(1)))]);
    assert_eq!(world.post("acme", &form).answer.status, 303);
}

#[test]
fn the_subject_is_the_name_id_of_this_account_and_idp() {
    let subject = |change: fn(Scenario) -> Scenario| {
        let mut world = World::new();
        world.sign_in(change);
        claims(&cookie(&world))["sub"].as_str().expect("text").to_owned()
    };
    let ada = subject(|it| it);
    assert_eq!(ada, subject(|it| it.in_assertion("Ada Lovelace", "Augusta Ada King")));
    assert_ne!(ada, subject(|it| it.in_assertion("ada@acme.example", "eve@acme.example")));
}

#[test]
fn nobody_is_401_as_json() {
    let seen = World::new().get("/sso/session");
    assert_eq!(seen.answer.status, 401);
    assert_eq!(seen.header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&seen.answer.body).expect("JSON");
    assert_eq!(body["error"], "not_signed_in");
}
