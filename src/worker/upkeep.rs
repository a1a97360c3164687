//! Rounds over all accounts: begun by a Cron Trigger, carried on through a queue of their own.

use worker::wasm_bindgen::JsValue;
use worker::{
    Env, MessageExt as _, QueueContentType, RawMessage, RawMessageBuilder, ScheduleContext,
    ScheduledEvent, console_log, event,
};

use crate::encoding::hex;
use crate::jobs::delivery_error::Undelivered;
use crate::jobs::rounds;
use crate::jobs::rounds::{Task, expiry};
use crate::worker::private_keys::WebCryptoKeys;
use crate::worker::{Ready, draw, now, retry};

/// The queue's binding.
const QUEUE: &str = "UPKEEP";

/// Cloudflare tries no Cron Trigger again: where a round does not begin, the next one is for it as well.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let begun = begin(&env).await;
    if let Some(line) = begun.err().and_then(|why| rounds::postponed(&why, None)) {
        console_log!("{line}");
    }
}

async fn begin(env: &Env) -> Result<(), Undelivered> {
    if let Some(line) = expiry::own_certificate(&*super::config(env)?, now()) {
        console_log!("{line}");
    }
    send(&Task::first(), env).await
}

/// Does what `message` holds, or has it come again.
pub(super) async fn carry(message: &RawMessage, task: &Task, env: &Env) {
    let Err(why) = work(task, env).await else { return message.ack() };
    let pause = Task::pause(retry::age(message));
    retry::try_again(message, pause);
    if let Some(line) = rounds::postponed(&why, Some(pause)) {
        console_log!("{line}");
    }
}

async fn work(task: &Task, env: &Env) -> Result<(), Undelivered> {
    let entropy = draw()?;
    let ready = Ready::of(env)?;
    let private_keys = WebCryptoKeys(ready.config.sp_keys());
    let service = ready.service(&private_keys);
    let worked = rounds::work(&service, task, &hex(&entropy.reference), now()).await;
    for line in worked.lines {
        console_log!("{line}");
    }
    send(&worked.next, env).await?;
    worked.fault.map_or(Ok(()), |fault| Err(fault.into()))
}

/// All at once: the queue takes every task or none.
async fn send(tasks: &[Task], env: &Env) -> Result<(), Undelivered> {
    let message = |text: String| {
        RawMessageBuilder::new(JsValue::from(text)).build_with_content_type(QueueContentType::Text)
    };
    let messages: Vec<_> = tasks.iter().filter_map(Task::text).map(message).collect();
    if messages.is_empty() {
        return Ok(());
    }
    let sent = async { env.queue(QUEUE)?.send_raw_batch(messages).await };
    sent.await.map_err(|error: worker::Error| Undelivered::QueueUnreachable(error.to_string()))
}
