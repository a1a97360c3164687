//! What a ledger keeps of what was done, on SQLite itself (row G6): nobody pushes out what they
//! did, nor what others had stored.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must say so")]

use rusqlite::{Connection, params_from_iter};

use super::schema;
use crate::support::dice::Dice;

#[path = "../../../src/ledger/events/personal.rs"]
mod personal_events;
#[path = "../../../src/ledger/audit/retention.rs"]
mod retention;

const DAY: i64 = 24 * 60 * 60;
const HOUR: i64 = 60 * 60;

/// An account's ledger.
struct Ledger(Connection);

impl Ledger {
    fn new() -> Self {
        let object = Connection::open_in_memory().unwrap();
        schema::MIGRATIONS.iter().for_each(|step| object.execute_batch(step).unwrap());
        Self(object)
    }

    /// Writes an entry down. Returns its place.
    fn note(&self, actor: &str, action: &str, at: i64) -> i64 {
        let entry = format!(r#"{{"at":{at},"actor":"{actor}","action":"{action}"}}"#);
        self.0.execute("INSERT INTO audit (entry) VALUES (?)", [entry]).unwrap();
        let place = self.0.last_insert_rowid();
        self.forget(retention::of_entries(at));
        place
    }

    /// The same of a change, with what is stored then.
    fn change(&self, actor: &str, at: i64) -> i64 {
        let place = self.note(actor, "metadata.changed", at);
        let insert = "INSERT INTO versions (place, metadata, written) VALUES (?, '<x/>', ?)";
        self.0.execute(insert, (place, at)).unwrap();
        self.forget(retention::of_versions(at));
        place
    }

    fn forget(&self, statements: Vec<retention::Statement>) {
        for (delete, parameters) in statements {
            self.0.execute(delete, params_from_iter(parameters)).unwrap();
        }
    }

    fn count(&self, select: &str) -> i64 {
        self.0.query_one(&format!("SELECT COUNT(*) FROM {select}"), [], |row| row.get(0)).unwrap()
    }

    fn has(&self, table: &str, place: i64) -> bool {
        self.count(&format!("{table} WHERE place = {place}")) == 1
    }
}

#[test]
fn what_comes_by_itself_pushes_out_nothing_but_itself() {
    let ledger = Ledger::new();
    let link = ledger.note("operator", "setup_link.created", 0);
    let opened = ledger.note("setup_link:a", "setup_link.opened", 1);
    let change = ledger.change("setup_link:a", 2);
    let expiring = ledger.note("upkeep", "certificate.expiring", 3);
    for at in 0..2_000 {
        ledger.note("refresh", "metadata.staged", at);
    }
    assert!([link, opened, change, expiring].into_iter().all(|it| ledger.has("audit", it)));
    assert_eq!(ledger.count("audit WHERE list = 'staging'"), 50);
    for at in 0..100 {
        ledger.note("upkeep", "certificate.expired", at);
    }
    assert!([link, opened, change].into_iter().all(|it| ledger.has("audit", it)));
    assert_eq!(ledger.count("audit WHERE list = 'expiry'"), 50);
    assert_eq!(ledger.count("audit WHERE list = 'staging'"), 50);
}

#[test]
fn changes_and_links_are_kept_for_ninety_days_and_the_last_thousand_longer() {
    let ledger = Ledger::new();
    let first = ledger.note("user:a", "account.changed", 0);
    for _ in 0..999 {
        ledger.note("user:a", "account.changed", 1);
    }
    ledger.note("operator", "setup_link.revoked", 90 * DAY - 1);
    assert!(ledger.has("audit", first), "it is young");
    ledger.note("refresh", "metadata.staged", 100 * DAY);
    assert!(!ledger.has("audit", first), "it is old, and behind a thousand others");
    assert_eq!(ledger.count("audit WHERE list = 'changes'"), 1000);
    ledger.note("user:a", "metadata.dismissed", 400 * DAY);
    assert_eq!(ledger.count("audit WHERE list = 'changes'"), 1000, "however old they are");
}

#[test]
fn what_a_program_leaves_has_an_end_and_pushes_out_only_its_own() {
    let ledger = Ledger::new();
    let other = ledger.note("user:a", "account.changed", 0);
    let insert = "INSERT INTO audit (entry) SELECT
                  '{\"at\":1,\"actor\":\"operator\",\"action\":\"account.changed\"}'
                  FROM (WITH RECURSIVE n(i) AS
                  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
                  SELECT i FROM n)";
    ledger.0.execute(insert, []).unwrap();
    ledger.note("operator", "account.changed", 2);
    assert_eq!(ledger.count("audit WHERE actor = 'operator'"), 50_000);
    assert!(ledger.has("audit", other));
}

#[test]
fn versions_are_kept_for_thirty_days_and_the_last_twenty_longer() {
    let ledger = Ledger::new();
    let places: Vec<_> = (0..30).map(|at| ledger.change("user:a", at)).collect();
    ledger.change("user:a", 29 * DAY);
    assert!(places.iter().all(|it| ledger.has("versions", *it)));
    ledger.change("user:a", 31 * DAY);
    assert_eq!(ledger.count("versions"), 20);
    // Each says who made it, however old that is.
    assert_eq!(ledger.count("versions JOIN audit USING (place)"), 20);
    for number in 0..1_100 {
        ledger.note("operator", "account.changed", 200 * DAY + number);
    }
    assert_eq!(ledger.count("versions JOIN audit USING (place)"), 20);
}

/// Somebody who takes every turn there is, as a user, with setup links, and by what their server
/// publishes.
#[test]
fn nobody_pushes_out_what_they_did_or_what_others_stored() {
    for seed in 1..4_u64 {
        let mut dice = Dice::of(seed);
        let ledger = Ledger::new();
        let others = ["operator", "user:bea", "elsewhere", "setup_link:b"];
        let theirs: Vec<_> = others.iter().map(|actor| ledger.change(actor, 0)).collect();
        let mut kept: Vec<_> = theirs.clone();
        let mut now = 0;
        for _ in 0..1_000 {
            now += 90 * DAY / 1_100;
            match dice.below(6) {
                0 => {
                    ledger.note("refresh", "metadata.staged", now);
                }
                1 => {
                    ledger.note("upkeep", "certificate.expiring", now);
                }
                2 => kept.push(ledger.note("user:mallory", "metadata.dismissed", now)),
                3 => kept.push(ledger.note("setup_link:m", "setup_link.opened", now)),
                4 => kept.push(ledger.change("user:mallory", now)),
                _ => kept.push(ledger.change("setup_link:m", now)),
            }
        }
        assert!(now < 90 * DAY);
        assert!(kept.iter().all(|it| ledger.has("audit", *it)), "{seed}: what was done");
        assert!(theirs.iter().all(|it| ledger.has("versions", *it)), "{seed}: what others stored");
        assert_eq!(ledger.count("versions"), 100);
        assert_eq!(ledger.count("versions JOIN audit USING (place)"), 100);
    }
}

/// An IdP can make as many users as its administrator likes.
#[test]
fn many_users_do_not_push_out_what_operators_stored() {
    let ledger = Ledger::new();
    let ours = ["operator", "elsewhere", "refresh"].map(|actor| ledger.change(actor, 0));
    for number in 1..500 {
        ledger.change(&format!("user:{number}"), number * HOUR);
    }
    assert!(ours.into_iter().all(|it| ledger.has("versions", it)));
    assert_eq!(ledger.count("versions"), 100);
    assert!(ledger.has("versions", ledger.0.last_insert_rowid()), "the newest of all");
}

/// What tells the product of an erasure is not dropped by it, nor what is about nobody.
#[test]
fn events_that_wait_are_dropped_where_they_say_what_a_user_is_called() {
    let object = Ledger::new();
    let write = |id: &str, data: &str| {
        let body = format!(r#"{{"id":"{id}","data":{data}}}"#);
        object.0.execute("INSERT INTO outbox (id, body) VALUES (?, ?)", (id, body)).unwrap();
    };
    let left = || {
        let mut select = object.0.prepare("SELECT id FROM outbox ORDER BY place").unwrap();
        let ids = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        ids.map(Result::unwrap).collect::<Vec<_>>().join(" ")
    };
    write("created", r#"{"account":"acme","user":{"sub":"ada","email":"ada@acme.example"}}"#);
    write("login", r#"{"account":"acme","user":{"sub":"bob","email":"ada@acme.example"}}"#);
    write("deleted", r#"{"account":"acme","user":{"sub":"ada"}}"#);
    write("changed", r#"{"account":"acme","change":{"actor":"user:ada"}}"#);
    write("refused", r#"{"account":"acme","code":"role_missing"}"#);
    object.0.execute("UPDATE outbox SET is_aside = 1 WHERE id = 'login'", []).unwrap();
    object.0.execute(personal_events::DROP_OF_USERS, [r#"["carl"]"#]).unwrap();
    assert_eq!(left(), "created login deleted changed refused");
    object.0.execute(personal_events::DROP_OF_USERS, [r#"["ada","carl"]"#]).unwrap();
    assert_eq!(left(), "login deleted changed refused");
    object.0.execute(personal_events::DROP, []).unwrap();
    assert_eq!(left(), "deleted changed refused");
}
