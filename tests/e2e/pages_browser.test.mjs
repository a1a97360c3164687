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
import { arrive, focused, follow, navigate } from "./support/navigation.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

/** The longest role there is, and so the widest page. */
const RENE = USERS.find(({ role }) => role === "media_library_restricted_access");
const ADA = USERS.find(({ role }) => role === "account_administrator");
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
      await focused(page, "login");
      await page.keyboard.type("a b");
      await navigate(page, () => page.keyboard.press("Enter"));
      await page.getByRole("alert").waitFor();
      assert.match(await page.title(), /^Problem: /);
      const field = page.getByLabel("Work e-mail or account id");
      assert.equal(await field.inputValue(), "a b");
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      await focused(page, "login");
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
      await navigate(page, () => page.keyboard.press("Enter"));
      await page.waitForURL((url) => url.origin === idp.url);
    });

    it("who is signed in, who would be, and the account of last time", async () => {
      await signIn("acme", RENE);
      await looksRight("signed-in");
      await page.goto(`${worker.baseUrl}/sso/beta/login`);
      await page.getByRole("heading", { name: "Change who is signed in?" }).waitFor();
      await looksRight("confirm");
      await follow(page.getByRole("button", { name: "Change to beta" }));
      await page.waitForURL(`${worker.baseUrl}/sso/`);
      await page.goto(`${worker.baseUrl}/sso/login`);
      await page.getByRole("link", { name: "Continue to beta" }).waitFor();
      await looksRight("login-remembered");
      await follow(page.getByRole("button", { name: "Forget beta" }));
      await page.getByLabel("Work e-mail").waitFor();
      assert.equal(await page.getByRole("link", { name: "Continue to beta" }).count(), 0);
    });

    it("whether to sign out, and that nobody is signed in any more", async () => {
      await signIn("acme", RENE);
      await page.goto(`${worker.baseUrl}/sso/logout`);
      await looksRight("sign-out");
      await follow(page.getByRole("button", { name: "Sign out" }));
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
      await follow(page.getByRole("link", { name: "Your devices" }));
      await page.getByRole("heading", { name: "Your devices" }).waitFor();
      const buttons = page.getByRole("button", { name: /^Sign out .* on / });
      assert.match(await page.getByRole("listitem").first().innerText(), /this one/);
      const count = await buttons.count();
      assert.ok(count >= 3);
      await looksRight("devices");
      // The first button is this device's, the second another's.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await navigate(page, () => page.keyboard.press("Enter"));
      await page.getByRole("status").waitFor();
      assert.equal(await buttons.count(), count - 1);
      await looksRight("devices-ended");
      await follow(page.getByRole("button", { name: "Sign out all other devices" }));
      await page.getByRole("status").waitFor();
      assert.equal(await page.getByRole("button", { name: "Sign out all other devices" }).count(), 0);
      assert.equal(await buttons.count(), 1);
      await follow(buttons);
      await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    });

    it("a test of the sign-in, and what its report says", async () => {
      const test = `${worker.baseUrl}/sso/acme/settings/test`;
      const tryAs = async (user, outcome) => {
        await context.clearCookies({ name: "demo_idp_user" });
        await page.goto(test);
        await follow(page.getByRole("button", { name: "Test the sign-in" }));
        await follow(page.getByRole("button", { name: user.name }));
        await arrive(page.getByRole("heading", { name: outcome, exact: true }));
      };
      await signIn("acme", ADA);
      await page.goto(`${worker.baseUrl}/sso/acme/settings`);
      await follow(page.getByRole("link", { name: "Test", exact: true }));
      await page.getByRole("heading", { name: "Test single sign-on" }).waitFor();
      await looksRight("test");
      await tryAs(RENE, "The test passed");
      assert.match(await page.getByRole("main").innerText(), /This would sign in René Dubois \(rene@acme\.example\)/);
      assert.equal(await page.getByText(": failed").count() + (await page.getByText(": not checked").count()), 0);
      await looksRight("report-passed");
      await tryAs(GUS, "The test failed");
      await page.getByRole("heading", { name: "Role claim: failed" }).waitFor();
      await page.getByText("role = guest").waitFor();
      await looksRight("report-failed");
      // Nobody was signed in by all of it.
      await page.goto(`${worker.baseUrl}/sso/`);
      await page.getByText(ADA.email).waitFor();
      // The IdP still knows who it was.
      await page.goto(`${worker.baseUrl}/sso/acme/login`);
      await arrive(page.getByRole("heading", { name: "You have no role here yet" }));
      const reference = await page.locator(".reference code").innerText();
      await page.goto(test);
      await page.getByText(reference).waitFor();
      await page.getByLabel("Response, as base64 or XML").fill("<Response/>");
      await page.getByLabel("Check it as of").fill("yesterday");
      await follow(page.getByRole("button", { name: "Check it" }));
      await page.getByText("This is not a time.").waitFor();
      await looksRight("test-problem");
      await page.getByLabel("Response, as base64 or XML").fill("<Response/>");
      await page.getByLabel("Check it as of").fill("");
      await navigate(page, () => page.keyboard.press("Enter"));
      await page.getByRole("heading", { name: "The test failed" }).waitFor();
      await page.getByText("not_a_response").waitFor();
      await looksRight("report-dry");
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
      await follow(page.getByRole("button", { name: "Continue" }));
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
      await follow(page.getByRole("button", { name: "Continue" }));
    }

    async function signIn(account, user, path = "/sso/") {
      await page.goto(`${worker.baseUrl}/sso/${account}/login`);
      await follow(page.getByRole("button", { name: user.name }));
      await page.waitForURL(`${worker.baseUrl}${path}`);
    }

    async function looksRight(picture) {
      await looks(page, `${name}-${picture}`);
      if (name === "branded") assert.ok((await page.title()).endsWith(BRAND.PRODUCT_NAME));
    }
  });
}
