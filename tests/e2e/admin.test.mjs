/** The admin API: accounts are changed by whoever has seen them, and every change is written down. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp } from "../demo/response.mjs";
import { addAccount, eventually } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const XML = { "content-type": "application/samlmetadata+xml" };

describe("accounts, by the admin API,", () => {
  let worker, first, second;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }));
    [first, second] = await Promise.all([1, 2].map((n) => metadata(newIdp(`http://127.0.0.1:${19_000 + n}`))));
  });
  after(() => worker.close());

  const call = (path, { method = "GET", headers, body } = {}) =>
    worker.fetch(`/sso/api/v1/accounts/${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
  const put = (account, body, headers) => call(`${account}/metadata`, { method: "PUT", body, headers: { ...XML, ...headers } });
  const events = async (account) => (await (await call(`${account}/audit-events`)).json()).audit_events;

  it("are created, read, changed, restored and deleted", async () => {
    assert.equal((await call("made/metadata")).status, 404);
    const created = await put("made", first);
    assert.equal(created.status, 201, await created.clone().text());
    const tag = created.headers.get("etag");
    const { certificates, entity_id } = await created.json();
    assert.match(entity_id, /19001/);
    assert.equal(certificates.length, 1);
    // What was written is read at once, whatever KV keeps of before.
    const read = await call("made/metadata");
    assert.equal(await read.text(), first);
    assert.equal(read.headers.get("etag"), tag);
    const changed = await put("made", second, { "if-match": tag });
    assert.equal(changed.status, 200);
    const restored = await call("made/metadata/versions/1/restore", {
      method: "POST",
      headers: { "if-match": changed.headers.get("etag") },
    });
    assert.equal(restored.status, 200, await restored.clone().text());
    assert.equal(restored.headers.get("etag"), tag);
    assert.equal(await (await call("made/metadata/versions/2")).text(), second);
    assert.equal(await worker.kv.get("metadata:made"), first);
    const deleted = await call("made/metadata", { method: "DELETE", headers: { "if-match": tag } });
    assert.equal(deleted.status, 200);
    assert.equal(await worker.kv.get("metadata:made"), null);
    assert.deepEqual(
      (await events("made")).map(({ id, actor, action }) => [id, actor, action]),
      [
        [4, "operator", "metadata.deleted"],
        [3, "operator", "metadata.changed"],
        [2, "operator", "metadata.changed"],
        [1, "operator", "metadata.changed"],
      ],
    );
  });

  it("write down who is let in by a setup link, and when", async () => {
    const json = { "content-type": "application/json" };
    const made = await call("linked/setup-links", { method: "POST", headers: json, body: "{}" });
    const { id, url } = await made.json();
    const link = new URL(url).searchParams.get("link");
    const open = () => worker.fetch("/sso/linked/settings/start", {
      method: "POST", redirect: "manual", body: new URLSearchParams({ link }), headers: { "sec-fetch-site": "same-origin" },
    });
    for (let n = 0; n < 2; n++) assert.equal((await open()).status, 303);
    assert.equal((await call(`linked/setup-links/${id}`, { method: "DELETE" })).status, 204);
    assert.equal((await open()).status, 403);
    const written = await events("linked");
    assert.deepEqual(
      written.map(({ actor, action, setup_link }) => [actor, action, setup_link]),
      [
        ["operator", "setup_link.revoked", id],
        [`setup_link:${id}`, "setup_link.opened", id],
        ["operator", "setup_link.created", id],
      ],
    );
    assert.ok(!JSON.stringify(written).includes(link));
  });

  it("make no more setup links at once than one by one", async () => {
    const made = await Promise.all(Array.from({ length: 24 }, () => call("crowded/setup-links", { method: "POST" })));
    const statuses = made.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array(20).fill(201), ...Array(4).fill(409)]);
    const { setup_links } = await (await call("crowded/setup-links")).json();
    assert.equal(setup_links.length, 20);
  });

  it("keep the domains that operators allow, whatever their own people choose", async () => {
    const { account, respond } = await addAccount(worker, "narrowed");
    const page = `/sso/${account}/settings`;
    const json = { "content-type": "application/json", "if-match": "*" };
    const allowed = { domains: ["narrowed.example"], roles: ["developer"] };
    const stored = await call(account, { method: "PUT", headers: json, body: JSON.stringify(allowed) });
    assert.ok(stored.ok, await stored.clone().text());
    const { url } = await (await call(`${account}/setup-links`, { method: "POST" })).json();
    const holder = new Visitor(worker);
    await holder.submit(`${page}/start`, { link: new URL(url).searchParams.get("link") });
    const [, form_token] = (await (await holder.get(page)).text()).match(/name="form_token" value="([^"]+)"/);
    const choose = (choices) => holder.submit(page, { form_token, edit: "choices", ...choices });
    for (const choices of [{ idp_initiated: "on", domains: "" }, { idp_initiated: "upgrade", domains: "victim.example" }]) {
      assert.equal((await choose(choices)).status, 400);
    }
    // To choose nothing is to have all that is allowed, and no more.
    const chosen = await choose({ idp_initiated: "upgrade", domains: "" });
    assert.match(await chosen.text(), /This is already stored/);
    assert.deepEqual(await (await call(account)).json(), allowed);
    await eventually(async () => {
      const visitor = new Visitor(worker);
      const { id } = await visitor.startLogin(account);
      const user = { email: "ceo@victim.example", claims: { account_id: account, full_name: "admin", role: "developer" } };
      const fields = formFields(await respond({ inResponseTo: id, user }));
      const { response, code } = await worker.logged(() => visitor.postToAcs(account, fields), account);
      assert.deepEqual([response.status, code, visitor.session], [403, "email_domain_not_listed", undefined]);
    });
  });

  it("say who has what accounts could share, and give it to another", async () => {
    const idp = newIdp("http://127.0.0.1:19003");
    const xml = await metadata(idp);
    const shared = JSON.stringify({ acs: "shared" });
    for (const account of ["holder", "heir"]) {
      await worker.kv.put(`metadata:${account}`, xml);
      await worker.kv.put(`account:${account}`, shared);
    }
    const pair = async (account) => (await (await call(`${account}/pairs`)).json()).pairs[0];
    const { id, holder } = await pair("holder");
    assert.equal(holder, null);
    for (const account of ["holder", "heir"]) {
      const given = await call(`${account}/pairs/${id}`, { method: "PUT" });
      assert.deepEqual([given.status, (await given.json()).holder], [200, account]);
      assert.equal((await pair("holder")).holder, account);
    }
    const events = async (account) => (await (await call(`${account}/audit-events`)).json()).audit_events;
    const told = (list) => list.filter((it) => it.pair === id).map((it) => `${it.actor} ${it.action}`);
    assert.deepEqual(told(await events("holder")), ["operator pair.taken", "operator pair.given"]);
    assert.deepEqual(told(await events("heir")), ["operator pair.given"]);
  });

  it("are changed by one of two at a time", async () => {
    const { headers } = await put("raced", first);
    const tag = headers.get("etag");
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => put("raced", n % 2 ? second : `${second}\n`, { "if-match": tag })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array(7).fill(412)]);
    assert.equal((await events("raced")).length, 2);
  });

  it("keep every version of thirty days, up to a hundred", async () => {
    let { headers } = await put("kept", first);
    for (let n = 1; n <= 101; n++) {
      const answer = await put("kept", first + "\n".repeat(n), { "if-match": headers.get("etag") });
      assert.equal(answer.status, 200);
      ({ headers } = answer);
    }
    const { versions } = await (await call("kept/metadata/versions")).json();
    assert.deepEqual(versions.map(({ id }) => id), Array.from({ length: 100 }, (_, n) => 102 - n));
    assert.equal((await call("kept/metadata/versions/2")).status, 404);
    const { audit_events } = await (await call("kept/audit-events?limit=200")).json();
    assert.equal(audit_events.length, 102);
  });

  it("end their sessions with their metadata", async () => {
    const account = await addAccount(worker, "ended", { idp_initiated: "on" });
    const fields = formFields(await account.respond());
    assert.equal((await new Visitor(worker).postToAcs("ended", fields)).status, 303);
    const sessions = async () => (await (await call("ended/sessions")).json()).sessions;
    assert.equal((await sessions()).length, 1);
    const tag = (await call("ended/metadata")).headers.get("etag");
    assert.equal((await call("ended/metadata", { method: "DELETE", headers: { "if-match": tag } })).status, 200);
    assert.deepEqual(await sessions(), []);
    // What operators had uploaded is noted first.
    assert.deepEqual((await events("ended")).map(({ actor }) => actor), ["operator", "elsewhere"]);
    await eventually(async () => assert.equal((await worker.fetch("/sso/ended/login")).status, 404));
  });
});
