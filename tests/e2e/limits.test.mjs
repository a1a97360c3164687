/** How much is taken of one address and for one account, counted by workerd (row H14). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { signedIn } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

const GARBAGE = new URLSearchParams({ SAMLResponse: Buffer.from("<x/>").toString("base64") });

describe("limits", () => {
  let worker;
  before(async () => {
    worker = await startWorker();
  });
  after(() => worker.close());

  const post = (path, client, body = GARBAGE) =>
    worker.fetch(path, { method: "POST", headers: { "cf-connecting-ip": client }, body });
  /** The minute is the clock's: begin early in one. */
  async function early() {
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 40_000) await new Promise((resolve) => setTimeout(resolve, left));
  }
  /** So many posts, a few at once, of as many clients. */
  async function flood(path, count, client) {
    const statuses = {};
    for (let n = 0; n < count; n += 20) {
      const some = Array.from({ length: Math.min(20, count - n) }, (_, m) => post(path, client(n + m)));
      for (const { status } of await Promise.all(some)) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  }

  it("are by address, and apart for responses and for signing out", async () => {
    await addAccount(worker, "acme");
    await early();
    assert.deepEqual(await flood("/sso/acme/acs", 300, () => "192.0.2.1"), { 403: 300 });
    const { response, code } = await worker.logged(() => post("/sso/acs", "192.0.2.1"), null);
    assert.deepEqual([response.status, code, response.headers.get("retry-after")], [429, "too_many_requests", "60"]);
    assert.equal((await post("/sso/acme/slo", "192.0.2.1", "")).status, 400);
    assert.equal((await post("/sso/acs", "192.0.2.2")).status, 403);
    const settings = (client) => worker.fetch("/sso/acme/settings", { headers: { "cf-connecting-ip": client } });
    for (let n = 0; n < 240; n++) assert.equal((await settings("192.0.2.3")).status, 303);
    assert.deepEqual([(await settings("192.0.2.3")).status, (await settings("192.0.2.4")).status], [429, 303]);
  });

  it("keep nobody from signing in whose login began here, whoever floods the account", async () => {
    const account = await addAccount(worker, "flooded");
    await early();
    const clients = (n) => `2001:db8:${(n >> 8).toString(16)}:${(n & 255).toString(16)}::1`;
    assert.deepEqual(await flood("/sso/flooded/acs", 1200, clients), { 403: 1200 });
    assert.equal((await post("/sso/flooded/acs", "192.0.2.5")).status, 429);
    await signedIn(worker, account);
    assert.equal((await post("/sso/acme/acs", "192.0.2.5")).status, 403, "other accounts go on");
  });
});
