/** What a customer's person does in a browser, whatever the IdP: the seed's first login, the next ones, a second account. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { serviceProvider } from "../../demo/response.mjs";
import { ADA } from "./accounts.mjs";
import { startBrowser } from "./demo.mjs";
import { startWorker } from "./worker.mjs";

/**
 * @typedef {object} JourneyIdp
 * @property {() => Promise<string>} metadata
 * @property {(sp: import("../../demo/response.mjs").ServiceProvider) => unknown} register
 * @property {(page: import("playwright-core").Page) => Promise<void>} signIn answers the question who it is, as Ada
 * @property {(page: import("playwright-core").Page, account: string) => Promise<void>} open signs in on the IdP's own page
 *   and goes to the account's application
 * @property {() => Promise<void>} close
 *
 * @param {string} name
 * @param {() => Promise<JourneyIdp>} startIdp
 */
export function journey(name, startIdp) {
  describe(`in a browser, with ${name}`, () => {
    let worker, idp, browser, context, page;
    before(async () => {
      [worker, idp, browser] = await Promise.all([startWorker(undefined, { local: true }), startIdp(), startBrowser()]);
      for (const account of ["studio", "agency"]) await join(serviceProvider(worker.baseUrl, account));
      // One Reply URL for both, and a `#` that only browsers see.
      for (const [account, fragment] of [["shop", ""], ["branch", "#branch"]]) {
        const entityId = `${worker.baseUrl}/sso/metadata${fragment}`;
        await worker.kv.put(`account:${account}`, JSON.stringify({ acs: "shared", entity_id: entityId }));
        await join({ account, entityId, acs: `${worker.baseUrl}/sso/acs${fragment}` });
      }
    });
    after(() => Promise.all([browser?.close(), worker?.close(), idp?.close()]));
    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
    });
    afterEach(() => context.close());

    it("the first login, from the IdP's own page", async () => {
      await idp.open(page, "studio");
      await signedInTo("studio");
    });

    it("a login from the product", async () => {
      await page.goto(`${worker.baseUrl}/sso/studio/login`);
      await idp.signIn(page);
      await signedInTo("studio");
    });

    it("a second account that shares the IdP, which asks nothing more", async () => {
      await page.goto(`${worker.baseUrl}/sso/studio/login`);
      await idp.signIn(page);
      await signedInTo("studio");
      await page.goto(`${worker.baseUrl}/sso/agency/login`);
      await signedInTo("agency");
    });

    it("two accounts that share the IdP and the Reply URL, from the IdP's own page and from the product", async () => {
      await idp.open(page, "branch");
      await signedInTo("branch");
      for (const account of ["shop", "branch"]) {
        await page.goto(`${worker.baseUrl}/sso/${account}/login`);
        await signedInTo(account);
      }
    });

    async function join(sp) {
      await worker.kv.put(`metadata:${sp.account}`, await idp.metadata());
      await idp.register(sp);
    }

    async function signedInTo(account) {
      await page.waitForURL(({ href }) => href.startsWith(`${worker.baseUrl}/sso/`));
      assert.equal(page.url().replace(/#$/, ""), `${worker.baseUrl}/sso/`, "nothing of the Reply URL sticks to the page");
      const session = await (await page.request.get(`${worker.baseUrl}/sso/session`)).json();
      assert.deepEqual([session.account, session.email, session.role], [account, ADA.email, ADA.role]);
    }
  });
}
