//! The least that a Worker in Rust can do in front of an origin: what the gate is measured against.

use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    env.service("ORIGIN_SERVICE")?.fetch_request(request).await
}
