/** What the gate says to a person, in Chromium. Pictures go to target/screenshots. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startIdp } from "../demo/idp.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { USERS } from "../demo/users.mjs";
import { startBrowser } from "./support/demo.mjs";
import { looksRight } from "./support/looks.mjs";
import { startFailingProduct } from "./support/failing_product.mjs";
import { follow } from "./support/navigation.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const ADA = USERS.find(({ role }) => role === "account_administrator");

describe("the gate's pages", () => {
  let worker, idp, origin, browser, page;
  before(async () => {
    const sps = [];
    origin = await startFailingProduct();
    const workers = withSecrets().map((it) => ({ ...it, vars: { ...it.vars, ...origin.vars } }));
    [worker, idp, browser] = await Promise.all([startWorker(workers, { local: true }), startIdp({ sps }), startBrowser()]);
    sps.push(serviceProvider(worker.baseUrl, "acme"));
    await worker.kv.put("metadata:acme", await (await fetch(`${idp.url}/metadata`)).text());
    page = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await Promise.all([browser?.close(), worker?.close(), idp?.close()]);
    origin?.close();
  });

  async function says(path, status, heading, picture) {
    const response = await page.goto(`${worker.baseUrl}${path}`);
    assert.equal(response.status(), status);
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    await looksRight(page, picture);
  }

  it("say that a form was not sent, to somebody who is not signed in", async () => {
    await page.goto(`${worker.baseUrl}/sso/login`);
    const [response] = await Promise.all([
      page.waitForResponse((it) => it.request().method() === "POST"),
      page.evaluate(`{
        const form = Object.assign(document.createElement("form"), { method: "post", action: "/comments" });
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
      }`).catch(() => {}),
    ]);
    assert.equal(response.status(), 401);
    await page.getByRole("heading", { name: "Please sign in, then send it again" }).waitFor();
    await looksRight(page, "gate-401");
  });

  it("let in whoever signs in", async () => {
    await page.goto(`${worker.baseUrl}/sso/acme/login?return_to=/`);
    await follow(page.getByRole("button", { name: ADA.name }));
    await page.getByRole("heading", { name: "The product" }).waitFor();
  });

  it("say who may not see a page", () => says("/billing/", 403, "Your role does not open this page", "gate-403"));
  it("say that the product takes too long", () => says("/slow", 504, "There is no answer right now", "gate-504"));

  it("say that the product is out of reach", () => says("/down", 502, "There is no answer right now", "gate-502"));
});
