/** For how long a session stands on workerd, where the ledger is a Durable Object. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { ADA, addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const RENEW_SECONDS = 5;

describe("a session", () => {
  let worker;
  before(async () => {
    const [one] = withSecrets();
    worker = await startWorker([{ ...one, vars: { ...one.vars, RENEW_SECONDS: String(RENEW_SECONDS) } }]);
  });
  after(() => worker.close());

  it("is renewed while it stands, and ends within one renewal of its end elsewhere", async () => {
    const [stays, leaves, changed] = await Promise.all(["stays", "leaves", "changed"].map(signedIn));
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

  async function signedIn(account) {
    const known = await addAccount(worker, account);
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin(account);
    await visitor.postToAcs(account, formFields(await known.respond({ inResponseTo: id })));
    assert.ok(visitor.session);
    return visitor;
  }

  const statusOf = async (cookie) => (await worker.fetch("/sso/session", { headers: { cookie } })).status;
});
