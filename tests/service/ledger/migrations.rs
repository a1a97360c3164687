//! The ledger's tables on SQLite itself: what objects of earlier releases hold is taken over.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must say so")]

use super::schema;
use crate::sqlite::Sqlite;

/// What the ledger does when it is first asked: returns false where it refuses.
fn migrate(object: &Sqlite) -> bool {
    saml_edge::migrate(object).is_ok()
}

fn object() -> Sqlite {
    Sqlite::new()
}

/// What there is to an object: its tables and indexes, and their columns.
fn shape(object: &Sqlite) -> Vec<String> {
    let select = "SELECT m.type || ' ' || m.name || coalesce('.' || c.name || ' ' || c.type, '')
                  FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c ORDER BY 1";
    let mut select = object.0.prepare(select).unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// An object of before versions were written down, with a row in every table.
fn unversioned() -> Sqlite {
    let object = object();
    object.0.execute_batch(schema::MIGRATIONS.first().unwrap()).unwrap();
    let rows = "
        INSERT INTO assertions VALUES ('replay', 2000);
        INSERT INTO audit VALUES (7, '{}');
        INSERT INTO expiries VALUES (1, 'ab', 30);
        INSERT INTO following VALUES (1, 1000, 'ok', 'id', 'https://idp.example/', '<x/>', 1000, 0);
        INSERT INTO outbox VALUES (3, 'event', '{}', 2);
        INSERT INTO pair VALUES (1, 'acme');
        INSERT INTO past_refusals VALUES (4, 1000, 'role_unknown', 'detail', 'reference');
        INSERT INTO refusals VALUES ('refused', 2000);
        INSERT INTO requests VALUES ('_request', 2000);
        INSERT INTO sessions VALUES
            (5, 'sid', 'sub', 'index', 'device', 'epoch', 'sealed', 1000, 1100, 2000);
        INSERT INTO setup_links VALUES (6, 'link', 'note', 1000, 2000, 1100);
        INSERT INTO users VALUES (8, 'sub', 'ada@acme.example', 'Ada', 'developer', 1000, 1100);
        INSERT INTO versions VALUES (7, '<x/>', '{}', 1000);
    ";
    object.0.execute_batch(rows).unwrap();
    object
}

fn count(object: &Sqlite, table: &str) -> i64 {
    let select = format!("SELECT count(*) FROM {table}");
    object.0.query_one(&select, [], |row| row.get(0)).unwrap()
}

#[test]
fn an_object_without_a_version_is_taken_over() {
    let old = unversioned();
    assert!(migrate(&old));
    let new = object();
    assert!(migrate(&new));
    assert_eq!(shape(&old), shape(&new), "however an object began, it has the same tables");
    for table in [
        "assertions",
        "audit",
        "expiries",
        "following",
        "outbox",
        "pair",
        "past_refusals",
        "refusals",
        "sessions",
        "setup_links",
        "users",
        "versions",
    ] {
        assert_eq!(count(&old, table), 1, "{table}");
    }
}

/// A request that is remembered was answered: what an older release remembers was only made.
#[test]
fn requests_under_way_count_as_not_answered() {
    let object = unversioned();
    assert!(migrate(&object));
    assert_eq!(count(&object, "used_requests"), 0);
}

/// A step that was not released to every object is one that some object has seen already.
#[test]
fn an_object_of_any_version_comes_to_the_same() {
    let new = object();
    assert!(migrate(&new));
    for version in 0..=schema::MIGRATIONS.len() {
        let object = object();
        object.0.execute_batch(schema::VERSION).unwrap();
        for step in schema::MIGRATIONS.iter().take(version) {
            object.0.execute_batch(step).unwrap();
            object.0.execute("UPDATE schema SET version = version + 1", []).unwrap();
        }
        assert!(migrate(&object));
        assert_eq!(shape(&object), shape(&new), "from version {version}");
    }
}

#[test]
fn nothing_is_done_twice() {
    let object = unversioned();
    assert!(migrate(&object));
    object.0.execute("DELETE FROM sessions", []).unwrap();
    let before = shape(&object);
    assert!(migrate(&object));
    assert_eq!((shape(&object), count(&object, "sessions")), (before, 0));
}

/// A release that was taken back goes on with tables that a newer one has only added to: a rollback
/// leaves sign-ins open.
#[test]
fn an_older_release_goes_on_where_a_newer_one_only_added() {
    let object = object();
    assert!(migrate(&object));
    object.0.execute_batch("CREATE TABLE later (only INTEGER PRIMARY KEY)").unwrap();
    object.0.execute("UPDATE schema SET version = version + 1", []).unwrap();
    let before = shape(&object);
    assert!(migrate(&object));
    assert_eq!(shape(&object), before);
    let version = "SELECT version FROM schema";
    let version: u32 = object.0.query_one(version, [], |row| row.get(0)).unwrap();
    assert_eq!(
        version,
        u32::try_from(schema::MIGRATIONS.len()).unwrap() + 1,
        "the newer one finds its own step done"
    );
}

/// A release that was taken back must not write into tables of which it does not know enough.
#[test]
fn an_older_release_refuses_what_a_newer_one_changed() {
    let object = object();
    assert!(migrate(&object));
    object.0.execute("UPDATE schema SET version = version + 1", []).unwrap();
    object.0.execute("UPDATE schema_reader SET oldest = (SELECT version FROM schema)", []).unwrap();
    assert!(!migrate(&object));
    object.0.execute("DELETE FROM schema_reader", []).unwrap();
    assert!(!migrate(&object), "a release that does not say so has changed them");
}

/// A later step that only adds leaves what older releases must know.
#[test]
fn what_older_releases_must_know_is_written_down() {
    let object = object();
    assert!(migrate(&object));
    let oldest = "SELECT oldest FROM schema_reader";
    let oldest: u32 = object.0.query_one(oldest, [], |row| row.get(0)).unwrap();
    assert_eq!(oldest, schema::OLDEST);
    assert!(usize::try_from(oldest).unwrap() <= schema::MIGRATIONS.len());
}
