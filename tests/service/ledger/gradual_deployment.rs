//! What Workers and objects of different releases say to each other: a gradual deployment runs
//! both.

use saml_edge::{
    AccountId, Claim, Current, Exclusive, Fault, LoginClaim, NoteRefusal, PastRefusal, Renew,
    Renewed, Stored, answer_call, decode_reply, encode, migrate,
};
use serde_json::{Value, json};

use crate::fakes::Store;
use crate::sqlite::Sqlite;
use crate::support::world::ready;

/// What this release's object answers to calls, one after the other.
fn answers(calls: impl IntoIterator<Item = Value>) -> Vec<Result<Value, Fault>> {
    let (db, store, changing) = (Sqlite::new(), Store::default(), Exclusive::default());
    migrate(&db).expect("a ledger");
    let answer = |call| ready(answer_call(&db, &store, &changing, call));
    calls.into_iter().map(answer).collect()
}

fn entry(action: &str) -> Value {
    json!({
        "entry": { "at": 1, "actor": "operator", "action": action, "reference": "07" },
        "event": null,
    })
}

fn session() -> Value {
    json!({
        "sid": "a", "sub": "ada", "session_index": null, "device": "", "epoch": "e", "sealed": "s",
        "expires": 9_000,
    })
}

/// As the first release wrote calls, without what was added since, and as it reads the answers.
#[test]
fn a_worker_of_the_first_release_is_answered() {
    let user = json!({ "sub": "ada", "email": "ada@acme.example", "name": "Ada", "role": "dev" });
    let known = json!({
        "sub": "ada", "email": "ada@acme.example", "name": "Ada", "role": "dev",
        "first_login": 1_000, "last_login": 1_000,
    });
    let claim = json!({ "claim": {
        "assertion": "one", "until": 2_000, "request_id": "_r", "now": 1_000, "user": user,
        "session": session(), "origin": { "account": "acme", "reference": "07" },
    } });
    let again = json!({ "claim": {
        "assertion": "two", "until": 2_000, "request_id": "_r", "now": 1_000, "user": null,
        "session": null, "origin": null,
    } });
    let refusal = json!({ "at": 1, "code": "role_missing", "detail": "none", "reference": "07" });
    let link = json!({ "id": "l", "note": null, "created": 1, "expires": 9_000, "opened": null });
    let opened =
        json!({ "id": "l", "note": null, "created": 1, "expires": 9_000, "opened": 1_000 });
    let empty = json!({ "metadata": null, "settings": null });
    let change = json!({ "change": {
        "account": "acme", "expected": Stored::default().revision(), "actor": "operator",
        "after": { "metadata": null, "settings": "{}" }, "reference": "07", "is_heard": false,
        "now": 1_000,
    } });
    let listed = json!({
        "sid": "a", "sub": "ada", "device": "", "created": 1_000, "seen": 1_000, "expires": 9_000,
    });
    let list = json!({ "sessions": {
        "sub": null, "epoch": "e", "idle": null, "after": 0, "limit": 9, "now": 1_000,
    } });
    let calls = [
        (json!({ "open": { "request_id": "_r", "until": 2_000 } }), json!("opened")),
        (claim.clone(), json!("fresh")),
        (claim, json!("assertion_seen")),
        (again, json!("request_unknown")),
        (list, json!({ "sessions": { "sessions": [listed], "next": null } })),
        (
            json!({ "users": { "after": 0, "limit": 9 } }),
            json!({ "users": { "users": [known], "next": null } }),
        ),
        (
            json!({ "recent_users": { "limit": 9 } }),
            json!({ "users": { "users": [known], "next": null } }),
        ),
        (
            json!({ "end_sessions": { "sub": "eve", "sid": null, "but": null } }),
            json!({ "ended_sessions": { "count": 0 } }),
        ),
        (
            json!({
                "log_out": { "request": "lo", "until": 2_000, "sub": "ada", "session_indexes": [] },
            }),
            json!({ "logged_out": { "sids": ["a"] } }),
        ),
        (
            json!({
                "log_out": { "request": "lo", "until": 2_000, "sub": "ada", "session_indexes": [] },
            }),
            json!({ "logged_out": { "sids": null } }),
        ),
        (json!({ "end": { "sid": "a" } }), json!({ "ended": { "sealed": null } })),
        (json!({ "note": refusal }), json!("noted")),
        (json!("past_refusals"), json!({ "past_refusals": { "refusals": [refusal] } })),
        (
            json!({
                "add_setup_link": {
                    "id": "l", "note": null, "created": 1, "expires": 9_000,
                    "noted": entry("setup_link.created"),
                },
            }),
            json!({ "setup_link": { "stands": true } }),
        ),
        (json!({ "setup_links": { "now": 1_000 } }), json!({ "setup_links": { "links": [link] } })),
        (
            json!({ "open_setup_link": { "id": "l", "noted": null, "now": 1_000 } }),
            json!({ "setup_link": { "stands": true } }),
        ),
        (
            json!({ "setup_links": { "now": 1_000 } }),
            json!({ "setup_links": { "links": [opened] } }),
        ),
        (
            json!({ "revoke_setup_link": { "id": "l", "noted": null, "now": 1_000 } }),
            json!({ "setup_link": { "stands": true } }),
        ),
        (
            json!({
                "note_expiry": {
                    "expiry": { "certificate": "ab", "not_after": 1, "days": 7 },
                    "noted": entry("certificate.expiring"),
                },
            }),
            json!({ "expiry_noted": { "is_new": true } }),
        ),
        (
            json!({ "follow": { "following": { "last": null, "staged": null }, "noted": null } }),
            json!("followed"),
        ),
        (json!("following"), json!({ "following": { "last": null, "staged": null } })),
        (json!({ "current": { "account": "acme", "now": 1_000 } }), json!({ "current": empty })),
        (
            change,
            json!({
                "changed": {
                    "made": true,
                    "ended": { "sessions": 0, "setup_links": 0, "staged": 0 },
                },
            }),
        ),
        (
            json!({ "version": { "id": 3 } }),
            json!({ "version": { "stored": { "metadata": null, "settings": "{}" } } }),
        ),
        (
            json!({
                "refuse": {
                    "assertion": "x", "until": 2_000, "code": "c", "now": 1_000,
                    "origin": { "account": "acme", "reference": "07" },
                },
            }),
            json!("heard"),
        ),
        (json!("holder_of"), json!({ "holder": { "account": null } })),
        (
            json!({ "take_pair": { "account": "acme", "from": null } }),
            json!({ "pair_of": { "account": "acme" } }),
        ),
        (
            json!({ "take_pair": { "account": "other", "from": null } }),
            json!({ "pair_of": { "account": "acme" } }),
        ),
    ];
    let expected: Vec<_> = calls.iter().map(|(_, answer)| answer.clone()).collect();
    let calls: Vec<_> = calls.into_iter().map(|(call, _)| call).collect();
    for ((call, expected), answer) in calls.iter().zip(expected).zip(answers(calls.clone())) {
        assert_eq!(answer.expect("an answer"), expected, "{call}");
    }
}

/// As the release before this one reads and answers them.
#[test]
fn an_object_of_an_earlier_release_is_understood() {
    let renew = Renew { sid: "a".to_owned(), epoch: "e".to_owned(), idle: None, now: 1_000 };
    let call = json!({ "renew": { "sid": "a", "epoch": "e", "idle": null, "now": 1_000 } });
    assert_eq!(encode(&renew).expect("a call"), call);
    for (answer, renewed) in [
        (json!({ "renewed": { "stands": true } }), Renewed::Seen { stands: true }),
        (json!({ "renewed": { "stands": false } }), Renewed::Seen { stands: false }),
        (json!("unseen"), Renewed::Unseen),
    ] {
        assert_eq!(decode_reply::<Renew>(answer).expect("an answer"), renewed);
    }
    for (answer, claim) in [
        ("fresh", Claim::Fresh),
        ("assertion_seen", Claim::AssertionSeen),
        ("request_unknown", Claim::RequestUsed),
        ("narrowed", Claim::Narrowed),
    ] {
        assert_eq!(decode_reply::<LoginClaim>(json!(answer)).expect("an answer"), claim);
    }
    let account = AccountId::parse("acme").expect("an id");
    let current = Current { account, is_heard: true, now: 1_000 };
    let call = json!({ "current": { "account": "acme", "is_heard": true, "now": 1_000 } });
    assert_eq!(encode(&current).expect("a call"), call);
    let stored = json!({ "current": { "metadata": null, "settings": "{}" } });
    let stored = decode_reply::<Current>(stored).expect("an answer");
    assert_eq!(stored.settings.as_deref(), Some("{}"));
    let lost = json!({ "store_unreachable": { "detail": "gone" } });
    assert!(
        matches!(decode_reply::<Current>(lost), Err(Fault::StoreUnreachable(it)) if it == "gone")
    );
    let (code, detail, reference) = ("c".to_owned(), "d".to_owned(), "07".to_owned());
    let note = NoteRefusal(PastRefusal { at: 1, code, detail, reference });
    let call = json!({ "note": { "at": 1, "code": "c", "detail": "d", "reference": "07" } });
    assert_eq!(encode(&note).expect("a call"), call);
    decode_reply::<NoteRefusal>(json!("noted")).expect("an answer");
}

/// What the other release does not know is a ledger out of reach, which closes.
#[test]
fn what_is_not_known_is_refused() {
    let unknown =
        [json!({ "later": { "sid": "a" } }), json!("later"), json!({}), json!(1), json!([])];
    for (call, answer) in unknown.iter().zip(answers(unknown.clone())) {
        assert!(matches!(answer, Err(Fault::LedgerUnreachable(_))), "{call}");
    }
    for answer in [json!("later"), json!({ "later": {} }), json!(null), json!({ "renewed": {} })] {
        let reply = decode_reply::<Renew>(answer.clone());
        assert!(matches!(reply, Err(Fault::LedgerUnreachable(_))), "{answer}");
        let reply = decode_reply::<NoteRefusal>(answer.clone());
        assert!(matches!(reply, Err(Fault::LedgerUnreachable(_))), "{answer}");
    }
}

/// A login that fails half-way has used nothing up.
#[test]
fn a_call_is_done_as_a_whole_or_not_at_all() {
    let claim = |assertion: &str| {
        json!({ "claim": {
            "assertion": assertion, "until": 2_000, "request_id": assertion, "now": 1_000,
            "session": session(),
        } })
    };
    let is_used = |assertion: &str| json!({ "is_used": { "assertion": assertion } });
    let calls = [claim("one"), claim("two"), is_used("one"), is_used("two")];
    let [one, two, is_one_used, is_two_used] = answers(calls).try_into().expect("four answers");
    assert_eq!(one.expect("an answer"), "fresh");
    assert!(two.is_err(), "no two sessions have one id");
    assert_eq!(is_one_used.expect("an answer"), json!({ "used": { "is_used": true } }));
    assert_eq!(is_two_used.expect("an answer"), json!({ "used": { "is_used": false } }));
}
