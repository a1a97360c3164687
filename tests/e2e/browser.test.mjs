/** What `make dev` starts, as a person meets it in Chromium. Pictures of the pages go to target/screenshots. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ADA, GUS } from "./support/accounts.mjs";
import { script, startBrowser, startDemo } from "./support/demo.mjs";
import { follow, navigate } from "./support/navigation.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}target/screenshots/`;

describe("the demo in a browser", () => {
  let demo, browser, context, page, complaints;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    demo = await startDemo();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
    page = await context.newPage();
    complaints = [];
    page.on("console", (message) => {
      // A refused login is a 403, which Chromium reports as a failed load; the rest, like a blocked script, is a fault.
      if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });

  it("signs in from the start page, and shows who it is", async () => {
    await page.goto(`${demo.baseUrl}/sso/`);
    await picture("start");
    await page.goto(`${demo.baseUrl}/sso/acme/login`);
    await picture("idp");
    await follow(page.getByRole("button", { name: ADA.name }));
    await page.waitForURL(`${demo.baseUrl}/sso/`);
    await shows(ADA.name, "acme", ADA.role);
    await picture("signed-in");

    const [session] = await cookies();
    assert.ok(session.secure && session.httpOnly && session.sameSite === "Lax");
  });

  it("opens the product, is led to the login, and is greeted by name", async () => {
    await page.goto(`${demo.baseUrl}/?tour=1`);
    await page.waitForURL(`${demo.baseUrl}/sso/login?return_to=*`);
    await page.getByRole("textbox").fill("acme");
    await navigate(page, () => page.keyboard.press("Enter"));
    await follow(page.getByRole("button", { name: ADA.name }));
    await page.waitForURL(`${demo.baseUrl}/?tour=1`);
    await shows(`Hello, ${ADA.name}`, "acme", ADA.email, ADA.role, "with a token");
    await picture("product");
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 760 });
      const overflow = "[document.documentElement, ...document.querySelectorAll('main *')].filter((it) => it.scrollWidth > it.clientWidth && it.clientWidth)";
      assert.equal(await page.evaluate(`${overflow}.length`), 0, `something sticks out at ${width}`);
    }
    for (const [link, heading] of [["Session", ADA.name], ["Your devices", "signed in"], ["Settings", "acme"], ["Sign out", "Sign out"]]) {
      await page.goto(`${demo.baseUrl}/`);
      await follow(page.getByRole("link", { name: link }));
      await page.waitForURL(`${demo.baseUrl}/sso/**`);
      await shows(heading);
    }
  });

  it("lets a customer's IT in by the setup link that the terminal shows, and by another", async () => {
    const [link] = demo.said.match(/http:\S+\/sso\/newco\/settings\/start\?link=\S+/);
    const [curl] = demo.said.match(/\(\. .*curl.*\)/);
    const { url } = JSON.parse(execFileSync("bash", ["-c", curl], { cwd: root, stdio: ["ignore", "pipe", "ignore"] }));
    assert.notEqual(url, link);
    for (const address of [link, url]) {
      await page.goto(address);
      await follow(page.getByRole("button"));
      await page.waitForURL(`${demo.baseUrl}/sso/newco/settings`);
    }
    await shows("newco");
  });

  it("says which port is taken, and how to choose another", () => {
    const { port } = new URL(demo.baseUrl);
    const { status, stderr } = spawnSync(process.execPath, [script, "--idp-port", port], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`Port ${port} cannot be had .*make dev IDP_PORT=`));
  });

  it("signs in from the IdP's My Apps, with one more redirect and no question", async () => {
    await page.goto(`${demo.idpUrl}/`);
    await follow(page.getByRole("button", { name: ADA.name }));
    await picture("my-apps");
    await follow(page.getByRole("link", { name: "acme" }));
    await page.waitForURL(`${demo.baseUrl}/sso/`);
    await shows(ADA.name, "acme", ADA.role);
  });

  it("tells somebody whose role is not listed what to mend", async () => {
    await page.goto(`${demo.baseUrl}/sso/acme/login`);
    await follow(page.getByRole("button", { name: GUS.name }));
    await page.waitForURL(`${demo.baseUrl}/sso/acme/acs`);
    await shows("role");
    assert.ok(!(await page.locator("body").innerText()).includes(GUS.name));
    assert.deepEqual(await cookies(), []);
    await picture("refused");
  });

  async function shows(...texts) {
    const text = await page.locator("body").innerText();
    for (const expected of texts) assert.ok(text.includes(expected), `“${expected}” is not in: ${text}`);
  }

  async function cookies() {
    return (await context.cookies(demo.baseUrl)).filter(({ name }) => name === "__Host-session");
  }

  /** At a desktop's width and a phone's, in light and dark. */
  async function picture(name) {
    for (const [width, height] of [[1000, 700], [390, 760]]) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png` });
      }
    }
  }
});
