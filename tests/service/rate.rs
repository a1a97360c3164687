//! Which requests count towards a rate limit.

use saml_edge::{Entropy, Limiter, Request};

use crate::common::METADATA;
use crate::support::form::{answering, form};
use crate::support::seen::Seen;
use crate::support::world::World;

/// What a request of one client counts as.
fn counts(world: &World, method: &str, path: &str, client: &str) -> Vec<(Limiter, String)> {
    let cookies = world.cookies("");
    let (client, cookies) = (Some(client), Some(&*cookies));
    let request = Request { method: method.into(), path, client, cookies, ..Request::default() };
    saml_edge::counts(&world.service(), &request, request.route().as_ref(), world.now)
}

#[test]
fn whatever_costs_something_counts_and_nothing_else() {
    let world = World::new();
    let by_client = |limiter, kind: &str| vec![(limiter, format!("{kind}192.0.2.7"))];
    let of_account = (Limiter::Account, "acme".to_owned());
    for (method, path, counted) in [
        ("POST", "/sso/login", by_client(Limiter::Login, "")),
        ("GET", "/sso/acme/login", by_client(Limiter::Login, "")),
        ("POST", "/sso/acs", by_client(Limiter::Message, "acs:")),
        ("POST", "/sso/acme/acs", [by_client(Limiter::Message, "acs:"), vec![of_account]].concat()),
        ("GET", "/sso/acme/slo", by_client(Limiter::Message, "slo:")),
        ("POST", "/sso/slo", by_client(Limiter::Message, "slo:")),
        ("GET", "/sso/acme/settings", by_client(Limiter::Settings, "")),
        ("POST", "/sso/acme/settings/test", by_client(Limiter::Settings, "")),
        ("PUT", "/sso/api/v1/accounts/acme", by_client(Limiter::Api, "")),
        ("GET", "/sso/login", vec![]),
        ("GET", "/sso/", vec![]),
        ("GET", "/sso/confirm", vec![]),
        ("GET", "/sso/healthz", vec![]),
        ("GET", "/media", vec![]),
    ] {
        assert_eq!(counts(&world, method, path, "192.0.2.7"), counted, "{path}");
        // Where nobody can say who it is, nobody is counted.
        let of_nobody = counts(&world, method, path, "nobody");
        assert!(of_nobody.iter().all(|(limiter, _)| *limiter == Limiter::Account), "{path}");
    }
}

/// A flood of responses for an account keeps nobody from signing in who starts here, and whoever
/// shares an address with the flood is still signed out.
#[test]
fn no_flood_keeps_a_login_that_began_here_or_a_sign_out_from_ending() {
    let mut world = World::new();
    world.add("other", METADATA, None);
    let id = world.start("/media");
    let limiters = |world: &World, path| -> Vec<_> {
        counts(world, "POST", path, "192.0.2.7").into_iter().map(|(limiter, _)| limiter).collect()
    };
    assert_eq!(limiters(&world, "/sso/acme/acs"), [Limiter::Message]);
    assert_eq!(limiters(&world, "/sso/other/acs"), [Limiter::Message, Limiter::Account]);
    // Nobody else's request does, nor one that is over, nor a name without what we have sealed.
    world.now = world.now.plus(600);
    assert_eq!(limiters(&world, "/sso/acme/acs"), [Limiter::Message, Limiter::Account]);
    world.now = world.now.plus(-600);
    let sealed = world.jar.clone();
    world.jar.values_mut().for_each(|value| *value = "x".to_owned());
    assert_eq!(limiters(&world, "/sso/acme/acs"), [Limiter::Message, Limiter::Account]);
    world.jar = sealed;
    world.post("acme", &form(&answering(&id)));
    assert_eq!(limiters(&world, "/sso/acme/slo"), []);
    assert_eq!(limiters(&world, "/sso/slo"), []);
}

#[test]
fn too_many_requests_are_asked_to_wait() {
    for (limiter, path, status, code, said) in [
        (Limiter::Login, "/sso/acme/login", 429, "too_many_logins", "Please wait a minute"),
        (Limiter::Message, "/sso/acme/acs", 429, "too_many_requests", "Please wait a minute"),
        (
            Limiter::Account,
            "/sso/acme/acs",
            429,
            "too_many_unsolicited",
            "Please sign in from here",
        ),
        (Limiter::Settings, "/sso/acme/settings", 429, "too_many_requests", "Please wait a minute"),
        (Limiter::Message, "/sso/acme/slo", 429, "too_many_requests", "We could not sign you out"),
        (Limiter::Message, "/sso/slo", 429, "too_many_requests", "We could not sign you out"),
    ] {
        let world = World::new();
        let request = Request { method: "POST".into(), path, ..Request::default() };
        let reply = saml_edge::too_many(
            &world.service(),
            limiter,
            request.route().as_ref(),
            &Entropy::default(),
        );
        let seen = Seen { answer: reply.answer, log: reply.log };
        assert_eq!((seen.refusal().as_str(), seen.answer.status), (code, status), "{path}");
        assert_eq!(seen.header("retry-after"), "60");
        assert!(seen.answer.body.contains(said), "{path}");
    }
}
