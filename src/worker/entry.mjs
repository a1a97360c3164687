/**
 * The Worker's entry: hands each event to Rust. After a trap, such as a panic, the memory of the wasm module cannot be
 * relied on: a new instance of the module is started, and each ledger gets a new object in it.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as rust from "./index.js";

// A hook of the crate `worker` sets `criticalError` in a panic, and each new instance counts `instanceId` up.
const state = rust.__worker_init_state();
let instanceId = state.instanceId;

Error.stackTraceLimit = 100;
addEventListener("error", ({ error }) => replaceIfTrapped(error));

/**
 * Starts a new instance if this one has trapped, and does so at once: the bindings would start one at their next call,
 * which could be that of a closure whose pointers are those of the old memory.
 */
function replaceIfTrapped(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    console.error("Critical", error);
    state.criticalError = true;
  }
  // A call by which the bindings start the instance that they know to be due: after any trap, a stack overflow too.
  rust.__worker_init_state();
  if (state.criticalError && state.instanceId === instanceId) rust.__wbg_reset_state();
  if (state.instanceId !== instanceId) console.log("Started a new instance of the wasm module");
  state.criticalError = false;
  instanceId = state.instanceId;
}

/** What `act` returns, of an instance that has not trapped. */
async function run(act) {
  if (state.criticalError) replaceIfTrapped();
  try {
    return await act();
  } catch (error) {
    replaceIfTrapped(error);
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
