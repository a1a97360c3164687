/** Rounds over all accounts, from the Cron Trigger through the queue to the ledgers. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { metadata, newIdp } from "../demo/response.mjs";
import { newKey, startReceiver } from "./support/receiver.mjs";
import { startWorker, withDeadTasks, withRounds } from "./support/worker.mjs";

const ACCOUNTS = 5_000;

/** Each how manieth account has a certificate that expires in five days. */
const EVERY = 100;

/** Each how manieth follows an address. */
const FOLLOWING = 50;

const lasting = await metadata(newIdp("http://127.0.0.1:20000"));
const expiring = await metadata(newIdp("http://127.0.0.1:20001", { days: 5 }));

const sum = (lines) => lines.reduce((sum, { accounts }) => sum + accounts, 0);

describe("a round over 5 000 accounts", () => {
  const asked = [];
  const key = newKey();
  const token = Buffer.alloc(32, 9).toString("base64url");
  const name = (number) => `account-${number}`;
  const told = Array.from({ length: ACCOUNTS / EVERY }, (_, number) => name(number * EVERY)).sort();
  const address = (number) => `https://idp-${number}.example/metadata`;
  const follows = Array.from({ length: ACCOUNTS / FOLLOWING }, (_, number) => number * FOLLOWING + 1);
  let receiver, worker;
  before(async () => {
    receiver = await startReceiver(key);
    const network = ({ url }) => new Response(asked.push(url) && lasting);
    worker = await startWorker(withRounds(receiver.url, key, token), { network });
    const xml = (number) => (number % EVERY ? lasting : expiring);
    const all = Array.from({ length: ACCOUNTS }, (_, number) => number);
    await worker.seed([
      ...all.map((number) => [`metadata:${name(number)}`, xml(number)]),
      ...follows.map((number) => [`account:${name(number)}`, JSON.stringify({ metadata_url: address(number) })]),
    ]);
  });
  after(async () => {
    await worker.close();
    await receiver.close();
  });

  const done = (task, of = "metadata") =>
    worker.logLines().filter((line) => line.event === "upkeep_done" && line.task === task && line.of === of);

  async function until(count, of = "metadata") {
    for (const end = Date.now() + 120_000; Date.now() < end && sum(done("accounts", of)) < count; ) await pause(200);
  }

  it("looks after each of them, 20 at a time", async (test) => {
    const begun = performance.now();
    await worker.beginRound();
    await until(ACCOUNTS);
    test.diagnostic(`${ACCOUNTS} accounts in ${Math.round(performance.now() - begun)} ms`);
    const [pages, tasks] = [done("page"), done("accounts")];
    assert.deepEqual([sum(pages), sum(tasks)], [ACCOUNTS, ACCOUNTS]);
    assert.deepEqual([tasks.length, pages.length], [ACCOUNTS / 20, ACCOUNTS / 1_000]);
    assert.ok(tasks.every(({ accounts }) => accounts === 20));
    const references = new Set([...pages, ...tasks].map(({ reference }) => reference));
    assert.equal(references.size, pages.length + tasks.length, "each task by itself");
  });

  it("asks for the metadata of every account that follows an address, once", async () => {
    await until(follows.length, "settings");
    assert.equal(done("accounts", "settings").length, follows.length / 20);
    assert.deepEqual(asked.toSorted(), follows.map(address).sort());
    const lines = worker.logLines().filter(({ event }) => event === "metadata_refreshed");
    assert.deepEqual(lines, [], "they say what is in force");
  });

  it("tells the product of every certificate that expires, and opens no other ledgers", async () => {
    const events = await receiver.until((all) => all.length === told.length, 60_000);
    assert.deepEqual(events.map(({ data }) => data.account).sort(), told);
    for (const { type, data } of events) {
      assert.equal(type, "certificate.expiring");
      assert.equal(data.change.expiry.days, 7);
      assert.match(data.change.expiry.certificate, /^[0-9a-f]{64}$/);
    }
    assert.equal(await worker.ledgers(), told.length + follows.length);
  });

  it("tells nothing twice, however often a task comes", async () => {
    const ids = told.slice(0, 20);
    for (let again = 0; again < 3; again++) await worker.sendTask({ accounts: { of: "metadata", ids } });
    await until(ACCOUNTS + 60);
    assert.equal(sum(done("accounts")), ACCOUNTS + 60);
    for (const account of [ids[0], ids.at(-1)]) {
      const authorization = `Bearer ${token}`;
      const response = await worker.fetch(`/sso/api/v1/accounts/${account}/audit-events`, { headers: { authorization } });
      const { audit_events: events } = await response.json();
      assert.deepEqual(events.map(({ action, actor }) => [action, actor]), [["certificate.expiring", "upkeep"]]);
    }
    assert.equal(new Set(receiver.events.map(({ id }) => id)).size, told.length);
  });
});

describe("a round while the ledger is out of reach", () => {
  it("gives up what needs it, and does the rest", async () => {
    const dead = await startReceiver(newKey());
    const worker = await startWorker(withDeadTasks(dead.url));
    try {
      await worker.kv.put("metadata:expiring", expiring);
      await worker.kv.put("metadata:lasting", lasting);
      for (const id of ["expiring", "lasting"]) await worker.sendTask({ accounts: { of: "metadata", ids: [id] } });
      await worker.until((line) => line.event === "upkeep_done");
      await worker.until((line) => line.event === "upkeep_postponed" && line.code === "ledger_unreachable" && line.pause >= 60);
      for (let patience = 600; dead.requests.length < 1 && patience > 0; patience--) await pause(100);
      assert.deepEqual(dead.requests.map(({ body }) => JSON.parse(body).accounts.ids), [["expiring"]]);
      assert.equal(worker.logLines().filter((line) => line.event === "upkeep_done").length, 1);
    } finally {
      await worker.close();
      await dead.close();
    }
  });
});
