//! The test of a sign-in: what its report says, and that nothing else can come of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_edge::PastRefusal;
use saml_edge::inspect::{Standing, steps as steps_of};
use saml_verify::error::Refusal;

use crate::common::sealing::Sealing;
use crate::common::{METADATA, SP_KEY_PEM, Scenario, public_key};
use crate::settings::page::{form_token, sign_in_as};
use crate::world::{SESSION, Seen, World, answering_with, form};

const TEST: &str = "/sso/acme/settings/test";

/// A test's steps, as the page calls them, in their order.
const STEPS: [&str; 18] = [
    "Stored metadata",
    "Message",
    "Status",
    "One assertion",
    "Encryption",
    "Signature and certificate",
    "Destination",
    "Issuer",
    "Subject and conditions",
    "Recipient",
    "Request (InResponseTo)",
    "Time",
    "Audience",
    "Account claim",
    "Role claim",
    "E-mail address",
    "Session",
    "Used once",
];

/// One thing that is broken: where, by which code, and how.
type Break = (&'static str, &'static str, fn(Scenario) -> Scenario);

const BREAKS: [Break; 16] = [
    ("Message", "version_unsupported", |it| it.in_response("Version=\"2.0\"", "Version=\"1.1\"")),
    ("Status", "status_not_success", |it| it.in_response("status:Success", "status:Responder")),
    ("One assertion", "assertion_count", |it| {
        let second = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
        it.in_response("{assertion}", &format!("{{assertion}}{second}"))
    }),
    ("Encryption", "assertion_encrypted", |it| it.sealed(sealing())),
    ("Signature and certificate", "signature_invalid", Scenario::signed_by_another_key),
    ("Destination", "destination_mismatch", |it| {
        it.in_response("Destination=\"https://edge.example", "Destination=\"https://evil.example")
    }),
    ("Issuer", "issuer_mismatch", |it| {
        it.in_assertion("https://idp.example/", "https://idp.evil/")
    }),
    ("Subject and conditions", "condition_unknown", |it| {
        it.in_assertion("<saml:AudienceRestriction>", "<saml:X></saml:X><saml:AudienceRestriction>")
    }),
    ("Recipient", "recipient_mismatch", |it| {
        it.in_assertion("Recipient=\"https://edge.example", "Recipient=\"https://evil.example")
    }),
    ("Request (InResponseTo)", "in_response_to_unknown", |it| {
        it.in_assertion(
            "SubjectConfirmationData InResponseTo=\"",
            "SubjectConfirmationData InResponseTo=\"x",
        )
    }),
    ("Time", "confirmation_expired", |it| it.in_assertion("T10:04:30Z", "T08:04:30Z")),
    ("Audience", "audience_mismatch", |it| it.in_assertion("/sso/acme/metadata", "/sso/other/")),
    ("Account claim", "account_mismatch", |it| it.in_assertion(">acme<", ">other<")),
    ("Role claim", "role_not_listed", |it| it.in_assertion(">developer<", ">owner<")),
    ("E-mail address", "email_invalid", |it| it.in_assertion("ada@acme.example", "ada")),
    ("Session", "session_too_large", |it| {
        it.in_assertion("Ada Lovelace", &"Ada Lovelace ".repeat(120))
    }),
];

/// The Response's Issuer is read before its Destination is compared, and that of the Assertion later.
const ISSUER_FORMAT: Break = ("Issuer", "issuer_format", |it| {
    it.in_response("<saml:Issuer xmlns", "<saml:Issuer Format=\"urn:x\" xmlns")
});

fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

/// A browser in which an administrator is signed in.
fn administrator(mut world: World) -> World {
    sign_in_as(&mut world, "account_administrator");
    world
}

/// Starts a test and gives the ID of its request.
fn start(world: &mut World) -> String {
    let token = form_token(&world.get(TEST).answer.body);
    let seen = world.submit(TEST, &[("form_token", &token), ("action", "start")]);
    assert_eq!((seen.answer.status, &*seen.logged("event")), (302, "test_started"));
    seen.request_id()
}

/// Runs a whole test.
fn test(world: &mut World, change: impl FnOnce(Scenario) -> Scenario) -> Seen {
    let id = start(world);
    let assertion = format!("_test_{}", world.drawn);
    world.post("acme", &form(&change(answering_with(&id, &assertion))))
}

fn inspect(world: &mut World, response: &str, at: &str) -> Seen {
    let token = form_token(&world.get(TEST).answer.body);
    let fields =
        [("form_token", &*token), ("action", "inspect"), ("response", response), ("at", at)];
    world.submit(TEST, &fields)
}

/// The steps of a report with what is said of them.
fn steps(seen: &Seen) -> Vec<(String, String)> {
    let headings = seen.answer.body.split("<h3>").skip(1);
    let steps = headings.map(|it| {
        let (heading, _) = it.split_once("</h3>").expect("a heading");
        let (title, standing) = heading.rsplit_once(": ").expect("a standing");
        (title.to_owned(), standing.to_owned())
    });
    steps.collect()
}

/// Sees that nobody was signed in by it, and that nothing keeps it.
fn assert_report(seen: &Seen) {
    assert_eq!(seen.answer.status, 200, "{:?}", seen.log);
    assert_eq!(seen.header("cache-control"), "no-store");
    assert!(!seen.headers("set-cookie").any(|cookie| cookie.starts_with(SESSION)));
    assert!(steps(seen).iter().map(|(title, _)| title).eq(STEPS.iter()));
}

#[test]
fn a_test_that_passes_shows_who_would_be_signed_in() {
    let mut world = administrator(World::new());
    let (users, sessions) = (world.ledger.users().len(), world.ledger.sessions().len());
    let seen = test(&mut world, |it| it);
    assert_report(&seen);
    assert!(steps(&seen).iter().all(|(_, standing)| standing == "passed"), "{:?}", steps(&seen));
    assert_eq!(seen.logged("event"), "test_passed");
    let body = &seen.answer.body;
    for shown in [
        "The test passed",
        "This would sign in Ada Lovelace (ada@acme.example) as developer.",
        "<bdi>account_id</bdi></dt><dd><bdi>acme</bdi>",
    ] {
        assert!(body.contains(shown), "{shown} in {body}");
    }
    let now = (world.ledger.users().len(), world.ledger.sessions().len());
    assert_eq!(now, (users, sessions), "nobody came, and no session");
    assert_eq!(world.session()["role"], "account_administrator", "who was signed in is so still");
}

#[test]
fn what_is_broken_fails_at_its_step_and_nothing_before_it() {
    let mut world = administrator(World::new());
    for (step, code, change) in BREAKS {
        let seen = test(&mut world, change);
        assert_report(&seen);
        assert_eq!((&*seen.logged("event"), &*seen.logged("code")), ("test_refused", code));
        assert!(seen.answer.body.contains(&format!("<code>{code}</code>")), "{code}");
        let steps = steps(&seen);
        let failed = steps.iter().position(|(_, it)| it == "failed").expect("a step that failed");
        assert_eq!(steps[failed].0, step);
        let is_of_two = |title: &str| {
            let turns =
                [["Encryption", "Signature and certificate"], ["Issuer", "Subject and conditions"]];
            turns.iter().any(|turn| turn.contains(&title) && turn.contains(&step))
        };
        for (title, standing) in &steps[..failed] {
            assert!(standing == "passed" || is_of_two(title), "{title}: {standing} by {code}");
        }
        assert!(steps[failed + 1..].iter().all(|(_, it)| it == "not judged"), "{code}");
    }
    assert_eq!(world.session()["role"], "account_administrator");
}

/// A report can be short of what is known, and must never say that something passed which did not.
#[test]
fn of_two_things_that_are_broken_neither_is_said_to_have_passed() {
    let breaks = || BREAKS.into_iter().chain([ISSUER_FORMAT]);
    for (one, _, first) in breaks() {
        let mut world = administrator(World::new());
        for (other, _, second) in breaks() {
            if one == other {
                continue;
            }
            let seen = test(&mut world, |it| second(first(it)));
            assert_report(&seen);
            for (title, standing) in steps(&seen) {
                let is_broken = title == one || title == other;
                assert!(!(is_broken && standing == "passed"), "{one} and {other}: {title}");
            }
        }
    }
}

#[test]
fn a_report_says_what_was_expected_and_what_came() {
    let mut world = administrator(World::new());
    let seen = test(&mut world, |it| {
        it.in_assertion(
            "/sso/acme/metadata",
            "/sso/<b>/metadata".replace('<', "&lt;").replace('>', "&gt;").as_str(),
        )
    });
    let body = &seen.answer.body;
    assert!(
        body.contains("<dt>Expected</dt><dd>https://edge.example/sso/acme/metadata</dd>"),
        "{body}"
    );
    assert!(body.contains("Received, as the message claims: not verified"), "{body}");
    assert!(body.contains("https://edge.example/sso/&#60;b&#62;/metadata"), "escaped: {body}");
    let seen = test(&mut world, |it| it.in_assertion(">developer<", ">owner<"));
    assert!(seen.answer.body.contains("Received, as signed</dt><dd><bdi>role = owner</bdi>"));
}

/// Where the message is not accepted, nothing that it says of a user is shown.
#[test]
fn a_report_shows_no_claims_that_were_not_verified() {
    let mut world = administrator(World::new());
    for (step, _, change) in &BREAKS[..12] {
        let seen = test(&mut world, change);
        for claim in ["Lovelace", "ada@", "full_name"] {
            let (_, report) = seen.answer.body.split_once("<main>").expect("a page");
            assert!(!report.contains(claim), "{claim} after {step}");
        }
    }
}

#[test]
fn a_report_says_where_to_click() {
    let mut world = administrator(World::new());
    let broken = |it: Scenario| it.in_assertion("/sso/acme/metadata", "/sso/other/");
    let seen = test(&mut world, broken);
    for product in ["Entra ID", "Okta", "Google Workspace", "AD FS", "Keycloak"] {
        assert!(seen.answer.body.contains(&format!("<dt>{product}</dt>")), "{product}");
    }
    let keycloak = "https://sso.acme.example/realms/acme";
    world.add("acme", &METADATA.replace("https://idp.example/metadata", keycloak), None);
    let mut world = administrator_of(world, keycloak);
    let seen = test(&mut world, |it| of(keycloak, broken(it)));
    assert!(seen.answer.body.contains("<dt>Keycloak</dt><dd>Settings, Client ID.</dd>"));
    assert!(!seen.answer.body.contains("<dt>Okta</dt>"));
}

/// The same message from another IdP.
fn of(idp: &str, scenario: Scenario) -> Scenario {
    let issuer = ">https://idp.example/metadata<";
    let to = format!(">{idp}<");
    scenario.in_response(issuer, &to).in_assertion(issuer, &to)
}

fn administrator_of(mut world: World, idp: &str) -> World {
    world.jar.clear();
    let change = |it: Scenario| of(idp, it.in_assertion(">developer<", ">account_administrator<"));
    let id = world.start("/");
    let seen = world.post("acme", &form(&change(answering_with(&id, "_administrator"))));
    assert_eq!(seen.answer.status, 303);
    world
}

#[test]
fn a_test_is_used_up_and_never_a_session() {
    let mut world = administrator(World::new());
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test"));
    assert_eq!(world.post("acme", &response).logged("event"), "test_passed");
    // Again in the browser that tested: a report, which says so.
    let seen = world.post("acme", &response);
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "assertion_replayed");
    assert_eq!(steps(&seen).last().expect("steps"), &("Used once".to_owned(), "failed".to_owned()));
    // And in one that did not.
    world.jar.clear();
    assert_eq!(world.post("acme", &response).refusal(), "in_response_to_unknown");
}

/// What the request of a test was answered with can be no answer to another one.
#[test]
fn a_refused_test_is_no_session_later() {
    let mut world = administrator(World::new());
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test").in_assertion(">developer<", ">owner<"));
    assert_eq!(world.post("acme", &response).logged("code"), "role_not_listed");
    world.config = crate::world::config_with(&[("ROLES", "owner,account_administrator")]);
    let seen = world.post("acme", &response);
    assert_report(&seen);
    assert_eq!(seen.logged("event"), "test_passed", "mended: and still a report");
}

/// Any login can be under way beside a test, and neither becomes the other.
#[test]
fn an_ordinary_response_never_ends_in_a_report() {
    let mut world = administrator(World::new());
    let test = start(&mut world);
    let login = world.start("/media");
    let refused = answering_with(&login, "_1").in_assertion("/sso/acme/metadata", "/sso/other/");
    let seen = world.post("acme", &form(&refused));
    assert_eq!((&*seen.refusal(), seen.answer.status), ("audience_mismatch", 403));
    assert!(steps(&seen).is_empty(), "the code is for the log alone");
    // The request of the test on the outside, that of the login where it is signed.
    let from = format!("InResponseTo=\"{login}\"");
    let mixed =
        answering_with(&login, "_2").in_response(&from, &format!("InResponseTo=\"{test}\""));
    let seen = world.post("acme", &form(&mixed));
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "in_response_to_mismatch");
    assert_eq!(world.post("acme", &form(&answering_with(&login, "_3"))).answer.status, 303);
}

/// A test is this browser's, by its sealed cookie. Nobody else's response makes a page of it.
#[test]
fn a_test_is_bound_to_its_browser_and_account() {
    let mut world = administrator(World::new());
    world.add("other", METADATA, None);
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test").signed_by_another_key());
    let seen = world.post("other", &response);
    assert_eq!(seen.refusal(), "signature_invalid");
    assert!(steps(&seen).is_empty());
    world.jar.clear();
    let seen = world.post("acme", &response);
    assert_eq!(seen.refusal(), "signature_invalid");
    assert!(steps(&seen).is_empty());
}

#[test]
fn only_administrators_test_and_only_from_the_page() {
    let mut world = World::new();
    assert!(world.get(TEST).header("location").starts_with("/sso/acme/login"));
    sign_in_as(&mut world, "developer");
    assert_eq!(world.get(TEST).refusal(), "settings_forbidden");
    let fields = [("action", "start"), ("form_token", "x")];
    assert_eq!(world.submit(TEST, &fields).refusal(), "settings_forbidden");
    let mut world = administrator(World::new());
    assert_eq!(world.submit(TEST, &fields).refusal(), "form_token_invalid");
    let token = form_token(&world.get(TEST).answer.body);
    world.fetch_site = Some("cross-site");
    let fields = [("action", "inspect"), ("form_token", &*token), ("response", "x")];
    assert_eq!(world.submit(TEST, &fields).refusal(), "cross_site_form");
}

/// The codes of the page's list, newest first.
fn past(world: &mut World) -> Vec<String> {
    let page = world.get(TEST).answer.body;
    let codes = page.split("<h3><code>").skip(1).filter_map(|it| it.split_once('<'));
    codes.map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn the_last_refused_sign_ins_are_listed_with_their_code() {
    let mut world = administrator(World::new());
    let refused = world.sign_in(|it| it.in_assertion(">developer<", ">owner<"));
    assert_eq!(refused.refusal(), "role_not_listed");
    let audience = |it: Scenario| {
        it.in_assertion(
            "/sso/acme/metadata",
            "/sso/<b>/".replace('<', "&lt;").replace('>', "&gt;").as_str(),
        )
    };
    assert_eq!(world.sign_in(audience).refusal(), "audience_mismatch");
    assert_eq!(past(&mut world), ["audience_mismatch", "role_not_listed"]);
    let page = world.get(TEST).answer.body;
    for shown in [
        &*refused.logged("reference"),
        "the claim role holds none of the accepted roles.",
        "Let the identity provider send the claim with exactly one of the expected values",
        "2026-11-24T10:00:00Z",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("owner") && !page.contains("&#60;b"), "nothing that the message says");
}

/// Anybody can post anything, and one who has a signed message can post it all day.
#[test]
fn strangers_make_no_line_and_nobody_makes_many() {
    let mut world = administrator(World::with_sp_key("{}"));
    let strangers: [fn(Scenario) -> Scenario; 3] = [
        Scenario::signed_by_another_key,
        |it| it.in_message("Ada Lovelace", "Eve Lovelace"),
        // Row E2.
        |it| it.in_assertion("/sso/acme/metadata", "/sso/other/").sealed(sealing()),
    ];
    for change in strangers {
        assert_eq!(world.sign_in(change).answer.status, 403);
    }
    assert_eq!(past(&mut world), [""; 0]);
    let audience = |it: Scenario| it.in_assertion("/sso/acme/metadata", "/sso/other/");
    for seconds in [0, 59, 1] {
        world.now = world.now.plus(seconds);
        assert_eq!(world.sign_in(audience).refusal(), "audience_mismatch");
    }
    assert_eq!(past(&mut world), ["audience_mismatch"; 2]);
    // What becomes of a test is on its own page.
    assert_eq!(
        test(&mut world, |it| it.in_assertion(">acme<", ">other<")).logged("code"),
        "account_mismatch"
    );
    assert_eq!(past(&mut world).len(), 2);
    for (count, code) in (0_i64..25).zip(["a", "b"].iter().cycle()) {
        let (code, detail, reference) = ((*code).to_owned(), String::new(), String::new());
        let refusal = PastRefusal { at: count * 60, code, detail, reference };
        world.note(&refusal);
    }
    assert_eq!(past(&mut world).len(), 20);
}

#[test]
fn the_verifiers_own_steps_are_told_offline_too() {
    let told = |refusal| steps_of(refusal).map(|(_, it)| it).collect::<Vec<_>>();
    let titles: Vec<_> = steps_of(None).map(|(title, _)| title).collect();
    assert_eq!(titles, STEPS[..13]);
    assert_eq!(told(None), [Standing::Passed; 13]);
    let audience = told(Some(Refusal::AudienceMismatch));
    assert_eq!(audience[..12], [Standing::Passed; 12]);
    assert_eq!(audience[12], Standing::Failed);
    let status = told(Some(Refusal::StatusNotSuccess));
    assert_eq!(status[..3], [Standing::Passed, Standing::Passed, Standing::Failed]);
    assert_eq!(status[3..], [Standing::Unknown; 10]);
    assert_eq!(told(Some(Refusal::LogoutExpired)), [Standing::Unknown; 13]);
}

/// What is there of the ledger.
fn ledger(world: &World) -> [usize; 7] {
    let it = &world.ledger;
    [
        it.assertions().len(),
        it.used_requests().len(),
        it.pairs().len(),
        it.users().len(),
        it.sessions().len(),
        it.events().len(),
        it.past_refusals().len(),
    ]
}

#[test]
fn a_dry_run_stores_nothing_and_uses_nothing_up() {
    let mut world = administrator(World::new());
    let id = world.start("/media");
    let before = ledger(&world);
    let xml = answering_with(&id, "_1").xml();
    for response in [xml.clone(), STANDARD.encode(&xml), format!("\u{feff}\n {xml}")] {
        let seen = inspect(&mut world, &response, "");
        assert_report(&seen);
        let open: Vec<_> = steps(&seen).into_iter().filter(|(_, it)| it != "passed").collect();
        let not_judged = ["Request (InResponseTo)", "Used once"];
        assert!(open.iter().map(|(title, _)| title).eq(not_judged.iter()), "{open:?}");
        assert_eq!(seen.headers("set-cookie").count(), 0);
    }
    assert_eq!(ledger(&world), before);
    let seen = world.post("acme", &form(&answering_with(&id, "_1")));
    assert_eq!(seen.answer.status, 303, "it still is what it was");
}

#[test]
fn a_dry_run_finds_what_is_broken() {
    let mut world = administrator(World::new());
    for (step, code, change) in BREAKS {
        // Which request it answers is not judged here.
        if code == "in_response_to_unknown" {
            continue;
        }
        let seen = inspect(&mut world, &change(Scenario::valid()).xml(), "");
        assert_report(&seen);
        assert_eq!(seen.logged("code"), code);
        assert!(steps(&seen).contains(&(step.to_owned(), "failed".to_owned())), "{code}");
    }
    let seen = inspect(&mut world, "no response", "");
    assert_eq!(seen.logged("code"), "base64_malformed");
}

#[test]
fn a_dry_run_judges_at_a_time_that_is_given() {
    let mut world = administrator(World::new());
    let xml = Scenario::valid().xml();
    world.now = world.now.plus(3600);
    assert_eq!(inspect(&mut world, &xml, "").logged("code"), "confirmation_expired");
    assert_eq!(inspect(&mut world, &xml, "2026-11-24T10:00:00Z").logged("event"), "test_passed");
    let seen = inspect(&mut world, &xml, "an hour ago");
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("This is no time."));
}

/// Whoever may ask often enough what becomes of a ciphertext can read it, and another account's
/// assertions are encrypted to the same key.
#[test]
fn a_report_says_nothing_of_what_comes_out_of_a_decryption() {
    let mut world = administrator(World::with_sp_key("{}"));
    let mut pages = Vec::new();
    let breaks: [fn(Scenario) -> Scenario; 4] = [
        |it| it.in_assertion("/sso/acme/metadata", "/sso/other/").sealed(sealing()),
        |it| it.signed_by_another_key().sealed(sealing()),
        |it| it.sealed_text(sealing(), "<saml:Assertion>"),
        |it| it.sealed_text(sealing(), "no XML"),
    ];
    for change in breaks {
        let seen = inspect(&mut world, &change(Scenario::valid()).xml(), "");
        assert_report(&seen);
        let code = seen.logged("code");
        let is_told = seen.answer.body.contains(&format!("<code>{code}</code>"));
        assert_eq!(is_told, code == "decryption_failed", "{code} is for the log alone");
        let (_, body) = seen.answer.body.split_once("<main>").expect("a page");
        pages.push(body.replace(&seen.logged("reference"), ""));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    let seen = inspect(&mut world, &Scenario::valid().sealed(sealing()).xml(), "");
    assert_eq!(seen.logged("event"), "test_passed");
}

/// A page that somebody tests with is no place for a message of thousands of claims.
#[test]
fn a_report_is_short() {
    let mut world = administrator(World::new());
    let many = |count: usize| "<saml:AttributeValue>v</saml:AttributeValue>".repeat(count);
    let groups = format!("<saml:Attribute Name=\"groups\">{}</saml:Attribute>", many(1000));
    let seen = test(&mut world, |it| {
        it.in_assertion("<saml:AttributeStatement>", &format!("<saml:AttributeStatement>{groups}"))
            .in_assertion("ada@acme.example", &"a".repeat(5000))
    });
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "email_invalid");
    assert!(seen.answer.body.len() < 40_000, "{}", seen.answer.body.len());
}
