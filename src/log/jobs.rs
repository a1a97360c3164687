//! Log lines of jobs. Of an event they hold the id and nothing else.

use serde::Serialize;

use crate::log::written;

/// Why something has to be retried or was given up.
pub(crate) struct Failure {
    /// The stable snake_case name.
    pub(crate) code: &'static str,
    /// For the operator.
    pub(crate) detail: String,
}

/// A task of a round is done; `of` is the job, and `task` the kind of task.
pub(crate) fn task_done(
    task: &'static str,
    of: impl Serialize,
    accounts: usize,
    reference: &str,
) -> String {
    #[derive(Serialize)]
    struct Line<'a, J> {
        event: &'static str,
        task: &'static str,
        of: J,
        accounts: usize,
        reference: &'a str,
    }
    written(&Line { event: "upkeep_done", task, of, accounts, reference })
}

/// A task is retried after `pause` seconds; without a pause, a round did not begin.
pub(crate) fn task_postponed(failure: Failure, pause: Option<u32>) -> String {
    let event = "upkeep_postponed";
    written(&Attempt { pause, ..Attempt::failed(event, failure) })
}

/// The service's own certificate expires at `not_after`.
pub(crate) fn own_certificate_expiring(not_after: Option<String>) -> String {
    #[derive(Serialize)]
    struct Line {
        event: &'static str,
        not_after: Option<String>,
    }
    written(&Line { event: "sp_certificate_expiring", not_after })
}

/// One attempt to deliver.
#[derive(Default, Serialize)]
struct Attempt<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<&'a str>,
    /// Seconds since the event was put into the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<i64>,
    /// Seconds until the next attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause: Option<u32>,
}

impl Attempt<'_> {
    fn failed(event: &'static str, Failure { code, detail }: Failure) -> Self {
        Self { event, code: Some(code), detail: Some(detail), ..Self::default() }
    }
}

/// The product has accepted an event of this id and age.
pub(crate) fn webhook_delivered(id: Option<&str>, age: i64) -> String {
    let event = "webhook_delivered";
    written(&Attempt { event, webhook_id: id, age: Some(age), ..Attempt::default() })
}

/// An event is retried after `pause` seconds. Its id is absent where it cannot be read.
pub(crate) fn webhook_postponed(
    failure: Failure,
    id: Option<&str>,
    age: Option<i64>,
    pause: u32,
) -> String {
    let failed = Attempt::failed("webhook_postponed", failure);
    written(&Attempt { webhook_id: id, age, pause: Some(pause), ..failed })
}

/// An event was set aside, and an operator must act.
pub(crate) fn event_set_aside(failure: Failure, id: &str) -> String {
    written(&Attempt { webhook_id: Some(id), ..Attempt::failed("fault", failure) })
}
