/** What a renewal leaves behind in the browser and on the way, on workerd: nobody else's session, and nothing to cache. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { startOrigin } from "../demo/origin.mjs";
import { USERS } from "../demo/users.mjs";
import { addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withOrigin } from "./support/worker.mjs";

const RENEW_SECONDS = 5;
const [ADA, DEV] = USERS;

describe("a renewal", () => {
  let worker, origin, account, browser;
  before(async () => {
    origin = await startOrigin();
    worker = await startWorker(withOrigin(origin.url, { RENEW_SECONDS: String(RENEW_SECONDS), PUBLIC_PATHS: "/public/*" }));
    account = await addAccount(worker, "acme");
  });
  after(() => Promise.all([worker?.close(), origin.close()]));

  // Ada, whose session is due.
  beforeEach(async () => {
    browser = new Visitor(worker);
    await signIn(ADA);
    await pass(1000 * (RENEW_SECONDS + 1));
  });

  it("that comes after another has signed in makes nobody of them", async () => {
    const slow = begin("/slow?ms=3500");
    await browser.submit("/sso/logout", {});
    assert.equal(await who(), 401);
    await signIn(DEV);
    assert.equal(await who(), DEV.email);
    const late = await slow;
    assert.match(late.headers.getSetCookie().join(), /^__Host-session=/, "it came in time to be set");
    browser.jar.store(late);
    assert.equal(await who(), 401);
    assert.equal((await browser.get("/told")).status, 401);
    await signIn(DEV);
    assert.equal(await who(), DEV.email);
  });

  it("does not come along with an answer that took its time", async () => {
    const slow = begin(`/slow?ms=${7000}`);
    const late = await slow;
    assert.deepEqual([late.status, late.headers.getSetCookie()], [200, []]);
    assert.equal(await who(), ADA.email, "the next request renews as well");
  });

  const begin = (path) => worker.fetch(path, { headers: { cookie: browser.jar.header() } });

  async function signIn(user) {
    const { id } = await browser.startLogin("acme");
    const response = await browser.postToAcs("acme", formFields(await account.respond({ inResponseTo: id, user })));
    assert.equal(response.headers.get("location"), "/sso/");
  }

  async function who() {
    const response = await browser.get("/sso/session");
    return response.status === 200 ? (await response.json()).email : response.status;
  }
});
