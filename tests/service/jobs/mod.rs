mod events;
mod expiry;
mod outbox;
mod rounds;
