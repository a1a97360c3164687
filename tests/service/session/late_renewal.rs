//! A renewal whose answer comes to the browser late (row F4).

use std::collections::HashMap;

use crate::session::lifetime::{COMPANION, after, signed_in};
use crate::support::form::{answering, form};
use crate::support::seen::SESSION;
use crate::support::world::World;

/// The Set-Cookie lines of a request for the session at that time.
fn told(world: &mut World, seconds: i64) -> Vec<String> {
    after(world, seconds).headers("set-cookie").map(str::to_owned).collect()
}

fn dev(world: &mut World) {
    let id = world.start("/media");
    let dev = answering(&id)
        .in_assertion("ada@acme.example", "dev@acme.example")
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(world.post("acme", &form(&dev)).logged("event"), "login_succeeded");
    assert!(world.get("/sso/session").answer.body.contains("dev@acme.example"));
}

/// A browser in which a renewal of Ada's session is on its way, with the line that it will bring.
fn renewing() -> (World, String) {
    let mut world = signed_in();
    let before = world.jar.clone();
    let line = told(&mut world, 300).remove(0);
    world.jar = before;
    (world, line)
}

#[test]
fn a_renewal_in_time_is_the_session() {
    let (mut world, line) = renewing();
    world.keep(&line);
    assert_eq!(world.session()["email"], "ada@acme.example");
}

#[test]
fn a_renewal_after_a_sign_out_signs_nobody_in() {
    let (mut world, line) = renewing();
    world.submit("/sso/logout", &[]);
    world.keep(&line);
    assert_eq!(world.session()["error"], "not_signed_in");
    // Whoever comes next signs in as ever.
    dev(&mut world);
}

#[test]
fn a_renewal_after_another_sign_in_is_nobodys_session() {
    let (mut world, line) = renewing();
    world.submit("/sso/logout", &[]);
    dev(&mut world);
    world.keep(&line);
    assert_eq!(world.session()["error"], "not_signed_in");
    assert!(world.get("/sso/").answer.body.contains("name=\"login\""));
    assert!(world.get("/sso/logout").answer.body.contains("You are signed out"));
}

#[test]
fn a_renewal_after_a_sign_in_of_the_same_user_is_the_older_session_and_none() {
    let (mut world, line) = renewing();
    let again = world.sign_in(|it| {
        it.in_assertion("ID=\"_assertion\"", "ID=\"_second\"").in_signed_info("#{id}", "#_second")
    });
    assert_eq!(again.logged("event"), "login_succeeded");
    world.keep(&line);
    assert_eq!(world.session()["error"], "not_signed_in");
}

/// The lines that sign a browser out come after another has signed in there.
#[test]
fn a_late_sign_out_leaves_nobody_signed_in() {
    let mut world = signed_in();
    world.ledger.run("DELETE FROM sessions");
    let before = world.jar.clone();
    let lines = told(&mut world, 300);
    assert_eq!(lines.len(), 2, "{lines:?}");
    world.jar = before;
    world.submit("/sso/logout", &[]);
    dev(&mut world);
    // In either order, and by halves.
    for taken in [&lines[..1], &lines[1..], &lines[..]] {
        let signed_in = world.jar.clone();
        taken.iter().for_each(|line| world.keep(line));
        assert_eq!(world.session()["error"], "not_signed_in");
        world.jar = signed_in;
    }
    assert_eq!(world.session()["email"], "dev@acme.example");
}

#[test]
fn one_users_session_beside_anothers_companion_is_none() {
    let mut world = signed_in();
    let ada = world.jar.clone();
    world.jar.clear();
    dev(&mut world);
    let dev = world.jar.clone();
    for (session, companion) in [(&ada, &dev), (&dev, &ada)] {
        world.jar = HashMap::from([
            (SESSION.to_owned(), session[SESSION].clone()),
            (COMPANION.to_owned(), companion[COMPANION].clone()),
        ]);
        assert_eq!(world.session()["error"], "not_signed_in");
    }
    world.jar = ada;
    assert_eq!(world.session()["email"], "ada@acme.example");
}

/// What earlier builds set: the user, and no session.
#[test]
fn a_companion_that_names_no_session_is_none() {
    let mut world = signed_in();
    let whole = world.jar[COMPANION].clone();
    let (sub, sid) = whole.split_once('.').expect("two parts");
    for value in [
        "",
        ".",
        sub,
        sid,
        &format!("{sub}."),
        &format!(".{sid}"),
        &format!("{whole}."),
        &format!("{sub}.{}", "0".repeat(32)),
        &whole.to_uppercase(),
    ] {
        world.jar.insert(COMPANION.to_owned(), value.to_owned());
        assert_eq!(world.session()["error"], "not_signed_in", "{value}");
    }
    world.jar.insert(COMPANION.to_owned(), whole);
    assert_eq!(world.session()["email"], "ada@acme.example");
}
