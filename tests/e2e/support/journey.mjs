/** What a customer's person does in a browser, whatever the IdP: the seed's first login, the next ones, a second account. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { serviceProvider } from "../../demo/response.mjs";
import { ADA } from "./accounts.mjs";
import { startBrowser } from "./demo.mjs";
import { follow } from "./navigation.mjs";
import { startWorker } from "./worker.mjs";

/**
 * @typedef {object} JourneyIdp
 * @property {() => Promise<string>} metadata
 * @property {(sp: import("../../demo/response.mjs").ServiceProvider, metadata: string) => unknown} register
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
    beforeEach(() => anotherDevice());
    afterEach(() => context.close());

    it("the first login from the IdP's own page, the next ones by e-mail, then a second account", async () => {
      await idp.open(page, "studio");
      await signedInTo("studio");

      await anotherDevice();
      await byEmail();
      await idp.signIn(page);
      await signedInTo("studio", "/media?folder=7");

      await page.goto(`${worker.baseUrl}/sso/agency/login`);
      await changesTo("agency");

      await anotherDevice();
      await byEmail();
      await follow(page.getByRole("button", { name: "agency" }));
      await idp.signIn(page);
      await signedInTo("agency", "/media?folder=7");
    });

    it("a login by the POST binding, with scripts and without", async () => {
      const metadata = await idp.metadata();
      const postAlone = metadata.replace(/HTTP-Redirect("\s+Location="[^"]*\/(?:sso"|saml2\/idp\/SSOService))/, "HTTP-POST$1");
      await join(serviceProvider(worker.baseUrl, "press"), postAlone);
      await page.goto(`${worker.baseUrl}/sso/press/login`);
      await idp.signIn(page);
      await signedInTo("press");

      await anotherDevice({ javaScriptEnabled: false });
      await page.goto(`${worker.baseUrl}/sso/press/login`);
      await follow(page.getByRole("button", { name: "Continue" }));
      await page.waitForURL(({ origin }) => origin !== worker.baseUrl);
    });

    it("two accounts that share the IdP and the Reply URL, from the IdP's own page and from the product", async () => {
      await idp.open(page, "branch");
      await signedInTo("branch");
      for (const account of ["shop", "branch"]) {
        await page.goto(`${worker.baseUrl}/sso/${account}/login`);
        await changesTo(account);
      }
    });

    async function join(sp, metadata = undefined) {
      await worker.kv.put(`metadata:${sp.account}`, metadata ?? (await idp.metadata()));
      const ours = await worker.fetch(`/sso/${sp.account}/metadata`);
      await idp.register(sp, await ours.text());
    }

    async function anotherDevice(options) {
      await context?.close();
      context = await browser.newContext(options);
      page = await context.newPage();
    }

    async function byEmail() {
      await page.goto(`${worker.baseUrl}/sso/login?return_to=%2Fmedia%3Ffolder%3D7`);
      await page.getByLabel("Work e-mail").fill(ADA.email);
      await follow(page.getByRole("button", { name: "Continue" }));
    }

    /** The IdP asks nothing more; the Worker does, since another session ends. */
    async function changesTo(account) {
      await follow(page.getByRole("button", { name: `Change to ${account}` }));
      await signedInTo(account);
    }

    async function signedInTo(account, target = "/sso/") {
      const { pathname } = new URL(target, worker.baseUrl);
      await page.waitForURL((url) => url.origin === worker.baseUrl && url.pathname === pathname);
      assert.equal(page.url().replace(/#$/, ""), `${worker.baseUrl}${target}`, "nothing of the Reply URL sticks to the page");
      const session = await (await page.request.get(`${worker.baseUrl}/sso/session`)).json();
      assert.deepEqual([session.account, session.email, session.role], [account, ADA.email, ADA.role]);
    }
  });
}
