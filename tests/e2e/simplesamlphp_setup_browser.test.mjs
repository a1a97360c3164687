/**
 * A customer switches single sign-on on alone, in Chromium: from a setup link to a login, to a new key at the IdP, and to
 * the end. The IdP is SimpleSAMLphp; what it knows of us is copied from the page.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { ADA } from "./support/accounts.mjs";
import { startBrowser } from "./support/demo.mjs";
import { looksRight } from "./support/looks.mjs";
import { arrive, follow } from "./support/navigation.mjs";
import { startSimpleSamlPhp } from "./support/simplesamlphp.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const PUBLISHED = "https://idp.customer.example/saml2/idp/metadata.php";
const EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

describe("a customer, from a setup link to the end,", () => {
  let worker, idp, origin, browser, administrator, ada, entry;
  before(async () => {
    origin = createServer(({ headers }, response) => {
      response.setHeader("content-type", "text/html").end(`<h1>The product</h1>${headers["x-forwarded-email"]}`);
    }).listen(0, "127.0.0.1");
    await once(origin, "listening");
    const vars = { ORIGIN: `http://127.0.0.1:${origin.address().port}`, RENEW_SECONDS: "5" };
    const workers = withSecrets({ ADMIN_TOKEN: TOKEN }).map((it) => ({ ...it, vars: { ...it.vars, ...vars } }));
    const network = ({ url }) => (url === PUBLISHED ? idp.publish() : new Response("no such page", { status: 404 }));
    const started = [startWorker(workers, { local: true, network }), startSimpleSamlPhp(), startBrowser()];
    [worker, idp, browser] = await Promise.all(started);
    administrator = await (await browser.newContext()).newPage();
    ada = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await Promise.all([browser?.close(), worker?.close(), idp?.close()]);
    origin?.closeAllConnections();
    origin?.close();
  });

  const settings = () => `${worker.baseUrl}/sso/fresh/settings`;

  /** Says yes to what the page shows, and no sooner. */
  async function confirm(question, button = "Save") {
    await administrator.getByRole("heading", { name: question }).waitFor();
    await administrator.getByText("Nothing is changed yet").waitFor();
    await follow(administrator.getByRole("button", { name: button }));
    await administrator.getByRole("status").waitFor();
  }

  async function paste(metadata) {
    await administrator.goto(settings());
    await administrator.getByLabel("Metadata XML").fill(metadata);
    await follow(administrator.getByRole("button", { name: "Save the metadata" }));
  }

  async function proveAtIdp(page) {
    await page.getByLabel("Username").fill(ADA.id);
    await page.getByLabel("Password").fill(ADA.id);
    await follow(page.getByRole("button", { name: "Login" }));
  }

  async function test(outcome) {
    await administrator.goto(settings());
    await follow(administrator.getByRole("link", { name: "Test", exact: true }));
    await follow(administrator.getByRole("button", { name: "Test the sign-in" }));
    await administrator.waitForURL((url) => url.origin !== worker.baseUrl || url.pathname.endsWith("/acs"));
    if (await administrator.getByLabel("Username").isVisible()) await proveAtIdp(administrator);
    await arrive(administrator.getByRole("heading", { name: outcome, exact: true }));
  }

  it("opens the link", async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const made = await worker.fetch("/sso/api/v1/accounts/fresh/setup-links", { method: "POST", headers });
    await administrator.goto((await made.json()).url);
    await follow(administrator.getByRole("button", { name: "Start" }));
    await administrator.waitForURL(settings());
    await administrator.getByText("Single sign-on is off").waitFor();
  });

  it("copies the page's values into the IdP, and gets the role wrong", async () => {
    const copy = (label) => administrator.getByLabel(label).inputValue();
    const [account] = await administrator.locator("#claims ~ .field", { has: administrator.getByLabel("Account, as the claim") }).getByRole("listitem").allInnerTexts();
    const [accountClaim, nameClaim, roleClaim] = await Promise.all(
      ["Account, as the claim", "Full name, as the claim", "Role, as the claim"].map(copy),
    );
    entry = {
      entityId: await copy("Identifier (Entity ID)"),
      AssertionConsumerService: await copy("Reply URL"),
      SingleLogoutService: await copy("Logout URL"),
      NameIDFormat: EMAIL,
      "simplesaml.nameidattribute": "mail",
      authproc: {
        10: { class: "core:AttributeAdd", [accountClaim]: account.trim(), [roleClaim]: "Administrator" },
        20: { class: "core:AttributeMap", displayName: nameClaim },
      },
      roleClaim,
    };
    await enter();
  });

  function enter() {
    const { entityId, roleClaim, ...rest } = entry;
    return idp.enter(entityId, rest);
  }

  it("pastes the IdP's metadata, sees what will change, and confirms", async () => {
    await paste(await idp.metadata());
    await confirm("Switch single sign-on on?");
    await administrator.getByText("Single sign-on is on").waitFor();
  });

  it("tests the sign-in, and is told which claim is wrong and where to click", async () => {
    await test("The test failed");
    await administrator.getByText("role_not_listed", { exact: true }).waitFor();
    const role = administrator.getByRole("listitem").filter({ has: administrator.getByRole("heading", { name: "Role claim: failed" }) });
    const said = await role.innerText();
    assert.match(said, /Expected[^]*role = [^]*account_administrator[^]*Received, as signed[^]*role = Administrator/);
    await administrator.getByText("Attributes & Claims: a claim of that name").waitFor();
  });

  it("mends it at the IdP, and tests again", async () => {
    const { [entry.roleClaim]: _, ...constant } = entry.authproc[10];
    entry.authproc = { 10: constant, 20: { ...entry.authproc[20], title: entry.roleClaim } };
    await enter();
    await test("The test passed");
    await administrator.getByText(`(${ADA.email}) as account_administrator. Nobody was signed in.`).waitFor();
    assert.equal(await administrator.getByText(": failed").count(), 0);
  });

  it("lets people sign in to the product", async () => {
    await ada.goto(`${worker.baseUrl}/reports?week=7`);
    await ada.waitForURL(/\/sso\/login/);
    await ada.getByLabel("Work e-mail or account id").fill("fresh");
    await follow(ada.getByRole("button", { name: "Continue" }));
    await proveAtIdp(ada);
    await ada.waitForURL(`${worker.baseUrl}/reports?week=7`);
    await ada.getByText(ADA.email).waitFor();
  });

  it("follows the address at which the IdP publishes its metadata", async () => {
    await administrator.goto(settings());
    await administrator.getByLabel("Metadata address").fill(PUBLISHED);
    assert.ok(await administrator.getByLabel("They wait for approval").isChecked());
    await follow(administrator.getByRole("button", { name: "Save the address" }));
    await confirm("Change the metadata address?");
    await follow(administrator.getByRole("button", { name: "Fetch it now" }));
    await administrator.getByText("It is what is trusted here").waitFor();
  });

  it("shows the IdP's next key after a round, and does not trust it", async () => {
    await idp.announceNextKey();
    await worker.beginRound();
    const staged = administrator.getByRole("heading", { name: "New metadata waits for approval" });
    for (let patience = 240; patience > 0 && !(await staged.isVisible()); patience--) {
      await administrator.waitForTimeout(250);
      await administrator.goto(settings());
    }
    await administrator.getByText("is trusted from now on").waitFor();
    await looksRight(administrator, "settings-staged");
    await idp.changeKey();
    await isRefused();
  });

  it("takes the next key beside the one of today after a yes", async () => {
    await follow(administrator.getByRole("button", { name: "Review it" }));
    await administrator.getByRole("heading", { name: "Change the identity provider?" }).waitFor();
    await administrator.getByText("is trusted from now on").waitFor();
    await administrator.getByText("stays trusted").waitFor();
    await confirm("Change the identity provider?");
    assert.equal(await administrator.getByText("waits for approval").count(), 0);
    await signsIn();
  });

  async function signsIn() {
    await ada.goto(`${worker.baseUrl}/sso/fresh/login?return_to=/new`);
    await ada.waitForURL(`${worker.baseUrl}/new`);
    await ada.getByText(ADA.email).waitFor();
  }

  async function isRefused() {
    await ada.goto(`${worker.baseUrl}/sso/fresh/login?return_to=/new`);
    await ada.getByRole("heading", { name: "We could not confirm the sign-in" }).waitFor();
  }

  it("brings the metadata of before back, without the key that the IdP signs with by now", async () => {
    await administrator.goto(settings());
    await follow(administrator.getByRole("button", { name: "Restore the metadata of" }).first());
    await administrator.getByText("is no longer trusted").waitFor();
    await confirm("Change the identity provider?");
    await isRefused();
    await administrator.goto(settings());
    assert.equal(await administrator.getByLabel("Metadata address").inputValue(), "", "it must stay as it was restored");
    await follow(administrator.getByRole("button", { name: "Restore the metadata of" }).first());
    await confirm("Change the identity provider?");
    await signsIn();
  });

  it("deletes the metadata, is told what stops, and it stops", async () => {
    await administrator.goto(settings());
    await follow(administrator.getByRole("button", { name: "Delete the metadata" }));
    await administrator.getByText("Nobody can sign in to this account any more.").waitFor();
    await administrator.getByRole("heading", { name: "Switch single sign-on off?" }).waitFor();
    await follow(administrator.getByRole("button", { name: "Delete the metadata" }));
    await administrator.getByRole("heading", { name: "Single sign-on is switched off" }).waitFor();
    for (let seconds = 0; seconds < 60 && !ada.url().includes("/sso/login"); seconds++) {
      await ada.waitForTimeout(1000);
      await ada.goto(`${worker.baseUrl}/new`);
    }
    assert.match(ada.url(), /\/sso\/login/);
  });
});
