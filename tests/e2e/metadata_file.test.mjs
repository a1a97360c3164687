/** Metadata as a file, which the runtime's own parser takes out of the form. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp } from "../demo/response.mjs";
import { Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const SETTINGS = "/sso/filed/settings";

describe("metadata as a file", () => {
  let worker, visitor, formToken, xml;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }));
    xml = await metadata(newIdp("http://127.0.0.1:19001"));
    visitor = new Visitor(worker);
    const made = await worker.fetch("/sso/api/v1/accounts/filed/setup-links", {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const link = new URL((await made.json()).url).searchParams.get("link");
    await visitor.submit(`${SETTINGS}/start`, { link });
    [, formToken] = (await (await visitor.get(SETTINGS)).text()).match(/name="form_token" value="([^"]+)"/);
  });
  after(() => worker.close());

  async function post(body, headers) {
    const whole = new Response(body);
    const own = { cookie: visitor.jar.header(), "sec-fetch-site": "same-origin", "content-type": whole.headers.get("content-type") };
    const octets = Buffer.from(await whole.arrayBuffer());
    return worker.fetch(SETTINGS, { method: "POST", headers: { ...own, ...headers }, body: octets });
  }

  /** The form as a browser sends it. */
  function form(...files) {
    const data = new FormData();
    data.append("form_token", formToken);
    data.append("metadata", "");
    for (const file of files) data.append("metadata_file", new File([file], "metadata.xml", { type: "text/xml" }));
    data.append("edit", "metadata");
    return data;
  }

  async function refused(status, code, body, headers) {
    const { response, code: logged } = await worker.logged(() => post(body, headers));
    assert.deepEqual([response.status, logged], [status, code]);
    assert.match(await response.text(), /Nothing was changed/);
  }

  it("is shown before anything changes, whatever it begins with and however its lines end", async () => {
    const response = await post(form(`\ufeff${xml.replaceAll("\n", "\r\n")}`));
    assert.equal(response.status, 200);
    const page = await response.text();
    assert.match(page, /Switch single sign-on on\?/);
    assert.match(page, /Nothing is changed yet/);
    const value = (name) => page.match(new RegExp(`name="${name}" value="([^"]*)"`))[1];
    const plain = value("metadata").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
    assert.equal(plain, xml.trim());
    const fields = { form_token: formToken, shown: value("shown"), edit: "metadata", metadata: plain, step: "confirm" };
    assert.equal((await visitor.submit(SETTINGS, fields)).status, 303);
    assert.equal(await worker.kv.get("metadata:filed"), xml.trim());
  });

  it("is asked for where it is empty", async () => {
    const response = await post(form(""));
    assert.equal(response.status, 400);
    assert.match(await response.text(), /Paste the metadata or choose its file first/);
  });

  it("may be in UTF-16", async () => {
    const other = xml.replaceAll("127.0.0.1:19001", "127.0.0.1:19002");
    const response = await post(form(Buffer.from(`\ufeff${other}`, "utf16le")));
    assert.equal(response.status, 200);
    assert.match(await response.text(), /127\.0\.0\.1:19002/);
  });

  it("is refused where it is neither UTF-8 nor UTF-16", () =>
    refused(400, "not_utf8", form(Buffer.from(`${xml}<!--\u00e9-->`, "latin1"))));

  it("is refused where there are two", () => refused(400, "form_malformed", form(xml, xml)));

  it("is refused where it is too large, before anything of it is read", () =>
    refused(413, "message_too_large", form(" ".repeat(2 * 1024 * 1024))));

  it("is refused in a form that is malformed or of another type", async () => {
    const type = (boundary) => ({ "content-type": `multipart/form-data; boundary=${boundary}` });
    const whole = await new Response(form(xml)).text();
    const boundary = whole.slice(2, whole.indexOf("\r\n"));
    const response = await post(whole, type(boundary));
    // What is stored already.
    assert.match(await response.text(), /Nothing was changed/);
    assert.equal(response.status, 200);
    for (const [body, headers] of [
      [whole, type("another")],
      [whole, { "content-type": "multipart/form-data" }],
      [whole, { "content-type": `multipart/mixed; boundary=${boundary}` }],
      [whole, { "content-type": "text/xml" }],
      [whole.slice(0, -20), type(boundary)],
      [whole.replace("Content-Disposition", "Content-Location"), type(boundary)],
      ["", type(boundary)],
    ]) {
      await refused(400, "form_malformed", body, headers);
    }
  });

  it("is refused from another site, and without the page's token", async () => {
    const { code } = await worker.logged(() => post(form(xml), { "sec-fetch-site": "cross-site" }));
    assert.equal(code, "cross_site_form");
    const data = form(xml);
    data.delete("form_token");
    assert.equal((await worker.logged(() => post(data))).code, "form_token_invalid");
  });
});
