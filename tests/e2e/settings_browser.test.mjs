/** The settings page in Chromium: from a setup link to a sign-in, to a new key, to the end. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startIdp } from "../demo/idp.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { USERS } from "../demo/users.mjs";
import { startBrowser } from "./support/demo.mjs";
import { looksRight } from "./support/looks.mjs";
import { focused, follow } from "./support/navigation.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const LINKS = "/sso/api/v1/accounts/fresh/setup-links";
const ADMINISTRATOR = USERS.find(({ role }) => role === "account_administrator");

describe("the settings page", () => {
  let worker, idp, successor, browser, guest, administrator, link;
  const complaints = [];
  before(async () => {
    const sps = [];
    [worker, idp, successor, browser] = await Promise.all([
      startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }), { local: true }),
      startIdp({ sps }),
      startIdp({ sps }),
      startBrowser(),
    ]);
    sps.push(serviceProvider(worker.baseUrl, "fresh"));
    [guest, administrator] = await Promise.all([open(), open()]);
  });
  after(async () => {
    await Promise.all([browser?.close(), worker?.close(), idp?.close(), successor?.close()]);
    assert.deepEqual(complaints, []);
  });

  const operate = (path, options) =>
    worker.fetch(path, { ...options, headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" } });
  const metadataOf = async ({ url }) => (await fetch(`${url}/metadata`)).text();

  async function open() {
    const page = await (await browser.newContext()).newPage();
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text());
    });
    return page;
  }

  const settings = () => `${worker.baseUrl}/sso/fresh/settings`;

  async function confirm(page, button) {
    await page.getByText("Nothing is changed yet").waitFor();
    await follow(page.getByRole("button", { name: button }));
    await page.getByRole("status").waitFor();
  }

  it("is reached by a setup link, which its address keeps no trace of", async () => {
    const made = await operate(LINKS, { method: "POST", body: JSON.stringify({ note: "Gus" }) });
    assert.equal(made.status, 201);
    link = await made.json();
    await guest.goto(link.url);
    await looksRight(guest, "setup-link");
    await follow(guest.getByRole("button", { name: "Start" }));
    await guest.waitForURL(settings());
    await guest.getByText("Single sign-on is off").waitFor();
    await looksRight(guest, "settings-off");
  });

  it("selects a value as a whole by keyboard", async () => {
    await guest.getByRole("link", { name: "our metadata as a file" }).focus();
    await guest.keyboard.press("Tab");
    const [id, selected] = await guest.evaluate("[document.activeElement.id, getSelection().toString()]");
    assert.deepEqual([id, selected], ["identifier", `${worker.baseUrl}/sso/fresh/metadata`]);
    assert.equal(await guest.getByLabel("Reply URL").inputValue(), `${worker.baseUrl}/sso/fresh/acs`);
  });

  it("says what is wrong with what was pasted, and keeps it", async () => {
    const box = guest.getByLabel("Metadata XML");
    for (const [width, height] of [[390, 844], [1280, 900]]) {
      await guest.setViewportSize({ width, height });
      await box.fill("<EntityDescriptor>");
      await follow(guest.getByRole("button", { name: "Save the metadata" }));
      await guest.getByRole("alert").waitFor();
      assert.equal(await box.inputValue(), "<EntityDescriptor>");
      await focused(guest, "metadata");
      // Where the browser has gone, and not only at the top.
      const { top, bottom } = await guest.locator("#metadata_problem").evaluate((it) => it.getBoundingClientRect().toJSON());
      assert.ok(top >= 0 && bottom <= height, `the reason is at ${top} of ${height}`);
    }
    await looksRight(guest, "settings-problem");
  });

  it("shows what will change before it does, and switches single sign-on on", async () => {
    await guest.getByLabel("Metadata XML").fill(await metadataOf(idp));
    await follow(guest.getByRole("button", { name: "Save the metadata" }));
    await guest.getByRole("heading", { name: "Switch single sign-on on?" }).waitFor();
    await looksRight(guest, "settings-review");
    await confirm(guest, "Save");
    await guest.getByText("Single sign-on is on").waitFor();
    await looksRight(guest, "settings-on");
  });

  it("lets the account's administrator in, who must have proved lately who they are", async () => {
    await administrator.goto(settings());
    await follow(administrator.getByRole("button", { name: ADMINISTRATOR.name }));
    await administrator.waitForURL(settings());
    await looksRight(administrator, "settings-read");
    await follow(administrator.getByRole("link", { name: "Sign in to change" }));
    await administrator.waitForURL(settings());
    await administrator.getByLabel("Metadata XML").waitFor();
  });

  it("tells an administrator who would lock themselves out", async () => {
    await administrator.getByLabel("E-mail domains").fill("elsewhere.example");
    await follow(administrator.getByRole("button", { name: "Save the choices" }));
    await administrator.getByText("you could not sign in yourself").waitFor();
    await looksRight(administrator, "settings-lockout");
    await follow(administrator.getByRole("link", { name: "Cancel" }));
    await administrator.waitForURL(settings());
  });

  it("takes the metadata's file, and tells keys apart by their fingerprints", async () => {
    await guest.goto(settings());
    const chooser = guest.waitForEvent("filechooser");
    await guest.getByLabel("Or choose its file").click();
    const buffer = Buffer.from(await metadataOf(successor));
    await (await chooser).setFiles({ name: "metadata.xml", mimeType: "text/xml", buffer });
    await follow(guest.getByRole("button", { name: "Save the metadata" }));
    await guest.getByText("is trusted from now on").waitFor();
    await guest.getByText("is no longer trusted").waitFor();
    await looksRight(guest, "settings-review-keys");
    await confirm(guest, "Save");
  });

  it("brings earlier metadata back", async () => {
    await looksRight(guest, "settings-versions");
    await follow(guest.getByRole("button", { name: "Restore the metadata of" }).first());
    await guest.getByText(idp.url).first().waitFor();
    await confirm(guest, "Save");
    await guest.getByText(`${idp.url}/metadata`, { exact: true }).waitFor();
  });

  it("says what stops before the metadata is deleted", async () => {
    await follow(guest.getByRole("button", { name: "Delete the metadata" }));
    await guest.getByRole("heading", { name: "Switch single sign-on off?" }).waitFor();
    await looksRight(guest, "settings-delete");
    await follow(guest.getByRole("button", { name: "Delete the metadata" }));
    await guest.getByRole("heading", { name: "Single sign-on is switched off" }).waitFor();
    await looksRight(guest, "settings-switched-off");
    // The link has ended with it.
    await guest.goto(link.url);
    await follow(guest.getByRole("button", { name: "Start" }));
    await guest.getByRole("heading", { name: "This setup link does not work" }).waitFor();
  });

  it("is closed to a link that was revoked", async () => {
    link = await (await operate(LINKS, { method: "POST" })).json();
    await guest.goto(link.url);
    await follow(guest.getByRole("button", { name: "Start" }));
    await guest.getByText("Single sign-on is off").waitFor();
    const gone = await operate(`${LINKS}/${link.id}`, { method: "DELETE" });
    assert.equal(gone.status, 204);
    await guest.goto(settings());
    await guest.getByRole("heading", { name: "This setup link does not work" }).waitFor();
    await looksRight(guest, "setup-link-over");
  });
});
