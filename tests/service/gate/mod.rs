mod admission;
mod answers;
mod front;
mod headers;
mod https;
mod other_sites;
mod roles;
mod session;
