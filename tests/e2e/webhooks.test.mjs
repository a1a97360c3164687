/** What the product hears of, through the ledger, the queue and the webhook; and what it hears when it was down. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { addAccount, ADA, GUS } from "./support/accounts.mjs";
import { newKey, startReceiver } from "./support/receiver.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import {
  root,
  secrets,
  startWorker,
  toWebhook,
  withDeadLetters,
  withOwnLedgers,
  withSecrets,
  withSqlOnLedgers,
  withWebhook,
} from "./support/worker.mjs";

const ON = { idp_initiated: "on" };
const types = (events) => events.map(({ type }) => type);
const of = (account) => (events) => events.filter(({ data }) => data.account === account);

describe("webhooks", () => {
  const key = newKey();
  let receiver, worker;
  before(async () => {
    receiver = await startReceiver(key);
    worker = await startWorker(withWebhook(receiver.url, `${newKey()} ${key}`));
  });
  after(async () => {
    await worker.close();
    await receiver.close();
  });

  const signIn = async ({ account, respond }, options) =>
    new Visitor(worker).postToAcs(account, formFields(await respond(options)));

  it("a first login is two events, signed and in the product's hands", async () => {
    const account = await addAccount(worker, "hooked", ON);
    assert.equal((await signIn(account)).status, 303);
    const events = of("hooked")(await receiver.until((all) => of("hooked")(all).length === 2));
    assert.deepEqual(types(events).sort(), ["login.succeeded", "user.created"]);
    for (const { id, timestamp, data } of events) {
      assert.match(id, /^evt_[\w-]{43}$/);
      assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
      assert.equal(data.user.email, ADA.email);
      assert.equal(data.user.name, ADA.name);
      assert.equal(data.user.role, ADA.role);
      assert.equal(data.user.first_login, data.user.last_login);
      assert.match(data.reference, /^[0-9a-f]{16}$/);
    }
    const [{ method, url, headers, body }] = receiver.requests;
    assert.equal(method, "POST");
    assert.equal(url, "/hooks/saml-edge?from=edge");
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["webhook-id"], JSON.parse(body).id);
    assert.equal(headers["webhook-signature"].split(" ").length, 2, "one for each key");
  });

  it("another key, time or body verifies nothing", () => {
    const [{ headers, body }] = receiver.requests;
    assert.ok(new Webhook(key).verify(body, headers));
    const changed = body.replace(ADA.role, "finance");
    assert.notEqual(changed, body);
    const wrong = [
      [newKey(), body, headers],
      [key, changed, headers],
      [key, `${body} `, headers],
      [key, body, { ...headers, "webhook-id": "evt_other" }],
      [key, body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }],
    ];
    for (const [other, text, sent] of wrong) assert.throws(() => new Webhook(other).verify(text, sent));
  });

  it("a change at the IdP is an update", async () => {
    const account = await addAccount(worker, "changing", ON);
    await signIn(account);
    await signIn(account);
    await signIn(account, { user: { ...ADA, role: "developer" } });
    const events = of("changing")(await receiver.until((all) => of("changing")(all).length === 5));
    const count = Object.groupBy(events, ({ type }) => type);
    assert.equal(count["user.created"].length, 1);
    assert.equal(count["login.succeeded"].length, 3);
    const [{ data }] = count["user.updated"];
    assert.equal(data.user.role, "developer");
    assert.equal(data.user.sub, count["user.created"][0].data.user.sub);
  });

  it("a refused login is one event, with its code", async () => {
    const account = await addAccount(worker, "refusing", ON);
    const fields = formFields(await account.respond({ user: GUS }));
    for (let again = 0; again < 3; again++) {
      assert.equal((await new Visitor(worker).postToAcs("refusing", fields)).status, 403);
    }
    await new Visitor(worker).postToAcs("refusing", formFields("<garbage/>"));
    await signIn(account);
    const events = of("refusing")(await receiver.until((all) => of("refusing")(all).length === 3));
    const [refused] = events.filter(({ type }) => type === "login.refused");
    assert.deepEqual(Object.keys(refused.data).sort(), ["account", "code", "reference"]);
    assert.equal(refused.data.code, "role_not_listed");
  });

  it("what the product does not take comes again, under the same id, until it does", async () => {
    const account = await addAccount(worker, "patient", ON);
    const answers = [
      { status: 503, headers: { "retry-after": "2" } },
      { status: 307, headers: { location: `${receiver.url}&elsewhere` } },
    ];
    receiver.answer = ({ body }) => (JSON.parse(body).type === "login.succeeded" && answers.shift()) || { status: 200 };
    const from = receiver.requests.length;
    await signIn(account);
    await receiver.until((all) => of("patient")(all).length === 2);
    receiver.answer = () => ({ status: 204 });
    const tries = receiver.requests.slice(from).filter(({ body }) => JSON.parse(body).type === "login.succeeded");
    assert.equal(tries.length, 3);
    assert.equal(new Set(tries.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(tries.map(({ body }) => body)).size, 1);
    assert.ok(new Set(tries.map(({ headers }) => headers["webhook-timestamp"])).size > 1, "signed anew");
    assert.ok(tries.every(({ url }) => !url.includes("elsewhere")), "redirects are not followed");
  });

  it("nothing is lost while the product is down", async () => {
    const account = await addAccount(worker, "outlasting", ON);
    await receiver.close();
    assert.equal((await signIn(account)).status, 303, "the login waits for nobody");
    await pause(2500);
    const { port, events } = receiver;
    receiver = await startReceiver(key, port);
    const came = of("outlasting")(await receiver.until((all) => of("outlasting")(all).length === 2));
    assert.deepEqual(types(came).sort(), ["login.succeeded", "user.created"]);
    assert.equal(of("outlasting")(events).length, 0);
    const lines = worker.lines().filter((line) => line.includes("webhook_"));
    assert.ok(lines.some((line) => line.includes("webhook_postponed")), lines.join("\n"));
    assert.ok(!lines.join().includes("@"), "nobody is named in the log");
  });

  it("an answer that does not come is waited for ten seconds", async () => {
    const account = await addAccount(worker, "hanging", ON);
    const answers = [undefined];
    receiver.answer = () => (answers.length ? answers.pop() : { status: 204 });
    await signIn(account);
    await worker.until((line) => line.code === "webhook_unreachable");
    await receiver.until((all) => of("hanging")(all).length === 2, 60_000);
  });
});

describe("an event that no queue takes", () => {
  it("keeps no other from going, and is told of once", async () => {
    const key = newKey();
    const receiver = await startReceiver(key);
    const worker = await startWorker(withSqlOnLedgers());
    try {
      const run = async (sql) => assert.equal((await worker.fetch("/poisoned", { method: "POST", body: sql })).status, 200);
      await run(await readFile(`${root}src/ledger/schema/1.sql`, "utf8"));
      for (const [id, octets] of [["evt_130_kb", 130_000], ["evt_1_mb", 1_000_000]]) {
        const body = `'{"id":"${id}","more":"' || hex(zeroblob(${octets / 2})) || '"}'`;
        await run(`INSERT INTO outbox (id, body) VALUES ('${id}', ${body})`);
      }
      await worker.restart(withOwnLedgers(secrets(), toWebhook(receiver.url, key)));
      const account = await addAccount(worker, "poisoned", ON);
      for (const logins of [1, 2]) {
        assert.equal((await new Visitor(worker).postToAcs("poisoned", formFields(await account.respond()))).status, 303);
        await receiver.until((all) => types(all).filter((it) => it === "login.succeeded").length === logins);
      }
      const faults = worker.logLines().filter(({ event }) => event === "fault");
      assert.deepEqual(faults.map(({ code, webhook_id }) => [code, webhook_id]), [
        ["event_too_large", "evt_130_kb"],
        ["event_too_large", "evt_1_mb"],
      ]);
      assert.ok(!worker.logLines().some(({ event }) => event === "webhook_postponed"));
    } finally {
      await worker.close();
      await receiver.close();
    }
  });
});

describe("without a product that listens", () => {
  it("an event ends in the dead-letter queue", async () => {
    const dead = await startReceiver(newKey());
    const worker = await startWorker(withDeadLetters("http://127.0.0.1:9/", newKey(), dead.url));
    try {
      const { account, respond } = await addAccount(worker, "unheard", ON);
      await new Visitor(worker).postToAcs(account, formFields(await respond()));
      const found = () => dead.requests.map(({ body }) => JSON.parse(body).type).sort();
      for (let patience = 600; found().length < 2 && patience > 0; patience--) await pause(100);
      assert.deepEqual(found(), ["login.succeeded", "user.created"]);
    } finally {
      await worker.close();
      await dead.close();
    }
  });

  it("no event is written", async () => {
    const worker = await startWorker(withSecrets());
    try {
      const { account, respond } = await addAccount(worker, "silent", ON);
      assert.equal((await new Visitor(worker).postToAcs(account, formFields(await respond()))).status, 303);
      await pause(2500);
      // It would have come out of the queue and found no WEBHOOK_URL.
      assert.ok(!worker.lines().some((line) => line.includes("webhook_")));
    } finally {
      await worker.close();
    }
  });
});
