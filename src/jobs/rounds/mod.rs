//! Rounds: every few hours, one over all accounts.
//!
//! A round consists of tasks, none of which grows with the number of accounts. The task for a page
//! of accounts makes one task for every few of them, and one for the next page. The queue delivers
//! at least once, late, and in any order, so every task is idempotent.

pub(crate) mod expiry;
mod refresh;

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::log::jobs::task_done;
use crate::model::account_id::AccountId;
use crate::platform::accounts::{AccountPage, Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// How many accounts one task lists: as many as KV lists at once.
const PAGE: u32 = 1000;

/// How many accounts one task serves. If each account's server takes ten seconds for each of four
/// requests, that is fourteen of the fifteen minutes a consumer has, and 240 of a thousand
/// subrequests. A page makes 51 tasks, of the hundred messages in a batch.
const ACCOUNTS: usize = 20;

/// Shortest and longest pause in seconds before a task is retried.
const PAUSE: std::ops::RangeInclusive<i64> = 60..=60 * 60;

/// What a round does for each account. The serialized names are part of the queue's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// Notifies of certificates and metadata that expire.
    #[serde(rename = "metadata")]
    NotifyExpiry,
    /// Fetches metadata from the address that it follows.
    #[serde(rename = "settings")]
    RefreshMetadata,
}

impl Job {
    /// What an account must have stored for the job.
    const fn kind(self) -> StoredKind {
        match self {
            Self::NotifyExpiry => StoredKind::Metadata,
            Self::RefreshMetadata => StoredKind::Settings,
        }
    }
}

/// A step of a round, as a message of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Do the job for these accounts.
    Accounts {
        /// The job.
        #[serde(rename = "of")]
        job: Job,
        /// The ids of the accounts, as the store lists them.
        ids: Vec<String>,
    },
    /// Make tasks of a page of the accounts that have something stored for the job.
    Page {
        /// The job.
        #[serde(rename = "of")]
        job: Job,
        /// Where the page begins; `None` for the first page.
        cursor: Option<String>,
    },
}

impl Task {
    /// The first tasks of a round: a page for each job, so that no notice waits for slow servers.
    pub const fn first() -> [Self; 2] {
        let (expiry, refresh) = (Job::NotifyExpiry, Job::RefreshMetadata);
        [Self::Page { job: expiry, cursor: None }, Self::Page { job: refresh, cursor: None }]
    }

    /// The task in a message of the queue; `None` for any other message.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The message of the task.
    pub fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// In how many seconds a failed task is retried that is `age` seconds old: as many again, so
    /// that each pause is twice the one before.
    pub fn pause(age: i64) -> u32 {
        u32::try_from(age.clamp(*PAUSE.start(), *PAUSE.end())).unwrap_or(u32::MAX)
    }
}

/// The outcome of a task.
#[derive(Debug, Default)]
pub struct TaskOutcome {
    /// The tasks that follow.
    pub next: Vec<Task>,
    /// Lines for the log.
    pub lines: Vec<String>,
    /// The first failure; the task is to be retried. Everything else is done.
    pub fault: Option<Fault>,
}

/// Does `task`.
pub async fn work(
    cx: &Service<'_, impl Platform>,
    task: &Task,
    reference: &str,
    now: UnixTime,
) -> TaskOutcome {
    match task {
        Task::Accounts { job, ids } => run_for_accounts(cx, *job, ids, reference, now).await,
        Task::Page { job, cursor } => enqueue_page(cx, *job, cursor.as_deref(), reference).await,
    }
}

/// Does `job` for each account. A failure for one account does not stop the others.
async fn run_for_accounts(
    cx: &Service<'_, impl Platform>,
    job: Job,
    ids: &[String],
    reference: &str,
    now: UnixTime,
) -> TaskOutcome {
    let mut outcome = TaskOutcome::default();
    for account in ids.iter().filter_map(|id| AccountId::parse(id)) {
        match run_for_account(cx, job, &account, reference, now).await {
            Ok(line) => outcome.lines.extend(line),
            Err(fault) => _ = outcome.fault.get_or_insert(fault),
        }
    }
    if outcome.fault.is_none() {
        outcome.lines.push(task_done("accounts", job, ids.len(), reference));
    }
    outcome
}

/// Does `job` for one account. Returns a line for the log where something happened.
async fn run_for_account(
    cx: &Service<'_, impl Platform>,
    job: Job,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    match job {
        Job::NotifyExpiry => expiry::notify_expiry(cx, account, reference, now).await,
        Job::RefreshMetadata => refresh::refresh_metadata(cx, account, reference, now).await,
    }
}

/// Makes the tasks for a page of accounts.
async fn enqueue_page(
    cx: &Service<'_, impl Platform>,
    job: Job,
    cursor: Option<&str>,
    reference: &str,
) -> TaskOutcome {
    match cx.accounts.list(job.kind(), cursor, PAGE).await {
        Ok(page) => TaskOutcome {
            next: tasks(job, &page),
            lines: vec![task_done("page", job, page.ids.len(), reference)],
            fault: None,
        },
        Err(fault) => TaskOutcome { fault: Some(fault), ..TaskOutcome::default() },
    }
}

fn tasks(job: Job, page: &AccountPage) -> Vec<Task> {
    let accounts = page.ids.chunks(ACCOUNTS).map(|ids| Task::Accounts { job, ids: ids.to_vec() });
    let next = page.next.clone().map(|next| Task::Page { job, cursor: Some(next) });
    accounts.chain(next).collect()
}
