/** The Worker's entry over a stand-in for Rust: a trap ends one instance, and the events after it get a new one. */
import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { beforeEach, it } from "node:test";

const modules = {
  "cloudflare:workers": `export class WorkerEntrypoint { constructor(ctx, env) { Object.assign(this, { ctx, env }); } }`,
  "./index.js": `
    export const rust = globalThis.rust;
    export const __worker_init_state = () => rust.guard();
    export const __wbg_reset_state = () => rust.reset();
    export const { fetch, queue, scheduled, AccountLedger } = rust;`,
};
registerHooks({
  resolve: (specifier, context, next) =>
    specifier in modules
      ? { url: `data:text/javascript,${encodeURIComponent(modules[specifier])}`, shortCircuit: true }
      : next(specifier, context),
});

const trap = () => new WebAssembly.RuntimeError("unreachable");
const answers = [];
/** Does what the test has said, else returns what it was called with. */
const answer = async (...args) => {
  const error = answers.shift();
  if (error) throw error;
  return args;
};
let listener;
const rust = {
  resets: 0,
  state: { criticalError: false, instanceId: 1 },
  isDue: false,
  reset() {
    rust.resets++;
    rust.state.instanceId++;
  },
  /** As the bindings do: where the instance has trapped, any call starts the next. */
  guard() {
    if (rust.isDue) rust.reset();
    rust.isDue = false;
    return rust.state;
  },
  fetch: answer,
  queue: answer,
  scheduled: answer,
  AccountLedger: class {
    static made = 0;
    number = ++rust.AccountLedger.made;
    constructor(...args) {
      this.args = args;
    }
    fetch = (request) => answer(this, request);
    alarm = () => answer(this);
  },
};
Object.assign(globalThis, { rust, addEventListener: (_, act) => (listener = act) });
const { default: Entrypoint, AccountLedger } = await import("../../src/worker/entry.mjs");
const worker = new Entrypoint("ctx", "env");

beforeEach(() => {
  rust.resets = rust.AccountLedger.made = 0;
  answers.length = 0;
});

it("hands on each kind of event", async () => {
  for (const kind of ["fetch", "queue", "scheduled"]) assert.deepEqual(await worker[kind](kind), [kind, "env", "ctx"]);
  assert.equal(rust.resets, 0);
});

it("starts a new instance after a trap, once", async () => {
  for (const act of [() => worker.fetch(), () => new AccountLedger().fetch(), () => new AccountLedger().alarm()]) {
    rust.resets = 0;
    answers.push(trap());
    await assert.rejects(act(), WebAssembly.RuntimeError);
    assert.equal(rust.resets, 1, "before any closure of the old one is called");
    await worker.fetch();
    await worker.fetch();
    assert.equal(rust.resets, 1);
  }
});

it("starts one after a trap that no event waited for, and after a panic that was noted", async () => {
  listener({ error: trap() });
  assert.equal(rust.resets, 1);
  await worker.fetch();
  assert.equal(rust.resets, 1);
  rust.state.criticalError = true;
  await worker.fetch();
  assert.equal(rust.resets, 2);
});

it("starts one at once, and no second, where the bindings know of a trap of another kind", async () => {
  const ledger = new AccountLedger();
  const [first] = await ledger.fetch();
  rust.isDue = true;
  answers.push(new RangeError("Maximum call stack size exceeded"));
  await assert.rejects(ledger.fetch(), RangeError);
  assert.equal(rust.resets, 1);
  assert.notEqual((await ledger.fetch())[0], first);
  assert.equal(rust.resets, 1);
});

it("keeps the instance after any other error", async () => {
  answers.push(new Error("no trap"));
  await assert.rejects(worker.fetch(), /no trap/);
  listener({ error: new Error("no trap") });
  await worker.fetch();
  assert.equal(rust.resets, 0);
});

it("makes a ledger once an instance", async () => {
  const ledger = new AccountLedger("ctx", "env");
  const [first, request] = await ledger.fetch("request");
  assert.deepEqual([first.args, request], [["ctx", "env"], "request"]);
  assert.equal((await ledger.alarm())[0], first);
  answers.push(trap());
  await assert.rejects(worker.fetch());
  const [second] = await ledger.fetch();
  assert.notEqual(second, first);
  assert.deepEqual(second.args, ["ctx", "env"]);
  assert.equal(rust.AccountLedger.made, 2);
});
