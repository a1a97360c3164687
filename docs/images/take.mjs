/**
 * Takes the pictures of docs/pages.md and of the README: `make wasm`, a dry run of the deploy to `.wrangler/dev`, then
 * `node docs/images/take.mjs`. Addresses, dates, fingerprints and references are made the same in every run.
 */
import { writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { startIdp } from "../../tests/demo/idp.mjs";
import { metadata, newIdp, serviceProvider } from "../../tests/demo/response.mjs";
import { USERS } from "../../tests/demo/users.mjs";
import { startBrowser } from "../../tests/e2e/support/demo.mjs";
import { startFailingProduct } from "../../tests/e2e/support/failing_product.mjs";
import { startWorker, withSecrets } from "../../tests/e2e/support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const ADA = USERS.find(({ id }) => id === "ada");
const GUS = USERS.find(({ id }) => id === "gus");
const LOOKS = [
  ["light", 800, "light"],
  ["dark", 800, "dark"],
  ["phone", 360, "light"],
];
const FRAME = { width: 360, height: 660 };
const CARD = { width: 480, height: 640 };
const frames = [];
let worker, published;

const origin = await startFailingProduct();
const sps = [];
const workers = withSecrets({ ADMIN_TOKEN: TOKEN }).map((it) => ({ ...it, vars: { ...it.vars, ...origin.vars } }));
const network = () => new Response(published);
const started = await Promise.all([startWorker(workers, { local: true, network }), startIdp({ sps }), startIdp({ sps }), startBrowser()]);
const [, idp, successor, browser] = started;
[worker] = started;
const canvas = await (await browser.newContext()).newPage();
try {
  for (const account of ["acme", "beta"]) sps.push(serviceProvider(worker.baseUrl, account));
  await worker.kv.put("metadata:beta", await metadataOf(idp));
  const both = createHash("sha256").update("both@acme.example").digest("hex");
  await worker.kv.put(`user:${both}`, '["acme","beta"]');
  await setUp(await open());
  await people();
  await strip(await open());
} finally {
  await Promise.all(started.map((it) => it.close()));
  origin.close();
}

async function setUp(page) {
  const made = await worker.fetch("/sso/api/v1/accounts/acme/setup-links", {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  await page.goto((await made.json()).url);
  await take(page, "setup-link");
  await frame(page, "Open the link");
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("Single sign-on is off").waitFor();
  await frame(page, "Copy the values", "#ours");
  await paste(page, await metadataOf(idp));
  await frame(page, "Paste the metadata", "#theirs");
  await save(page, await metadataOf(idp));
  await frame(page, "See what changes");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").waitFor();
  await test(page, GUS, "The test failed", "report-failed");
  await test(page, ADA, "The test passed", "report-passed");
  await frame(page, "Test it");
  await page.goto(settings());
  await follow(page);
  await save(page, await metadataOf(successor));
  await take(page, "review");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").waitFor();
  await page.getByRole("button", { name: "Restore the metadata of" }).first().click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").waitFor();
  await page.goto(settings());
  await page.getByRole("button", { name: "Delete the metadata" }).click();
  await take(page, "delete");
}

/** The IdP announces another key at its metadata's address. */
async function follow(page) {
  published = await metadataOf(idp);
  await page.getByLabel("Metadata address").fill("https://idp.acme.example/metadata");
  await page.getByRole("button", { name: "Save the address" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").waitFor();
  const [next] = (await metadata(newIdp(idp.url))).match(/<KeyDescriptor[^]*<\/KeyDescriptor>/);
  published = published.replace("<KeyDescriptor", `${next}$&`);
  await page.getByRole("button", { name: "Fetch it now" }).click();
  await page.getByRole("heading", { name: "New metadata waits for approval" }).waitFor();
  await take(page, "staged", "section:has(#theirs)");
}

async function people() {
  const page = await open();
  await page.goto(`${worker.baseUrl}/sso/login`);
  await take(page, "login");
  await card(page, "start");
  await page.getByLabel("Work e-mail").fill("both@acme.example");
  await page.getByRole("button", { name: "Continue" }).click();
  await take(page, "choice");
  const phone = await open();
  await phone.goto(`${worker.baseUrl}/sso/acme/login`);
  await phone.getByRole("button", { name: ADA.name }).waitFor();
  await card(phone, "idp");
  await signIn(phone, ADA, "/sso/");
  await signIn(page, ADA, "/sso/");
  await take(page, "signed-in-page");
  await card(page, "signed-in");
  await frame(page, "Signed in");
  await page.goto(`${worker.baseUrl}/sso/sessions`);
  await take(page, "sessions");
  await page.goto(settings());
  await page.getByRole("link", { name: "Sign in to change" }).click();
  await page.getByLabel("Metadata XML").waitFor();
  await take(page, "settings");
  await page.goto(`${settings()}/test`);
  await take(page, "test");
  for (const [path, picture] of [["/billing/", "gate-403"], ["/down", "gate-502"], ["/slow", "gate-504"]]) {
    await page.goto(`${worker.baseUrl}${path}`);
    await take(page, picture);
  }
  const guest = await open();
  await signIn(guest, GUS, "/sso/acme/acs");
  await take(guest, "refused");
  await card(guest, "refused");
  const stranger = await open();
  await stranger.goto(`${worker.baseUrl}/sso/login`);
  const [answer] = await Promise.all([
    stranger.waitForResponse((it) => it.request().method() === "POST"),
    stranger.evaluate(`{
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/comments" });
      document.body.append(form);
      HTMLFormElement.prototype.submit.call(form);
    }`).catch(() => {}),
  ]);
  await answer.finished();
  await stranger.getByRole("heading", { name: "Please sign in" }).waitFor();
  await take(stranger, "gate-401");
}

/** Six pictures side by side, for light and dark pages. */
async function strip(page) {
  await page.setViewportSize({ width: 1660, height: 100 });
  for (const colorScheme of ["light", "dark"]) {
    const ink = colorScheme === "light" ? "#1c1d1f" : "#ececea";
    const ground = colorScheme === "light" ? "#fff" : "#0d1117";
    const figures = frames.map(({ caption, images }, place) =>
      `<figure><figcaption>${place + 1}. ${caption}</figcaption><img src="data:image/png;base64,${images[colorScheme]}"></figure>`,
    );
    await page.setContent(`<style>
      body { margin: 0; padding: 14px; width: max-content; display: flex; gap: 14px; background: ${ground}; color: ${ink}; font: 600 17px system-ui, sans-serif; }
      figure { margin: 0; } figcaption { margin: 0 0 8px 2px; }
      img { display: block; width: 258px; border: 1px solid #8886; border-radius: 10px; }
    </style>${figures.join("")}`);
    await page.waitForFunction("[...document.images].every((it) => it.complete)");
    const [width, height] = await page.evaluate("[document.body.scrollWidth, document.body.scrollHeight]");
    await page.setViewportSize({ width, height });
    await shoot(page, `setup-${colorScheme}`);
  }
}

async function open() {
  return (await browser.newContext({ viewport: FRAME })).newPage();
}

function settings() {
  return `${worker.baseUrl}/sso/acme/settings`;
}

async function metadataOf({ url }) {
  return (await fetch(`${url}/metadata`)).text();
}

async function paste(page, metadata) {
  await page.getByLabel("Metadata XML").fill(metadata);
}

async function save(page, metadata) {
  await paste(page, metadata);
  await page.getByRole("button", { name: "Save the metadata" }).click();
  await page.getByText("Nothing is changed yet").waitFor();
}

async function test(page, user, outcome, picture) {
  await page.context().clearCookies({ name: "demo_idp_user" });
  await page.goto(`${settings()}/test`);
  await page.getByRole("button", { name: "Test the sign-in" }).click();
  await page.getByRole("button", { name: user.name }).click();
  await page.getByRole("heading", { name: outcome, exact: true }).waitFor();
  await take(page, picture);
}

async function signIn(page, user, path) {
  await page.goto(`${worker.baseUrl}/sso/acme/login`);
  await page.getByRole("button", { name: user.name }).click();
  await page.waitForURL(`${worker.baseUrl}${path}`);
}

/** One page, or what is `within` it, as wide as a desk's window and a phone's. */
async function take(page, name, within) {
  await makeTheSame(page);
  for (const [look, width, colorScheme] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 360 });
    await shoot(page, `${name}-${look}`, within);
  }
  await page.setViewportSize(FRAME);
}

/** A small picture for the README, of the top of the page. */
async function card(page, name) {
  await makeTheSame(page);
  await page.setViewportSize(CARD);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: fileURLToPath(new URL(`${name}-${colorScheme}.png`, import.meta.url)) });
  }
  await page.setViewportSize(FRAME);
}

/** A picture for the strip, from the element `from` on. */
async function frame(page, caption, from = "html") {
  await makeTheSame(page);
  const images = {};
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(FRAME);
    await page.evaluate(`scrollTo(0, document.querySelector(${JSON.stringify(from)}).getBoundingClientRect().top + scrollY - ${from === "html" ? 0 : 24})`);
    images[colorScheme] = (await page.screenshot()).toString("base64");
  }
  frames.push({ caption, images });
}

/** WebP without loss, but for the finest shades, which Playwright itself does not write. */
async function shoot(page, name, within) {
  const clip = within && (await page.evaluate(`{
    const { x, y, width, height } = document.querySelector(${JSON.stringify(within)}).getBoundingClientRect();
    ({ x: x + scrollX - 24, y: y + scrollY - 24, width: width + 48, height: height + 48 });
  }`));
  const png = (await page.screenshot({ fullPage: true, clip })).toString("base64");
  const webp = await canvas.evaluate(async (png) => {
    const image = Object.assign(new Image(), { src: `data:image/png;base64,${png}` });
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height);
    // Of the shades between ink and ground, ten are enough for the eye.
    const shade = (value) => Math.min(255, Math.round(value / 24) * 24);
    const flat = new Map();
    for (let at = 0; at < pixels.data.length; at += 4) {
      const key = pixels.data.slice(at, at + 3).join();
      flat.set(key, (flat.get(key) ?? 0) + 1);
    }
    const kept = new Set([...flat].sort(([, a], [, b]) => b - a).slice(0, 12).map(([key]) => key));
    for (let at = 0; at < pixels.data.length; at += 4) {
      if (kept.has(pixels.data.slice(at, at + 3).join())) continue;
      for (let channel = 0; channel < 3; channel++) pixels.data[at + channel] = shade(pixels.data[at + channel]);
    }
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL("image/webp", 1).split(",")[1];
  }, png);
  writeFileSync(new URL(`${name}.webp`, import.meta.url), Buffer.from(webp, "base64"));
}

/** What differs from run to run, as the documentation has it. */
function ours(text) {
  const today = new Date();
  const day = (date) => date.toISOString().slice(0, 10);
  return text
    .replaceAll(worker.baseUrl, "https://app.example.com")
    .replaceAll(idp.url, "https://idp.acme.example")
    .replaceAll(successor.url, "https://new-idp.acme.example")
    .replaceAll(new URL(idp.url).host, "idp.acme.example")
    .replaceAll(new URL(successor.url).host, "new-idp.acme.example")
    .replaceAll(day(today), "2026-11-24")
    .replace(/(\d{4}-\d\d-\d\d[ T])\d\d:\d\d(?::\d\d)?/g, "$110:00")
    .replaceAll(/\b20\d\d-\d\d-\d\d\b/g, (date) => (date > day(today) && date !== "2026-11-24" ? "2027-11-24" : date))
    .replace(/^_[0-9a-f]{32}$/, "_5bcc2eed729d44f63fb9415d95fa4a26")
    .replace(/^[0-9a-f]{16}$/, "3f9c61d20b7e84a5");
}

async function makeTheSame(page) {
  await page.waitForLoadState();
  const texts = await page.evaluate(`{
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    globalThis.nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    globalThis.inputs = [...document.querySelectorAll("input:not([type=hidden]), textarea")];
    [nodes.map((it) => it.data), inputs.map((it) => it.value)];
  }`);
  const [nodes, values] = texts.map((list) => list.map(ours));
  await page.evaluate(({ nodes: texts, values }) => {
    texts.forEach((text, at) => { if (nodes[at].data !== text) nodes[at].data = text; });
    values.forEach((value, at) => { if (inputs[at].type !== "file" && inputs[at].value !== value) inputs[at].value = value; });
    for (const box of inputs) box.scrollTop = 0;
    for (const code of document.querySelectorAll(".fingerprint code")) {
      const isNew = code.closest("div").textContent.includes("from now on");
      const octet = (at) => ((at * 37 + (isNew ? 11 : 90)) % 256).toString(16).toUpperCase().padStart(2, "0");
      code.innerHTML = Array.from({ length: 32 }, (_, at) => octet(at)).join(":<wbr>");
    }
  }, { nodes, values });
}
