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
    const late = await begin("/slow?ms=7000");
    assert.deepEqual([late.status, late.headers.getSetCookie()], [200, []]);
    assert.equal(await who(), ADA.email, "the next request renews as well");
  });

  it("sets no cookie on a public path, whose answer may lie in a cache", async () => {
    const { status, headers } = await begin("/public/cached");
    assert.equal(status, 200);
    assert.deepEqual(headers.getSetCookie(), []);
    assert.equal(headers.get("cache-control"), "public, max-age=60");
    assert.equal(headers.get("cdn-cache-control"), "max-age=60");
    const { headers: told } = await (await begin("/public/told")).json();
    assert.deepEqual(told["x-forwarded-email"], [ADA.email], "the session is taken as it stands");

    await browser.submit("/sso/logout", {});
    await pass(1000 * (RENEW_SECONDS + 1));
    assert.deepEqual((await begin("/public/cached")).headers.getSetCookie(), [], "and none is cleared there");
  });

  it("keeps the answer that it comes with out of every cache", async () => {
    const { status, headers } = await begin("/cached");
    assert.equal(status, 200);
    assert.match(headers.getSetCookie().join(), /^__Host-session=[^,]+$/);
    assert.equal(headers.get("cache-control"), "private, no-store");
    for (const name of ["cdn-cache-control", "expires"]) assert.equal(headers.get(name), null, name);
    assert.equal(headers.get("etag"), '"1"');
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
