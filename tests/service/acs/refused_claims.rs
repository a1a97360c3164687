//! Claims that sign nobody in.

use crate::acs::refusals::{attribute, refuses};
use crate::support::world::World;

// The claims.

#[test]
fn no_account_claim() {
    refuses("account_claim_missing", 403, |it| {
        it.in_assertion(&attribute("account_id", "acme"), "")
    });
}

#[test]
fn another_account_in_the_claim() {
    for value in ["other", "ACME", "acme ", ""] {
        refuses("account_mismatch", 403, |it| {
            it.in_assertion(&attribute("account_id", "acme"), &attribute("account_id", value))
        });
    }
}

#[test]
fn two_accounts_in_the_claim() {
    refuses("account_mismatch", 403, |it| {
        let one = attribute("account_id", "acme");
        it.in_assertion(&one, &format!("{one}{}", attribute("account_id", "other")))
    });
}

#[test]
fn no_role() {
    refuses("role_missing", 403, |it| it.in_assertion(&attribute("role", "developer"), ""));
}

#[test]
fn a_role_that_is_not_listed() {
    for value in ["owner", "Developer", "developer ", "developer,finance", ""] {
        refuses("role_not_listed", 403, |it| {
            it.in_assertion(&attribute("role", "developer"), &attribute("role", value))
        });
    }
}

#[test]
fn a_role_that_only_the_account_lists() {
    let mut world = World::with_settings(r#"{"roles":["owner"]}"#);
    let seen = world.sign_in(|it| {
        it.in_assertion(&attribute("role", "developer"), &attribute("role", "owner"))
    });
    assert_eq!(seen.refusal(), "role_not_listed");
}

#[test]
fn two_roles() {
    refuses("role_repeated", 403, |it| {
        let one = attribute("role", "developer");
        it.in_assertion(&one, &format!("{one}{}", attribute("role", "finance")))
    });
}

#[test]
fn a_name_id_that_is_no_email_address() {
    for value in ["ada", "ada@acme.example@evil.example", "ada@acme.example "] {
        refuses("email_invalid", 403, |it| it.in_assertion("ada@acme.example", value));
    }
}

#[test]
fn an_email_claim_that_is_missing_or_different() {
    let different = attribute("mail", "a@x") + &attribute("mail", "b@x");
    for (mail, code) in [(String::new(), "email_invalid"), (different, "email_repeated")] {
        let mut world = World::with_settings(r#"{"claims":{"email":"mail"}}"#);
        let end = "</saml:AttributeStatement>";
        let seen = world.sign_in(|it| it.in_assertion(end, &format!("{mail}{end}")));
        assert_eq!(seen.refusal(), code);
    }
}

#[test]
fn a_name_that_no_cookie_could_hold() {
    let mut world = World::new();
    let seen = world.sign_in(|it| it.in_assertion("Ada Lovelace", &"Ada ".repeat(300)));
    assert_eq!(seen.refusal(), "session_too_large");
}
