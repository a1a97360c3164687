/**
 * Every page in Chromium: small and large, light and dark, by keyboard, and as axe-core judges it.
 * Pictures go to target/screenshots.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startIdp } from "../demo/idp.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { USERS } from "../demo/users.mjs";
import { GUS } from "./support/accounts.mjs";
import { startBrowser } from "./support/demo.mjs";
import { looksRight as looks } from "./support/looks.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

/** The longest role there is, and so the widest page. */
const RENE = USERS.find(({ role }) => role === "media_library_restricted_access");
const LOGO = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 160 40'><rect width='160' height='40' rx='8' fill='#e0218a'/></svg>";
const BRAND = {
  PRODUCT_NAME: "Example Media",
  LOGO_URL: `data:image/svg+xml;base64,${Buffer.from(LOGO).toString("base64")}`,
  ACCENT_COLOR: "#e0218a",
};

const plain = () => withSecrets();
const branded = () => withSecrets().map((it) => ({ ...it, vars: { ...it.vars, ...BRAND } }));

for (const [name, workers] of [["plain", plain], ["branded", branded]]) {
  describe(`the pages, ${name}`, () => {
    let worker, idp, browser, context, page, complaints;
    before(async () => {
      const sps = [];
      [worker, idp, browser] = await Promise.all([startWorker(workers(), { local: true }), startIdp({ sps }), startBrowser()]);
      const metadata = await (await fetch(`${idp.url}/metadata`)).text();
      for (const account of ["acme", "beta", "post"]) {
        sps.push(serviceProvider(worker.baseUrl, account));
        await worker.kv.put(`metadata:${account}`, account === "post" ? metadata.replaceAll("HTTP-Redirect", "HTTP-POST") : metadata);
      }
      const both = createHash("sha256").update("both@acme.example").digest("hex");
      await worker.kv.put(`user:${both}`, '["acme","beta"]');
    });
    after(() => Promise.all([browser?.close(), worker?.close(), idp?.close()]));
    beforeEach(() => open());
    afterEach(async () => {
      await context.close();
      assert.deepEqual(complaints, []);
    });

    it("the login page, and what it says of what it cannot read", async () => {
      await page.goto(`${worker.baseUrl}/sso/login`);
      await looksRight("login");
      // Ready to type, and Enter is enough.
      assert.equal(await focused(), "login");
      await page.keyboard.type("a b");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      assert.match(await page.title(), /^Problem: /);
      const field = page.getByLabel("Work e-mail or account id");
      assert.equal(await field.inputValue(), "a b");
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      assert.equal(await focused(), "login");
      await looksRight("login-problem");
    });

    it("where to begin, and which account", async () => {
      await submit("nobody@nowhere.example");
      await page.getByRole("heading", { name: "Please start from" }).waitFor();
      assert.ok(!page.url().includes("nobody"));
      await looksRight("first");
      await submit("both@acme.example");
      await looksRight("choice");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.origin === idp.url);
    });

    it("who is signed in, who would be, and the account of last time", async () => {
      await signIn("acme", RENE);
      await looksRight("signed-in");
      await page.goto(`${worker.baseUrl}/sso/beta/login`);
      await page.getByRole("heading", { name: "Change who is signed in?" }).waitFor();
      await looksRight("confirm");
      await page.getByRole("button", { name: "Change to beta" }).click();
      await page.waitForURL(`${worker.baseUrl}/sso/`);
      await page.goto(`${worker.baseUrl}/sso/login`);
      await page.getByRole("link", { name: "Continue to beta" }).waitFor();
      await looksRight("login-remembered");
      await page.getByRole("button", { name: "Forget beta" }).click();
      await page.getByRole("link", { name: "Continue to beta" }).waitFor({ state: "detached" });
    });

    it("whether to sign out, and that nobody is signed in any more", async () => {
      await signIn("acme", RENE);
      await page.goto(`${worker.baseUrl}/sso/logout`);
      await looksRight("sign-out");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "You are signed out" }).waitFor();
      await looksRight("signed-out");
      await page.goto(`${worker.baseUrl}/sso/logout?elsewhere=unsure`);
      await looksRight("signed-out-unsure");
      await page.goto(`${worker.baseUrl}/sso/`);
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
    });

    it("where one is signed in, and by keyboard that one is not any more", async () => {
      // Two other devices, of which each is a browser of its own.
      for (let device = 0; device < 2; device++) {
        await signIn("acme", RENE);
        await context.close();
        await open();
      }
      await signIn("acme", RENE);
      await page.getByRole("link", { name: "Your devices" }).click();
      await page.getByRole("heading", { name: "Your devices" }).waitFor();
      const buttons = page.getByRole("button", { name: /^Sign out .* on / });
      assert.match(await page.getByRole("listitem").first().innerText(), /this one/);
      const count = await buttons.count();
      assert.ok(count >= 3);
      await looksRight("devices");
      // The first button is this device's, the second another's.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("status").waitFor();
      assert.equal(await buttons.count(), count - 1);
      await looksRight("devices-ended");
      await page.getByRole("button", { name: "Sign out all other devices" }).click();
      await page.getByRole("button", { name: "Sign out all other devices" }).waitFor({ state: "detached" });
      assert.equal(await buttons.count(), 1);
      await buttons.click();
      await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    });

    it("a refusal, and a page that is none", async () => {
      await signIn("acme", GUS, "/sso/acme/acs");
      assert.equal(await page.getByRole("listitem").count(), 6);
      await looksRight("refused");
      await page.goto(`${worker.baseUrl}/nothing`);
      await looksRight("notice");
    });

    it("the form that posts a request, without scripts", async () => {
      // Scripts off for the page alone: axe-core runs all the same.
      await page.route(/\/sso\/post\/login/, async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(/<script>.*<\/script>/, "");
        await route.fulfill({ response, body });
      });
      await page.goto(`${worker.baseUrl}/sso/post/login`);
      await looksRight("request");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL((url) => url.origin === idp.url);
    });

    async function open() {
      context = await browser.newContext();
      page = await context.newPage();
      complaints = [];
      page.on("console", (message) => {
        // A refusal's status is reported as a failed load; a blocked style, image or script is a fault.
        if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text());
      });
    }

    async function submit(login) {
      await page.goto(`${worker.baseUrl}/sso/login`);
      await page.getByLabel("Work e-mail").fill(login);
      await page.getByRole("button", { name: "Continue" }).click();
    }

    async function signIn(account, user, path = "/sso/") {
      await page.goto(`${worker.baseUrl}/sso/${account}/login`);
      await page.getByRole("button", { name: user.name }).click();
      await page.waitForURL(`${worker.baseUrl}${path}`);
    }

    const focused = () => page.evaluate("document.activeElement.id");

    async function looksRight(picture) {
      await looks(page, `${name}-${picture}`);
      if (name === "branded") assert.ok((await page.title()).endsWith(BRAND.PRODUCT_NAME));
    }
  });
}
