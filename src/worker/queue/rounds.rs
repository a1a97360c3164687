//! Rounds over all accounts. A Cron Trigger begins them, and their tasks go through a queue.

use worker::wasm_bindgen::JsValue;
use worker::{
    Env, MessageExt as _, QueueContentType, RawMessage, RawMessageBuilder, ScheduleContext,
    ScheduledEvent, console_log, event,
};

use crate::encoding::hex;
use crate::jobs::delivery_error::DeliveryError;
use crate::jobs::rounds;
use crate::jobs::rounds::{Task, expiry};
use crate::worker::ports::bindings::{Bindings, config};
use crate::worker::ports::clock::{draw, now};
use crate::worker::ports::private_keys::WebCryptoKeys;
use crate::worker::queue::retry::{age, retry};

/// The queue's binding.
const QUEUE: &str = "UPKEEP";

/// Cloudflare does not retry a Cron Trigger. A round that does not begin is left to the next one.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    if let Err(why) = begin(&env).await {
        console_log!("{}", why.task_retry_line(None));
    }
}

async fn begin(env: &Env) -> Result<(), DeliveryError> {
    if let Some(line) = expiry::own_certificate(&*config(env)?, now()) {
        console_log!("{line}");
    }
    enqueue(&Task::first(), env).await
}

/// Does the task of `message`, or has it retried.
pub(super) async fn run(message: &RawMessage, task: &Task, env: &Env) {
    let Err(why) = work(task, env).await else { return message.ack() };
    let pause = Task::pause(age(message));
    retry(message, pause);
    console_log!("{}", why.task_retry_line(Some(pause)));
}

async fn work(task: &Task, env: &Env) -> Result<(), DeliveryError> {
    let entropy = draw()?;
    let bindings = Bindings::of(env)?;
    let private_keys = WebCryptoKeys(bindings.config.sp_keys());
    let service = bindings.service(&private_keys);
    let outcome = rounds::work(&service, task, &hex(&entropy.reference), now()).await;
    for line in outcome.lines {
        console_log!("{line}");
    }
    enqueue(&outcome.next, env).await?;
    outcome.fault.map_or(Ok(()), |fault| Err(fault.into()))
}

/// Puts all tasks into the queue, or none.
async fn enqueue(tasks: &[Task], env: &Env) -> Result<(), DeliveryError> {
    let message = |text: String| {
        RawMessageBuilder::new(JsValue::from(text)).build_with_content_type(QueueContentType::Text)
    };
    let messages: Vec<_> = tasks.iter().filter_map(Task::text).map(message).collect();
    if messages.is_empty() {
        return Ok(());
    }
    let sent = async { env.queue(QUEUE)?.send_raw_batch(messages).await };
    sent.await.map_err(|error: worker::Error| DeliveryError::QueueUnreachable(error.to_string()))
}
