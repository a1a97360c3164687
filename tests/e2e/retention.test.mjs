/** The holder of a setup link does whatever can be done often, with a server of their own: the ledger counts (row G6). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp } from "../demo/response.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";
import { Visitor } from "./support/visitor.mjs";

const ADMIN_TOKEN = Buffer.alloc(32, 9).toString("base64url");
const ACCOUNT = "/sso/api/v1/accounts/audited";
const SETTINGS = "/sso/audited/settings";

describe("changes and looks", () => {
  let worker, holder, published;
  const call = (path, options = {}) =>
    worker.fetch(`${ACCOUNT}/${path}`, { ...options, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...options.headers } });
  const done = async () => (await (await call("audit-events?limit=200")).json()).audit_events;
  const hidden = (page, name) => page.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
  const token = async () => hidden(await (await holder.get(SETTINGS)).text(), "form_token");

  before(async () => {
    const theirs = await metadata(newIdp("https://idp.example"));
    let number = 0;
    published = () => theirs.replaceAll("idp.example/sso", `idp.example/sso${number++}`);
    worker = await startWorker(withSecrets({ ADMIN_TOKEN }), { network: () => new Response(published()) });
    const headers = { "content-type": "application/samlmetadata+xml" };
    const real = await metadata(newIdp("https://real.example"));
    assert.equal((await call("metadata", { method: "PUT", headers, body: real })).status, 201);
    const made = await call("setup-links", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    holder = new Visitor(worker);
    const link = new URL((await made.json()).url).searchParams.get("link");
    await holder.submit(`${SETTINGS}/start`, { link });
  });
  after(() => worker.close());

  /** Saves the choices, with yet another domain. Returns the status of the last answer. */
  async function choose(number) {
    const fields = { edit: "choices", idp_initiated: "upgrade", domains: `audited${number}.example` };
    const review = await (await holder.submit(SETTINGS, { form_token: await token(), ...fields })).text();
    const confirmed = { form_token: hidden(review, "form_token"), shown: hidden(review, "shown"), step: "confirm" };
    return (await holder.submit(SETTINGS, { ...confirmed, ...fields })).status;
  }

  it("are counted, and nobody empties the list of what was done", async () => {
    const url = "https://idp.example/metadata";
    const follow = await call("metadata", {
      method: "PUT",
      headers: { "content-type": "application/json", "if-match": "*" },
      body: JSON.stringify({ url }),
    });
    assert.equal(follow.status, 200);
    const form_token = await token();
    const looks = [];
    for (let look = 0; look < 60; look += 6) {
      const six = Array.from({ length: 6 }, () => holder.submit(SETTINGS, { form_token, action: "look" }));
      looks.push(...(await Promise.all(six)).map(({ status }) => status));
    }
    assert.deepEqual([looks.filter((it) => it === 303).length, looks.filter((it) => it === 429).length], [10, 50]);
    const changes = [];
    for (let number = 0; number < 22; number++) changes.push(await choose(number));
    assert.deepEqual(changes, [...Array(20).fill(303), 429, 429]);
    const events = await done();
    const actions = (prefix) => events.filter(({ action }) => action.startsWith(prefix)).length;
    assert.deepEqual([actions("setup_link."), actions("account.changed"), actions("metadata.staged")], [2, 20, 10]);
    assert.equal(events.at(-1).action, "metadata.changed", "the first of all is there");
    const { versions } = await (await call("metadata/versions")).json();
    assert.equal(versions.length, 22);
    assert.equal(versions.at(-1).actor, "operator");
  });
});
