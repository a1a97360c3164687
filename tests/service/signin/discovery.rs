//! The login page: from an e-mail address or an account id to the account's IdP.

use saml_edge::encoding::hex;
use saml_edge::limits::{ENTRY_AGE, ENTRY_RENEWAL};
use saml_edge::{Entropy, Limiter, Request, Stored};
use saml_verify::time::UnixTime;
use sha2::{Digest as _, Sha256};

use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::world::{Seen, World, answering, form};

const ADA: &str = "ada@acme.example";
const DAY: i64 = 24 * 60 * 60;

fn digest(email: &str) -> String {
    hex(&Sha256::digest(email))
}

fn submit(world: &mut World, login: &str) -> Seen {
    world.submit("/sso/login", &[("login", login), ("return_to", "/media")])
}

/// That the browser is on its way to the IdP.
fn is_at_idp(seen: &Seen) {
    assert_eq!(seen.answer.status, 302, "{}", seen.answer.body);
    assert!(seen.header("location").starts_with("https://idp.example/"));
    assert_eq!(seen.logged("event"), "login_started");
}

fn says_where_to_begin(seen: &Seen) {
    assert_eq!(seen.answer.status, 200);
    assert_eq!(seen.header("location"), "");
    assert!(seen.answer.body.contains("Please start from your company’s page"));
    assert_eq!(seen.log, None);
}

#[test]
fn an_account_id_leads_to_its_idp() {
    let mut world = World::new();
    is_at_idp(&submit(&mut world, " acme "));
    assert_eq!(submit(&mut world, "nobody").refusal(), "sso_not_enabled");
}

#[test]
fn a_first_login_makes_the_address_known() {
    let mut world = World::new();
    says_where_to_begin(&submit(&mut world, ADA));
    world.sign_in(|scenario| scenario);
    assert_eq!(stored(&world, ADA), entry(&[("acme", NOW)]));
    world.jar.clear();
    let seen = submit(&mut world, " Ada@ACME.example");
    is_at_idp(&seen);
    let id = seen.request_id();
    let second = answering(&id)
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(world.post("acme", &form(&second)).header("location"), "/media");
}

#[test]
fn a_domain_makes_its_addresses_known() {
    let mut world = World::new();
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "acme".to_owned());
    is_at_idp(&submit(&mut world, "anybody@Acme.Example"));
    says_where_to_begin(&submit(&mut world, "anybody@sub.acme.example"));
}

/// Stale entries, and those that no account could have, lead nowhere.
#[test]
fn accounts_without_single_sign_on_are_passed_over() {
    let mut world = World::new();
    let entry = r#"["gone","acme","a.b"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "old".to_owned());
    is_at_idp(&submit(&mut world, ADA));
    world.store.accounts.borrow_mut().insert("acme".to_owned(), Stored::default());
    says_where_to_begin(&submit(&mut world, ADA));
}

#[test]
fn several_accounts_are_asked_about() {
    let mut world = World::new();
    world.add("beta", METADATA, None);
    let entry = r#"["beta","acme"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    world.store.domains.borrow_mut().insert("acme.example".to_owned(), "acme".to_owned());
    let seen = submit(&mut world, ADA);
    assert_eq!(seen.answer.status, 200);
    let body = &seen.answer.body;
    let (domain, other) = (body.find("value=\"acme\""), body.find("value=\"beta\""));
    assert!(domain.is_some() && domain < other, "the operator's word comes first: {body}");
    assert!(body.contains("name=\"return_to\" value=\"/media\""));
    let fields = [("login", ADA), ("account", "beta"), ("return_to", "/media")];
    let chosen = world.submit("/sso/login", &fields);
    is_at_idp(&chosen);
    assert_eq!(chosen.logged("account"), "beta");
}

/// Nobody learns whether an address is known from what is said of those that are not.
#[test]
fn unknown_addresses_are_all_answered_alike() {
    let mut world = World::new();
    let entry = r#"["gone"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest("former@acme.example"), entry);
    let pages = ["nobody@acme.example", "former@acme.example", "nobody@nowhere.example"]
        .map(|email| submit(&mut world, email).answer);
    for page in &pages {
        assert_eq!(page.status, 200);
        assert_eq!(page.body, pages[0].body);
        assert_eq!(page.headers, pages[0].headers);
    }
}

#[test]
fn addresses_stand_in_no_address_bar_and_no_log() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    for seen in [submit(&mut world, ADA), submit(&mut world, "nobody@acme.example")] {
        assert!(!format!("{:?}", seen.answer.headers).contains("acme.example"));
        assert!(!seen.log.unwrap_or_default().contains('@'));
    }
    assert!(!format!("{:?}", world.store.directory).contains('@'));
}

/// An account that asks for it has its IdP told who is coming; nobody else's is.
#[test]
fn the_idp_is_told_the_address_where_the_account_says_so() {
    let mut world = World::with_settings(r#"{"login_hint":true}"#);
    world.add("beta", METADATA, None);
    let entry = r#"["acme"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), entry);
    let hint = "&login_hint=Ada%40acme.example";
    assert!(submit(&mut world, "Ada@acme.example").header("location").ends_with(hint));
    let mut choose = |account| {
        let fields = [("login", "Ada@acme.example"), ("account", account)];
        world.submit("/sso/login", &fields).header("location").to_owned()
    };
    assert!(choose("acme").ends_with(hint));
    assert!(!choose("beta").contains("hint"));
    assert!(!submit(&mut world, "acme").header("location").contains("hint"));
}

#[test]
fn what_cannot_be_read_is_given_back_to_be_mended() {
    let mut world = World::new();
    for (login, said) in [
        ("", "Please type"),
        ("ada@", "no complete e-mail address"),
        ("a b", "neither an e-mail address nor"),
        ("\"><script>", "neither an e-mail address nor"),
    ] {
        let seen = submit(&mut world, login);
        assert_eq!(seen.answer.status, 400);
        let body = &seen.answer.body;
        assert!(body.contains(said) && body.contains("role=\"alert\""), "{body}");
        assert!(body.contains("aria-describedby=\"problem hint\""));
        assert!(body.contains("name=\"return_to\" value=\"/media\""));
        assert!(!body.contains("<script"));
    }
    assert!(submit(&mut world, "a b").answer.body.contains("value=\"a b\""));
}

#[test]
fn every_way_keeps_to_pages_of_this_site() {
    let mut world = World::new();
    for login in ["acme", "nobody@acme.example", "a b"] {
        let fields = [("login", login), ("return_to", "//evil.example")];
        let seen = world.submit("/sso/login", &fields);
        assert!(!seen.answer.body.contains("evil"), "{login}");
    }
    let id = submit(&mut world, "acme").request_id();
    assert_eq!(world.post("acme", &form(&answering(&id))).header("location"), "/media");
}

#[test]
fn a_form_of_another_shape_is_refused() {
    let mut world = World::new();
    let text = world.send("POST", "/sso/login", Some("text/plain"), "", Octets::of("login=acme"));
    assert_eq!((text.refusal().as_str(), text.answer.status), ("form_malformed", 400));
    let long = "x".repeat(16 * 1024);
    assert_eq!(submit(&mut world, &long).refusal(), "message_too_large");
}

#[test]
fn nobody_is_looked_up_while_the_store_is_out_of_reach() {
    let mut world = World::new();
    world.store.directory_is_broken.set(true);
    let seen = submit(&mut world, ADA);
    assert_eq!((seen.refusal().as_str(), seen.answer.status), ("store_unreachable", 503));
}

#[test]
fn a_directory_that_fails_stops_no_login() {
    let mut world = World::new();
    world.store.directory_is_broken.set(true);
    let seen = world.sign_in(|scenario| scenario);
    assert_eq!((seen.answer.status, seen.logged("event").as_str()), (303, "login_succeeded"));
    assert!(seen.logged("directory").contains("switched off"));
    assert_eq!(world.session()["email"], ADA);
}

#[test]
fn an_address_keeps_its_eight_latest_accounts() {
    let mut world = World::new();
    // As they were written before they had a time.
    let undated = r#"["a","b","c","d","e","f","g","h"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), undated);
    world.sign_in(|scenario| scenario);
    let kept = ["b", "c", "d", "e", "f", "g", "h", "acme"].map(|account| (account, NOW));
    assert_eq!(stored(&world, ADA), entry(&kept));
}

/// An entry as it is written.
fn entry(lines: &[(&str, UnixTime)]) -> String {
    let line = |(account, seen): &(&str, UnixTime)| {
        format!(r#"{{"account":"{account}","seen":{}}}"#, seen.seconds())
    };
    format!("[{}]", lines.iter().map(line).collect::<Vec<_>>().join(","))
}

fn stored(world: &World, email: &str) -> String {
    world.store.directory.borrow().get(&digest(email)).cloned().unwrap_or_default()
}

fn store(world: &World, lines: &[(&str, UnixTime)]) {
    world.store.directory.borrow_mut().insert(digest(ADA), entry(lines));
}

/// Whoever signs in once a year is known, and whoever does not is forgotten.
#[test]
fn an_address_is_forgotten_a_year_after_its_last_login() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let lasts = world.store.lasts.get().expect("an end").as_secs();
    assert_eq!(i64::try_from(lasts), Ok(ENTRY_AGE));
    // The last login that does not write is a month later at most.
    world.now = NOW.plus(ENTRY_RENEWAL + 365 * DAY - 60);
    is_at_idp(&submit(&mut world, ADA));
    world.now = NOW.plus(ENTRY_AGE);
    says_where_to_begin(&submit(&mut world, ADA));
}

#[test]
fn a_login_writes_its_entry_once_a_month() {
    for (seen, writes) in [(0, 0), (DAY - ENTRY_RENEWAL, 0), (-ENTRY_RENEWAL, 1)] {
        let mut world = World::new();
        store(&world, &[("acme", NOW.plus(seen)), ("beta", NOW)]);
        world.sign_in(|scenario| scenario);
        assert_eq!(world.store.writes.get(), writes, "{seen}");
        let renewed = entry(&[("beta", NOW), ("acme", NOW)]);
        assert_eq!(stored(&world, ADA) == renewed, writes > 0, "{seen}");
    }
}

/// One account keeps no other in an entry.
#[test]
fn what_is_over_goes_with_the_next_write() {
    let mut world = World::new();
    let old = NOW.plus(-ENTRY_AGE);
    store(&world, &[("over", old), ("beta", old.plus(DAY))]);
    world.sign_in(|scenario| scenario);
    assert_eq!(stored(&world, ADA), entry(&[("beta", old.plus(DAY)), ("acme", NOW)]));
}

#[test]
fn the_last_account_is_remembered_until_it_is_forgotten() {
    let mut world = World::new();
    assert!(!world.get("/sso/login").answer.body.contains("Forget"));
    let seen = world.sign_in(|scenario| scenario);
    let cookie = seen.headers("set-cookie").find(|it| it.starts_with("__Host-account=acme;"));
    let cookie = cookie.expect("a cookie");
    assert!(cookie.contains("; SameSite=Lax") && cookie.ends_with("; Max-Age=31536000"));
    let page = world.get("/sso/login?return_to=/a?b").answer.body;
    assert!(page.contains("href=\"/sso/acme/login?return_to=%2Fa%3Fb\">Continue to acme</a>"));
    let fields = [("forget", "yes"), ("return_to", "/a?b")];
    let forgotten = world.submit("/sso/login", &fields);
    assert_eq!(forgotten.answer.status, 303);
    assert_eq!(forgotten.header("location"), "/sso/login?return_to=%2Fa%3Fb");
    assert!(!world.get("/sso/login").answer.body.contains("acme"));
    assert_eq!(world.session()["account"], "acme", "the session stays");
}

#[test]
fn an_account_that_could_not_be_is_not_remembered() {
    let mut world = World::new();
    for value in ["", "a.b", "%22%3E", "<b>"] {
        world.jar.insert("__Host-account".to_owned(), value.to_owned());
        assert!(!world.get("/sso/login").answer.body.contains("Forget"), "{value}");
    }
}

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

/// A flood of responses for an account keeps nobody from signing in who starts here, and whoever shares an
/// address with the flood is still signed out.
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
fn whoever_comes_too_often_is_told_to_wait() {
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
