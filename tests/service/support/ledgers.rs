//! The ledgers of all accounts, on SQLite itself, with a switch that puts them out of reach.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use saml_edge::{
    AccountId, AccountStore, AuditEntry, AuditEvent, Call, Database, Event, Exclusive, Fault,
    KnownUser, Ledger, LedgerName, NewSession, PastRefusal, RefreshState, Stored, Value,
    answer_call, decode_reply, encode, migrate,
};
use saml_verify::time::UnixTime;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::fakes::Store;
use crate::sqlite::Sqlite;

/// A ledger that can be switched off.
#[derive(Default)]
pub(crate) struct Broken<L> {
    ledger: L,
    pub(crate) broken: Cell<bool>,
    /// The account of which no expiry can be noted, and nothing that is done elsewhere.
    pub(crate) broken_for: RefCell<Option<String>>,
    /// How often it was written what became of an address.
    pub(crate) followed: Cell<usize>,
}

impl Broken<SqliteLedger> {
    pub(crate) fn over(store: Rc<Store>) -> Self {
        Self { ledger: SqliteLedger { store, ..SqliteLedger::default() }, ..Self::default() }
    }
}

impl<L> Deref for Broken<L> {
    type Target = L;

    fn deref(&self) -> &L {
        &self.ledger
    }
}

impl<L: Ledger> Ledger for Broken<L> {
    async fn ask<'a, C: Call>(
        &self,
        name: impl Into<LedgerName<'a>>,
        call: &C,
    ) -> Result<C::Reply, Fault> {
        let name = name.into();
        let is_list = ["note_expiry", "record_pair"].contains(&C::NAME);
        let is_of_list = self.broken_for.borrow().as_ref() == Some(&name.to_string()) && is_list;
        if self.broken.get() || is_of_list {
            return Err(Fault::LedgerUnreachable("switched off".to_owned()));
        }
        self.followed.set(self.followed.get() + usize::from(C::NAME == "follow"));
        self.ledger.ask(name, call).await
    }
}

/// One ledger.
struct Object {
    name: String,
    db: Sqlite,
    changing: Exclusive,
}

impl Object {
    fn db(&self) -> &dyn Database {
        &self.db
    }
}

/// All ledgers, in the order they were first asked.
#[derive(Default)]
pub(crate) struct SqliteLedger {
    objects: RefCell<Vec<Rc<Object>>>,
    /// What changes write to.
    pub(crate) store: Rc<Store>,
}

impl Ledger for SqliteLedger {
    async fn ask<'a, C: Call>(
        &self,
        name: impl Into<LedgerName<'a>>,
        call: &C,
    ) -> Result<C::Reply, Fault> {
        let object = self.object(&name.into().to_string());
        // As it is sent and answered.
        let call = serde_json::from_str(&encode(call)?.to_string()).expect("JSON");
        let reply = answer_call(&object.db, &*self.store, &object.changing, call).await?;
        decode_reply::<C>(serde_json::from_str(&reply.to_string()).expect("JSON"))
    }
}

impl AccountStore for Store {
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault> {
        self.written(account)
    }

    async fn write(&self, account: &AccountId, _: &Stored, after: &Stored) -> Result<(), Fault> {
        self.accounts.borrow_mut().insert(account.to_string(), after.clone());
        Ok(())
    }
}

/// A session of an account.
#[derive(Clone)]
pub(crate) struct SessionRow {
    pub(crate) account: String,
    pub(crate) session: NewSession,
    pub(crate) created: UnixTime,
    pub(crate) seen: UnixTime,
}

impl SqliteLedger {
    fn object(&self, name: &str) -> Rc<Object> {
        let mut objects = self.objects.borrow_mut();
        if let Some(object) = objects.iter().find(|it| it.name == name) {
            return Rc::clone(object);
        }
        let (db, changing) = (Sqlite::new(), Exclusive::default());
        migrate(&db).expect("a new ledger");
        let object = Rc::new(Object { name: name.to_owned(), db, changing });
        objects.push(Rc::clone(&object));
        object
    }

    /// The rows of every ledger, with its name.
    fn rows<T: DeserializeOwned>(&self, select: &str) -> Vec<(String, T)> {
        let rows = |it: &Rc<Object>| {
            let rows = it.db().rows(select, &[]).expect("rows").into_iter();
            rows.map(|row| (it.name.clone(), row)).collect::<Vec<_>>()
        };
        self.objects.borrow().iter().flat_map(rows).collect()
    }

    /// Runs a statement on every ledger.
    pub(crate) fn run(&self, statement: &str) {
        for object in self.objects.borrow().iter() {
            object.db().run(statement, &[]).expect("a statement");
        }
    }

    /// Assertions that were used, with the ends of that.
    pub(crate) fn assertions(&self) -> HashMap<(String, String), UnixTime> {
        self.used("SELECT key, until FROM assertions")
    }

    pub(crate) fn used_requests(&self) -> HashMap<(String, String), UnixTime> {
        self.used("SELECT id AS key, until FROM used_requests")
    }

    fn used(&self, select: &str) -> HashMap<(String, String), UnixTime> {
        #[derive(Deserialize)]
        struct Row {
            key: String,
            until: i64,
        }
        let rows = self.rows::<Row>(select).into_iter();
        rows.map(|(of, it)| ((of, it.key), UnixTime::from_seconds(it.until))).collect()
    }

    /// Which accounts have pairs, by the names of these.
    pub(crate) fn pairs(&self) -> HashMap<String, AccountId> {
        #[derive(Deserialize)]
        struct Row {
            account: AccountId,
        }
        let rows = self.rows::<Row>("SELECT account FROM pair").into_iter();
        rows.map(|(pair, it)| (pair, it.account)).collect()
    }

    pub(crate) fn signers(&self) -> Vec<String> {
        #[derive(Deserialize)]
        struct Row {
            key: String,
        }
        self.rows::<Row>("SELECT key FROM signers").into_iter().map(|(_, it)| it.key).collect()
    }

    /// In the order of their first logins.
    pub(crate) fn users(&self) -> Vec<(String, KnownUser)> {
        self.rows("SELECT * FROM users ORDER BY place")
    }

    pub(crate) fn add_user(&self, account: &str, user: KnownUser) {
        let insert = "INSERT INTO users (sub, email, name, role, first_login, last_login) \
                      VALUES (?, ?, ?, ?, ?, ?)";
        let KnownUser { sub, email, name, role, first_login, last_login } = user;
        let row: [Value; 6] = [
            sub.into(),
            email.into(),
            name.into(),
            role.into(),
            first_login.into(),
            last_login.into(),
        ];
        self.object(account).db().run(insert, &row).expect("a user");
    }

    /// Oldest first.
    pub(crate) fn sessions(&self) -> Vec<SessionRow> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(flatten)]
            session: NewSession,
            created: i64,
            seen: i64,
        }
        let row = |(account, Row { session, created, seen })| SessionRow {
            account,
            session,
            created: UnixTime::from_seconds(created),
            seen: UnixTime::from_seconds(seen),
        };
        self.rows("SELECT * FROM sessions ORDER BY place").into_iter().map(row).collect()
    }

    /// Puts `sessions` in place of those that there are.
    pub(crate) fn set_sessions(&self, sessions: &[SessionRow]) {
        self.run("DELETE FROM sessions");
        let insert = "INSERT INTO sessions \
                      (sid, sub, session_index, device, epoch, sealed, created, seen, expires) \
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        for SessionRow { account, session, created, seen } in sessions.iter().cloned() {
            let NewSession { sid, sub, session_index, device, epoch, sealed, expires } = session;
            let row: [Value; 9] = [
                sid.into(),
                sub.into(),
                session_index.into(),
                device.into(),
                epoch.into(),
                sealed.into(),
                created.seconds().into(),
                seen.seconds().into(),
                expires.into(),
            ];
            self.object(&account).db().run(insert, &row).expect("a session");
        }
    }

    /// With the account and, where it is of a change, what was stored then; oldest first.
    pub(crate) fn audit(&self) -> Vec<(String, AuditEvent, Option<Stored>)> {
        #[derive(Deserialize)]
        struct Row {
            place: i64,
            entry: String,
            written: Option<i64>,
            metadata: Option<String>,
            settings: Option<String>,
        }
        let select = "SELECT place, entry, written, metadata, settings \
                      FROM audit LEFT JOIN versions USING (place) ORDER BY place";
        let row = |(account, row): (String, Row)| {
            let Row { place: id, entry, written, metadata, settings } = row;
            let entry: AuditEntry = serde_json::from_str(&entry).expect("an entry");
            let stored = written.map(|_| Stored { metadata, settings });
            (account, AuditEvent { id, entry }, stored)
        };
        self.rows(select).into_iter().map(row).collect()
    }

    /// In the order they were written.
    pub(crate) fn events(&self) -> Vec<Event> {
        let events = self.rows("SELECT id, body FROM outbox ORDER BY place").into_iter();
        events.map(|(_, event)| event).collect()
    }

    /// Newest first.
    pub(crate) fn past_refusals(&self) -> Vec<PastRefusal> {
        let refusals = self.rows("SELECT * FROM past_refusals ORDER BY place DESC").into_iter();
        refusals.map(|(_, refusal)| refusal).collect()
    }

    /// How many turns were taken.
    pub(crate) fn turns(&self) -> usize {
        self.rows::<serde::de::IgnoredAny>("SELECT 1 FROM turns").len()
    }

    /// What became of metadata by its address, by account.
    pub(crate) fn following(&self) -> HashMap<String, RefreshState> {
        #[derive(Deserialize)]
        struct Row {
            following: Option<String>,
        }
        let select = "SELECT json_object(
                'last', iif(last_at IS NULL, NULL,
                    json_object('at', last_at, 'code', last_code)),
                'staged', iif(id IS NULL, NULL, json_object('id', id, 'url', url,
                    'metadata', metadata, 'at', at,
                    'is_dismissed', json(iif(is_dismissed, 'true', 'false'))))
            ) AS following FROM following";
        let rows = self.rows::<Row>(select).into_iter();
        let row = |(account, row): (String, Row)| {
            let following = serde_json::from_str(&row.following.expect("a row"));
            (account, following.expect("what became of an address"))
        };
        rows.map(row).collect()
    }
}
