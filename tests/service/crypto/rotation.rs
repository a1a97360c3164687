//! Keys that move on: next, current, previous, gone (row H11).

use saml_edge::{Config, FreshKeys, NotRotated, Secret, rotate};
use serde_json::Value;

use crate::common::NOW;
use crate::session::cookie::{cookie, header};
use crate::support::config::{secret, vars};
use crate::support::form::{answering, form};
use crate::support::world::World;

/// A key for each list, told apart by one octet.
fn fresh(octet: u8) -> FreshKeys {
    FreshKeys::new([octet; 32], [octet + 100; 32]).expect("a scalar")
}

/// What `keygen` prints, after as many rotations.
fn rotated(times: u8) -> String {
    let start = Secret::lists(fresh(1), fresh(2)).map(|it| it.to_string()).concat();
    (0..times).fold(start, |file, time| {
        let rotated = rotate(&file, fresh(3 + time)).expect("rotated");
        assert!(rotated.not_yet.is_empty());
        rotated.dotenv
    })
}

/// A deployment with the secrets of this file.
fn config(file: &str) -> Config {
    let mut vars = vars();
    for name in ["SESSION_KEYS", "TOKEN_KEYS"] {
        let line = file.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
        vars.insert(name, line.trim_start_matches('=').trim_matches('\'').to_owned());
    }
    Config::parse(|name| vars.get(name).cloned()).expect("a good configuration")
}

fn signed_in(file: &str) -> World {
    let mut world = World { config: config(file), ..World::new() };
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

fn status(world: &mut World, file: &str) -> u16 {
    world.config = config(file);
    world.get("/sso/session").answer.status
}

/// The names of the keys that are published.
fn published(file: &str) -> Vec<String> {
    let mut world = World { config: config(file), ..World::new() };
    let seen = world.get("/.well-known/jwks.json");
    let jwks: Value = serde_json::from_str(&seen.answer.body).expect("JSON");
    let keys = jwks.get("keys").and_then(Value::as_array).expect("keys").iter();
    keys.map(kid).collect()
}

fn kid(holder: &Value) -> String {
    holder.get("kid").and_then(Value::as_str).expect("a key's name").to_owned()
}

/// The name of the key that a token of this world is signed with.
fn signed_with(world: &World) -> String {
    kid(&header(world))
}

#[test]
fn a_list_is_current_next_previous() {
    let keys = |octets: &[u8]| octets.iter().map(|it| secret(*it)).collect::<Vec<_>>().join(",");
    for (times, session, token) in [
        (0, keys(&[1, 2]), keys(&[101, 102])),
        (1, keys(&[2, 3, 1]), keys(&[102, 103, 101])),
        (2, keys(&[3, 4, 2]), keys(&[103, 104, 102])),
    ] {
        let lines = format!("SESSION_KEYS='{session}'\nTOKEN_KEYS='{token}'\n");
        assert_eq!(rotated(times), lines);
    }
}

#[test]
fn the_next_key_is_published_before_it_signs() {
    for times in 0..3 {
        let before = published(&rotated(times));
        let signing = signed_with(&signed_in(&rotated(times + 1)));
        assert!(before.contains(&signing), "nobody has heard of {signing}");
        assert_ne!(signing, signed_with(&signed_in(&rotated(times))), "the same key goes on");
    }
}

#[test]
fn the_key_before_stays_published_until_its_tokens_are_over() {
    let signing = signed_with(&signed_in(&rotated(0)));
    assert!(published(&rotated(1)).contains(&signing));
    assert!(!published(&rotated(2)).contains(&signing));
    assert_eq!(published(&rotated(7)).len(), 3);
}

/// Some Workers have the new list and some the old: whichever made a cookie, both take it.
#[test]
fn rotation_signs_nobody_out() {
    let (old, new) = (rotated(3), rotated(4));
    let mut before = signed_in(&old);
    assert_eq!(status(&mut before, &new), 200);
    let mut after = signed_in(&new);
    assert_eq!(status(&mut after, &old), 200);

    // Renewed by a Worker that has the new list, then seen by one that has not.
    before.now = NOW.plus(300);
    let unrenewed = cookie(&before);
    assert_eq!(status(&mut before, &new), 200);
    assert_ne!(cookie(&before), unrenewed);
    assert_eq!(status(&mut before, &old), 200);
}

#[test]
fn a_login_under_way_outlives_a_rotation() {
    for (starts, ends) in [(rotated(0), rotated(1)), (rotated(1), rotated(0))] {
        let mut world = World { config: config(&starts), ..World::new() };
        let id = world.start("/media");
        world.config = config(&ends);
        assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
    }
}

/// Which is why rotations are as far apart as sessions are long.
#[test]
fn two_rotations_end_what_was_not_used_in_between() {
    let mut world = signed_in(&rotated(0));
    assert_eq!(status(&mut world, &rotated(2)), 401);
    let mut world = signed_in(&rotated(0));
    world.now = NOW.plus(300);
    assert_eq!(status(&mut world, &rotated(1)), 200);
    assert_eq!(status(&mut world, &rotated(2)), 200);
}

#[test]
fn a_list_without_a_next_key_gets_one_and_signs_as_before() {
    let one = format!("SESSION_KEYS='{}'\nTOKEN_KEYS='{}'\n", secret(1), secret(101));
    let two = rotate(&one, fresh(2)).expect("rotated");
    assert_eq!(two.not_yet, ["SESSION_KEYS", "TOKEN_KEYS"]);
    assert_eq!(two.dotenv, rotated(0));
    assert_eq!(signed_with(&signed_in(&one)), signed_with(&signed_in(&two.dotenv)));
}

#[test]
fn other_lines_stay_as_they_are() {
    let ours = rotated(0);
    let (session, token) = ours.trim_end().split_once('\n').expect("two lines");
    let bare = token.replace('\'', "");
    let file = |session: &str, token: &str| {
        format!(
            "# {session} of 2026\r\nSP_KEYS='-----BEGIN PRIVATE KEY-----\n{}\n'\n{token} \r\n\n\
             SESSION_KEYS_OLD=x\n{session}",
            secret(9)
        )
    };
    let seen = rotate(&file(session, &bare), fresh(3)).expect("rotated").dotenv;
    let next = rotated(1);
    let (next_session, next_token) = next.trim_end().split_once('\n').expect("two lines");
    let expected = file(next_session, next_token);
    assert_eq!(seen, expected.replacen(next_session, session, 1), "the comment stays too");
}

#[test]
fn what_cannot_be_rotated_is_left_alone() {
    let good = rotated(0);
    for (from, to, expected) in [
        ("SESSION_KEYS=", "SESSION_KEY=", NotRotated::Missing("SESSION_KEYS")),
        ("TOKEN_KEYS=", "export TOKEN_KEYS=", NotRotated::Missing("TOKEN_KEYS")),
        ("TOKEN_KEYS=", "TOKEN_KEYS=\nTOKEN_KEYS=", NotRotated::Repeated("TOKEN_KEYS")),
        ("SESSION_KEYS='", "SESSION_KEYS='x,", NotRotated::Malformed("SESSION_KEYS")),
        ("SESSION_KEYS='", "SESSION_KEYS=\"", NotRotated::Malformed("SESSION_KEYS")),
        (&*secret(102), &*secret(255), NotRotated::Malformed("TOKEN_KEYS")),
        ("'\nT", "' # since May\nT", NotRotated::Malformed("SESSION_KEYS")),
    ] {
        let seen = rotate(&good.replace(from, to), fresh(3)).err();
        assert_eq!(seen, Some(expected), "{from}");
    }
}

#[test]
fn a_key_that_signs_nothing_is_not_drawn() {
    assert!(FreshKeys::new([0; 32], [255; 32]).is_none());
    assert!(FreshKeys::new([255; 32], [0; 32]).is_none());
}
