//! The messages of the queues.

use crate::jobs::delivery_error::DeliveryError;
use crate::jobs::rounds::Task;
use crate::ledger::events::event::Event;

/// A message of one of the queues. The Worker knows its queues by their bindings, but a batch comes
/// with the name of a queue, which operators choose. So a message is known by its content: a task
/// has one member, which names its kind, and an event has others.
#[derive(Debug, PartialEq, Eq)]
pub enum QueueMessage {
    /// An event for the webhook.
    Event(Event),
    /// A task of a round.
    Task(Task),
}

impl QueueMessage {
    /// Reads a message, which must be text.
    pub fn parse(text: Option<String>) -> Result<Self, DeliveryError> {
        let text = text.ok_or(DeliveryError::EventMalformed)?;
        if let Some(task) = Task::parse(&text) {
            return Ok(Self::Task(task));
        }
        Event::parse(text).map(Self::Event).ok_or(DeliveryError::EventMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::rounds::Job;

    #[test]
    fn a_message_is_known_by_its_content() {
        let parse = |text: &str| QueueMessage::parse(Some(text.to_owned()));
        for task in Task::first() {
            assert_eq!(parse(&task.text().unwrap()).unwrap(), QueueMessage::Task(task));
        }
        let task = Task::Accounts { job: Job::RefreshMetadata, ids: vec!["acme".to_owned()] };
        let text = r#"{"accounts":{"of":"settings","ids":["acme"]}}"#;
        assert_eq!(task.text().as_deref(), Some(text));
        assert_eq!(parse(text).unwrap(), QueueMessage::Task(task));
        let body = r#"{"id":"evt_1","type":"user.created","timestamp":null,"data":{}}"#;
        let event = Event { id: "evt_1".to_owned(), body: body.to_owned() };
        assert_eq!(parse(body).unwrap(), QueueMessage::Event(event));
        for text in ["", "{}", "[]", r#"{"accounts":{}}"#, r#"{"page":{"of":"users"}}"#] {
            assert_eq!(parse(text).unwrap_err().code(), "event_malformed", "{text}");
        }
        assert_eq!(QueueMessage::parse(None).unwrap_err().code(), "event_malformed");
    }
}
