/**
 * The Worker's entry: hands each event to Rust. After a trap, such as a panic, the memory of the wasm module cannot be
 * relied on: the next event starts a new instance of the module, and each ledger a new object in it.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as rust from "./index.js";

// A hook of the crate `worker` sets `criticalError` in a panic, and each new instance counts `instanceId` up.
const state = rust.__worker_init_state();

Error.stackTraceLimit = 100;
addEventListener("error", ({ error }) => noteTrap(error));

function noteTrap(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error("Critical", error);
  state.criticalError = true;
}

/** What `act` returns, of an instance that has not trapped. */
async function run(act) {
  if (state.criticalError) {
    console.log("Starting a new instance of the wasm module");
    rust.__wbg_reset_state();
    state.criticalError = false;
    state.instanceId++;
  }
  try {
    return await act();
  } catch (error) {
    noteTrap(error);
    throw error;
  }
}

export default class extends WorkerEntrypoint {
  fetch(request) {
    return run(() => rust.fetch(request, this.env, this.ctx));
  }

  queue(batch) {
    return run(() => rust.queue(batch, this.env, this.ctx));
  }

  scheduled(event) {
    return run(() => rust.scheduled(event, this.env, this.ctx));
  }
}

export class AccountLedger {
  #ctx;
  #env;
  #ledger;
  #instanceId;

  constructor(ctx, env) {
    this.#ctx = ctx;
    this.#env = env;
  }

  fetch(request) {
    return run(() => this.#current().fetch(request));
  }

  alarm() {
    return run(() => this.#current().alarm());
  }

  #current() {
    if (!this.#ledger || this.#instanceId !== state.instanceId) {
      this.#ledger = new rust.AccountLedger(this.#ctx, this.#env);
      this.#instanceId = state.instanceId;
    }
    return this.#ledger;
  }
}
