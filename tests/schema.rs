//! The ledger's tables on SQLite itself: what objects of earlier releases hold is taken over.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must say so")]

use rusqlite::Connection;

#[path = "../src/worker/ledger/schema.rs"]
mod schema;

/// What the ledger does when it is first asked: returns false where it refuses.
fn migrate(object: &mut Connection) -> bool {
    let step = object.transaction().unwrap();
    step.execute_batch(schema::VERSION).unwrap();
    let select = "SELECT version FROM schema";
    let version: u32 = step.query_one(select, [], |row| row.get(0)).unwrap();
    let Some(due) = schema::due(version.try_into().unwrap()) else { return false };
    for it in due {
        step.execute_batch(it).unwrap();
        step.execute("UPDATE schema SET version = version + 1", []).unwrap();
    }
    step.commit().unwrap();
    true
}

fn object() -> Connection {
    Connection::open_in_memory().unwrap()
}

/// What there is to an object: its tables and indexes, and their columns.
fn shape(object: &Connection) -> Vec<String> {
    let select = "SELECT m.type || ' ' || m.name || coalesce('.' || c.name || ' ' || c.type, '')
                  FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c ORDER BY 1";
    let mut select = object.prepare(select).unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// An object of before versions were written down, with a row in every table.
fn unversioned() -> Connection {
    let object = object();
    object.execute_batch(schema::MIGRATIONS.first().unwrap()).unwrap();
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
        INSERT INTO sessions VALUES (5, 'sid', 'sub', 'index', 'device', 'epoch', 'sealed', 1000, 1100, 2000);
        INSERT INTO setup_links VALUES (6, 'link', 'note', 1000, 2000, 1100);
        INSERT INTO users VALUES (8, 'sub', 'ada@acme.example', 'Ada', 'developer', 1000, 1100);
        INSERT INTO versions VALUES (7, '<x/>', '{}', 1000);
    ";
    object.execute_batch(rows).unwrap();
    object
}

fn count(object: &Connection, table: &str) -> i64 {
    let select = format!("SELECT count(*) FROM {table}");
    object.query_one(&select, [], |row| row.get(0)).unwrap()
}

#[test]
fn an_object_without_a_version_is_taken_over() {
    let mut old = unversioned();
    assert!(migrate(&mut old));
    let mut new = object();
    assert!(migrate(&mut new));
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
    let mut object = unversioned();
    assert!(migrate(&mut object));
    assert_eq!(count(&object, "used_requests"), 0);
}

/// A step that was not released to every object is one that some object has seen already.
#[test]
fn an_object_of_any_version_comes_to_the_same() {
    let mut new = object();
    assert!(migrate(&mut new));
    for version in 0..=schema::MIGRATIONS.len() {
        let mut object = object();
        object.execute_batch(schema::VERSION).unwrap();
        for step in schema::MIGRATIONS.iter().take(version) {
            object.execute_batch(step).unwrap();
            object.execute("UPDATE schema SET version = version + 1", []).unwrap();
        }
        assert!(migrate(&mut object));
        assert_eq!(shape(&object), shape(&new), "from version {version}");
    }
}

#[test]
fn nothing_is_done_twice() {
    let mut object = unversioned();
    assert!(migrate(&mut object));
    object.execute("DELETE FROM sessions", []).unwrap();
    let before = shape(&object);
    assert!(migrate(&mut object));
    assert_eq!((shape(&object), count(&object, "sessions")), (before, 0));
}

/// A release that was taken back must not write into tables that it does not know.
#[test]
fn an_older_release_refuses_the_tables_of_a_newer_one() {
    let mut object = object();
    assert!(migrate(&mut object));
    object.execute("UPDATE schema SET version = version + 1", []).unwrap();
    assert!(!migrate(&mut object));
}
