//! What is done although nobody asks: every few hours a round, in which each account is looked
//! after.
//!
//! A round is as many tasks as it takes for none to grow with the number of accounts: a page of
//! their names makes a task for every few of them, and one for the next page. A task may come late,
//! twice and in any order, so whatever it does, it does once.

pub(crate) mod address;
pub(crate) mod expiry;

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::jobs::delivery_error::Undelivered;
use crate::model::account_id::AccountId;
use crate::platform::accounts::{AccountPage, Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// How many names one task lists: all that KV gives at once.
const PAGE: u32 = 1000;

/// How many accounts one task looks after. Where the server of each takes ten seconds for each of
/// three redirects and once more, that is fourteen minutes of fifteen, and 240 steps outside of a
/// thousand; and a page makes 51 tasks, of the hundred messages that a queue takes at once.
const ACCOUNTS: usize = 20;

/// Shortest and longest pause before a task is tried again.
const PAUSE: std::ops::RangeInclusive<i64> = 60..=60 * 60;

/// What a round does for each account. The names are those that wait in queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// Tells of certificates and metadata that expire.
    #[serde(rename = "metadata")]
    NotifyExpiry,
    /// Fetches metadata from the address that it follows.
    #[serde(rename = "settings")]
    RefreshMetadata,
}

impl Job {
    /// What an account has stored for which there is something to do.
    const fn kind(self) -> StoredKind {
        match self {
            Self::NotifyExpiry => StoredKind::Metadata,
            Self::RefreshMetadata => StoredKind::Settings,
        }
    }
}

/// A step of a round, as it waits in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Do the job for these accounts.
    Accounts {
        /// The job.
        #[serde(rename = "of")]
        job: Job,
        /// Their ids, as the store has them.
        ids: Vec<String>,
    },
    /// Make tasks of a page of the accounts that have something stored for the job.
    Page {
        /// The job.
        #[serde(rename = "of")]
        job: Job,
        /// Where the page begins; `None` for the first.
        cursor: Option<String>,
    },
}

impl Task {
    /// What a round begins with: nobody waits to hear of a certificate until others have been asked
    /// for their metadata.
    pub const fn first() -> [Self; 2] {
        let (expiry, refresh) = (Job::NotifyExpiry, Job::RefreshMetadata);
        [Self::Page { job: expiry, cursor: None }, Self::Page { job: refresh, cursor: None }]
    }

    /// A task that comes out of a queue, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The task as it is put into a queue.
    pub fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// After how many seconds one that failed, `age` seconds old, is tried again: as many as it is
    /// old.
    pub fn pause(age: i64) -> u32 {
        u32::try_from(age.clamp(*PAUSE.start(), *PAUSE.end())).unwrap_or(u32::MAX)
    }
}

/// What became of a task.
#[derive(Debug, Default)]
pub struct Worked {
    /// What is to be done next.
    pub next: Vec<Task>,
    /// Lines for the log.
    pub lines: Vec<String>,
    /// What failed first; the task is to be tried again. Everything else is done.
    pub fault: Option<Fault>,
}

/// Does `task`.
pub async fn work(
    cx: &Service<'_, impl Platform>,
    task: &Task,
    reference: &str,
    now: UnixTime,
) -> Worked {
    match task {
        Task::Accounts { job, ids } => look_after_all(cx, *job, ids, reference, now).await,
        Task::Page { job, cursor } => hand_out(cx, *job, cursor.as_deref(), reference).await,
    }
}

/// One account that cannot be looked after stands in no other's way.
async fn look_after_all(
    cx: &Service<'_, impl Platform>,
    job: Job,
    ids: &[String],
    reference: &str,
    now: UnixTime,
) -> Worked {
    let mut worked = Worked::default();
    for account in ids.iter().filter_map(|id| AccountId::parse(id)) {
        match look_after(cx, job, &account, reference, now).await {
            Ok(line) => worked.lines.extend(line),
            Err(fault) => _ = worked.fault.get_or_insert(fault),
        }
    }
    if worked.fault.is_none() {
        worked.lines.extend(done("accounts", job, ids.len(), reference));
    }
    worked
}

async fn hand_out(
    cx: &Service<'_, impl Platform>,
    job: Job,
    cursor: Option<&str>,
    reference: &str,
) -> Worked {
    match cx.accounts.list(job.kind(), cursor, PAGE).await {
        Ok(names) => Worked {
            next: tasks(job, &names),
            lines: done("page", job, names.ids.len(), reference).into_iter().collect(),
            fault: None,
        },
        Err(fault) => Worked { fault: Some(fault), ..Worked::default() },
    }
}

/// What a round does for one account. Returns a line for the log where there is something to say.
async fn look_after(
    cx: &Service<'_, impl Platform>,
    job: Job,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    match job {
        Job::NotifyExpiry => expiry::tell_of_expiry(cx, account, reference, now).await,
        Job::RefreshMetadata => address::look_at_address(cx, account, reference, now).await,
    }
}

fn tasks(job: Job, names: &AccountPage) -> Vec<Task> {
    let accounts = names.ids.chunks(ACCOUNTS).map(|ids| Task::Accounts { job, ids: ids.to_vec() });
    let page = names.next.clone().map(|next| Task::Page { job, cursor: Some(next) });
    accounts.chain(page).collect()
}

/// The log's line for a task that is done: a round is over where its numbers add up.
fn done(task: &'static str, job: Job, accounts: usize, reference: &str) -> Option<String> {
    #[derive(Serialize)]
    struct Line<'a> {
        event: &'static str,
        task: &'static str,
        of: Job,
        accounts: usize,
        reference: &'a str,
    }
    let event = "upkeep_done";
    serde_json::to_string(&Line { event, task, of: job, accounts, reference }).ok()
}

/// The log's line for a task that goes on waiting, or for a round that did not begin.
pub fn postponed(why: &Undelivered, pause: Option<u32>) -> Option<String> {
    #[derive(Serialize)]
    struct Line {
        event: &'static str,
        code: &'static str,
        detail: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        pause: Option<u32>,
    }
    let (code, detail) = (why.code(), why.to_string());
    serde_json::to_string(&Line { event: "upkeep_postponed", code, detail, pause }).ok()
}
