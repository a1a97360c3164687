//! The last refused sign-ins of an account.

use saml_edge::PastRefusal;

use crate::common::Scenario;
use crate::report::scenario::{TEST, administrator, sealing, test};
use crate::support::world::World;

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
