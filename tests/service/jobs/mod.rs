mod events;
mod outbox;
mod rounds;
