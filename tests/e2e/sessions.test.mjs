/** For how long a session stands on workerd, where the ledger is a Durable Object. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { metadata } from "../demo/response.mjs";
import { ADA, addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { watch } from "./support/watch.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const RENEW_SECONDS = 5;

describe("a session", () => {
  const token = Buffer.alloc(32, 7).toString("base64url");
  let worker;
  before(async () => {
    const [one] = withSecrets({ ADMIN_TOKEN: token });
    worker = await startWorker([{ ...one, vars: { ...one.vars, RENEW_SECONDS: String(RENEW_SECONDS) } }]);
  });
  after(() => worker.close());

  it("is renewed while it stands, and ends within one renewal of its end elsewhere", async () => {
    const [stays, leaves, changed] = await Promise.all(["stays", "leaves", "changed"].map((account) => signedIn(account)));
    const copy = leaves.jar.header();
    assert.equal((await leaves.submit("/sso/logout", {})).status, 303);
    assert.equal(await statusOf(copy), 200, "a copy of the cookie stands on its own");
    await worker.kv.delete("metadata:changed");

    await pass(1000 * (RENEW_SECONDS + 1));
    assert.equal(await statusOf(copy), 401);
    assert.equal((await changed.get("/sso/session")).status, 401);
    assert.equal(changed.session, undefined);
    const before = stays.session;
    const renewed = await stays.get("/sso/session");
    assert.equal((await renewed.json()).email, ADA.email);
    assert.notEqual(stays.session, before);
    assert.equal((await stays.get("/sso/session")).headers.getSetCookie().length, 0, "and stands again");

    // Long after its token, the same cookie.
    await pass(1000 * (2 * RENEW_SECONDS + 1));
    assert.equal((await stays.get("/sso/session")).status, 200);
  });

  it("ends within one renewal of a change of its account, in the midst of its requests", async (test) => {
    const accounts = await Promise.all(["kept", "moved", "narrowed", "gone"].map((account) => addAccount(worker, account)));
    const people = [];
    // In the course of a renewal, so that the change meets tokens of every age.
    for (let round = 0; round < RENEW_SECONDS; round++) {
      people.push(...(await Promise.all(accounts.map((known) => signedIn(known.account, known)))));
      await pass(1000);
    }
    const running = people.map(({ jar }) => watch(worker, jar, 3 * RENEW_SECONDS));
    await pass(1000 * RENEW_SECONDS);
    const changed = performance.now();
    const { idp } = accounts[1];
    await Promise.all([
      worker.kv.put("metadata:moved", await metadata({ ...idp, ssoUrl: `${idp.ssoUrl}/elsewhere` })),
      worker.kv.put("account:narrowed", JSON.stringify({ roles: ["developer"] })),
      worker.kv.delete("metadata:gone"),
    ]);
    const delays = (await Promise.all(running)).map((ended) => (ended - changed) / 1000);
    const kept = delays.filter((delay, place) => place % accounts.length === 0);
    assert.deepEqual(new Set(kept), new Set([Infinity]), "nobody else is signed out");
    const over = delays.filter((delay, place) => place % accounts.length !== 0);
    // Times in tokens are whole seconds, and KV is on this machine. A request that was on its way may see the change.
    for (const delay of over) assert.ok(delay > -1 && delay < RENEW_SECONDS + 1, `after ${delay} s`);
    test.diagnostic(`over after ${over.map((delay) => delay.toFixed(1)).join(", ")} s`);
  });

  it("is listed with its device, and ended one by one or all of a user", async () => {
    const known = await addAccount(worker, "listed");
    const visitors = [];
    for (let device = 0; device < 3; device++) visitors.push(await signedIn("listed", known));
    const first = await api("GET", "?limit=2");
    assert.equal(first.sessions.length, 2);
    const rest = await api("GET", `?limit=2&cursor=${first.next_cursor}`);
    assert.deepEqual([rest.sessions.length, rest.next_cursor], [1, null]);
    const [{ sid, sub, device, created, seen, expires }] = first.sessions;
    assert.deepEqual([device, created <= seen, seen < expires], ["Unknown", true, true]);
    assert.equal((await api("GET", `?sub=${sub}`)).sessions.length, 3);

    assert.deepEqual(await api("DELETE", `/${sid}`), { ended: 1 });
    assert.deepEqual(await api("DELETE", `?sub=${sub}`), { ended: 2 });
    assert.deepEqual((await api("GET", "")).sessions, []);

    await signedIn("listed", known);
    assert.equal((await api("GET", "")).sessions.length, 1);
    assert.deepEqual(await api("DELETE", ""), { ended: 1 });
    assert.deepEqual((await api("GET", "")).sessions, []);
  });

  async function api(method, rest) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await worker.fetch(`/sso/api/v1/accounts/listed/sessions${rest}`, { method, headers });
    assert.equal(response.status, 200);
    return response.json();
  }

  async function signedIn(account, known) {
    known ??= await addAccount(worker, account);
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin(account);
    await visitor.postToAcs(account, formFields(await known.respond({ inResponseTo: id })));
    assert.ok(visitor.session);
    return visitor;
  }

  const statusOf = async (cookie) => (await worker.fetch("/sso/session", { headers: { cookie } })).status;
});
