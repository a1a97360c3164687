/** For how long a session stands on workerd, where the ledger is a Durable Object. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { ADA, addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
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
    await worker.kv.put("account:listed", "{}");
    assert.deepEqual((await api("GET", "")).sessions, [], "no session of another epoch stands");
    assert.deepEqual(await api("DELETE", ""), { ended: 1 });
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
