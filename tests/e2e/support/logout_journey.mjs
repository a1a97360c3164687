/** What becomes of sessions in browsers when a person signs out, here or at the IdP, whatever the IdP. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { selfSigned } from "../../demo/certificate.mjs";
import { serviceProvider } from "../../demo/response.mjs";
import { startBrowser } from "./demo.mjs";
import { follow } from "./navigation.mjs";
import { startWorker, withSecrets } from "./worker.mjs";

/**
 * @typedef {object} LogoutIdp
 * @property {() => Promise<string>} metadata
 * @property {(sp: import("../../demo/response.mjs").ServiceProvider, metadata: string) => unknown} register
 * @property {(page: import("playwright-core").Page) => Promise<void>} signIn answers the question who it is, as Ada
 * @property {(page: import("playwright-core").Page) => Promise<void>} signOut signs out there, and waits until that is over
 * @property {(page: import("playwright-core").Page) => Promise<void>} signOutInFrame the same, with us in a frame
 * @property {() => Promise<void>} close
 *
 * @param {string} name
 * @param {(ours: { key: string, cert: string }) => Promise<LogoutIdp>} startIdp
 * @param {{ frames?: boolean }} [options] whether it has such frames
 */
export function logoutJourney(name, startIdp, { frames = false } = {}) {
  describe(`signing out in a browser, with ${name}`, () => {
    const account = "acme";
    const token = Buffer.alloc(32, 9).toString("base64url");
    const ours = selfSigned("edge.example");
    let worker, idp, browser, context, page, elsewhere;
    before(async () => {
      const workers = withSecrets({ SP_KEYS: ours.key + ours.cert, ADMIN_TOKEN: token });
      [worker, idp, browser] = await Promise.all([startWorker(workers, { local: true }), startIdp(ours), startBrowser()]);
      await worker.kv.put(`metadata:${account}`, await idp.metadata());
      const metadata = await (await worker.fetch(`/sso/${account}/metadata`)).text();
      await idp.register({ ...serviceProvider(worker.baseUrl, account), slo: `${worker.baseUrl}/sso/${account}/slo` }, metadata);
    });
    after(() => Promise.all([browser?.close(), worker?.close(), idp?.close()]));
    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
      await login();
      // A browser that has the same session, and takes no part in what follows.
      elsewhere = await browser.newContext({ storageState: await context.storageState() });
      assert.equal((await sessions()).length, 1);
    });
    afterEach(async () => {
      await Promise.all([context.close(), elsewhere.close(), sessions("DELETE")]);
    });

    it("begins here, goes to the IdP and comes back, and the IdP asks again who it is", async () => {
      await page.goto(`${worker.baseUrl}/sso/`);
      const sent = page.waitForRequest((request) => request.url().includes("SAMLRequest="));
      await follow(page.getByRole("button", { name: "Sign out" }));
      assert.ok(new URL((await sent).url()).searchParams.has("Signature"));
      await page.getByRole("heading", { name: "You are signed out" }).waitFor();
      assert.equal(page.url(), `${worker.baseUrl}/sso/logout`, "the IdP says that it is over everywhere");
      await isOver();
      await login();
    });

    it("begins at the IdP, and the session here is over", async () => {
      await idp.signOut(page);
      await isOver();
      await login();
    });

    if (frames) it("begins at the IdP with us in a frame, to which no cookie comes", async () => {
      const asked = page.waitForRequest((request) => request.url().startsWith(worker.baseUrl));
      await idp.signOutInFrame(page);
      const { cookie } = await (await asked).allHeaders();
      assert.doesNotMatch(cookie ?? "", /__Host-session/);
      const left = (await context.cookies(worker.baseUrl)).map((it) => it.name);
      assert.ok(left.includes("__Host-session"), "the browser has been told nothing");
      await isOver();
    });

    async function login() {
      await page.goto(`${worker.baseUrl}/sso/${account}/login`);
      await idp.signIn(page);
      await page.waitForURL(`${worker.baseUrl}/sso/`);
      assert.equal((await page.request.get(`${worker.baseUrl}/sso/session`)).status(), 200);
    }

    /** In the ledger, and so for whoever has the cookie. */
    async function isOver() {
      assert.deepEqual(await sessions(), []);
      const stale = await elsewhere.newPage();
      // This page asks the ledger; others do when the token is due.
      await stale.goto(`${worker.baseUrl}/sso/sessions`);
      await stale.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.goto(`${worker.baseUrl}/sso/sessions`);
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
    }

    async function sessions(method = "GET") {
      const headers = { authorization: `Bearer ${token}` };
      const response = await worker.fetch(`/sso/api/v1/accounts/${account}/sessions`, { method, headers });
      return (await response.json()).sessions;
    }
  });
}
