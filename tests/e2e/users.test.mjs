/** The users of an account, as the ledger keeps them and the API lists them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { addAccount, ADA, eventually } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const PATH = "/sso/api/v1/accounts";
const digest = (email) => createHash("sha256").update(email).digest("hex");

describe("the users of an account", () => {
  let worker, account;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }));
    account = await addAccount(worker, "listed", { idp_initiated: "on" });
  });
  after(() => worker.close());

  const ask = (path, token = TOKEN) =>
    worker.fetch(`${PATH}/${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  const change = (path, headers) =>
    worker.fetch(`${PATH}/${path}`, { method: "DELETE", headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  const list = async (path) => (await ask(path)).json();
  const signIn = async (options) => {
    const fields = formFields(await account.respond(options));
    assert.equal((await new Visitor(worker).postToAcs("listed", fields)).status, 303);
  };

  it("are listed after their logins, as of the last", async () => {
    assert.deepEqual(await list("listed/users"), { users: [], next_cursor: null });
    await signIn();
    const { users: [first] } = await list("listed/users");
    assert.equal(first.first_login, first.last_login);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await signIn({ user: { ...ADA, name: "Ada Brenner-Okafor", role: "finance" } });
    const { users } = await list("listed/users");
    assert.equal(users.length, 1);
    const [{ sub, email, name, role, first_login, last_login }] = users;
    assert.deepEqual([sub, first_login], [first.sub, first.first_login]);
    assert.deepEqual([email, name, role], [ADA.email, "Ada Brenner-Okafor", "finance"]);
    assert.ok(last_login > first_login);
  });

  it("come in pages, in the order of their first logins", async () => {
    const people = Array.from({ length: 6 }, (_, index) => `user${index}@acme.example`);
    for (const email of people) await signIn({ user: { ...ADA, email } });
    const seen = [];
    let page = await list("listed/users?limit=3");
    for (;;) {
      seen.push(...page.users.map(({ email }) => email));
      if (page.next_cursor === null) break;
      page = await list(`listed/users?limit=3&cursor=${encodeURIComponent(page.next_cursor)}`);
    }
    assert.deepEqual(seen, [ADA.email, ...people]);
    assert.deepEqual(await list("other/users"), { users: [], next_cursor: null });
  });

  it("are shown to nobody without the token", async () => {
    for (const token of [undefined, "", TOKEN.slice(1), Buffer.alloc(32, 8).toString("base64url")]) {
      const response = await ask("listed/users", token ?? null);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      assert.equal((await response.json()).code, "token_invalid");
    }
  });

  it("are erased one by one, and no message of theirs is used twice", async () => {
    const { account: id, respond } = await addAccount(worker, "erased", { idp_initiated: "on" });
    const post = (visitor, fields) => worker.logged(() => visitor.postToAcs(id, fields), id);
    const fields = formFields(await respond());
    const ada = new Visitor(worker);
    assert.equal((await post(ada, fields)).response.status, 303);
    assert.equal((await ada.get("/sso/session")).status, 200);
    const { users: [{ sub, first_login }] } = await list(`${id}/users`);
    const entry = async () => JSON.parse(await worker.kv.get(`user:${digest(ADA.email)}`));
    assert.ok((await entry()).some(({ account }) => account === id));

    const erase = () => change(`${id}/users/${sub}`);
    const erased = await erase();
    assert.equal(erased.status, 200, await erased.clone().text());
    assert.deepEqual(await erased.json(), { sessions_ended: 1, events_dropped: 0 });
    assert.deepEqual(await list(`${id}/users`), { users: [], next_cursor: null });
    assert.deepEqual(await list(`${id}/sessions`), { sessions: [], next_cursor: null });
    // Of an address of several accounts, the others stay.
    assert.deepEqual((await entry()).map(({ account }) => account), ["listed"]);
    const { audit_events: [noted] } = await list(`${id}/audit-events`);
    assert.deepEqual(Object.keys(noted).sort(), ["action", "actor", "at", "id", "reference"]);
    assert.equal(noted.action, "user.deleted");
    const again = await erase();
    assert.deepEqual([again.status, (await again.json()).code], [404, "user_unknown"]);

    // Nor by the browser that has used it, which would go on otherwise.
    for (const visitor of [new Visitor(worker), ada]) {
      const replayed = await post(visitor, fields);
      assert.deepEqual([replayed.response.status, replayed.code], [403, "assertion_replayed"]);
    }
    assert.deepEqual(await list(`${id}/users`), { users: [], next_cursor: null });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await post(new Visitor(worker), formFields(await respond()))).response.status, 303);
    const { users: [user] } = await list(`${id}/users`);
    assert.equal(user.sub, sub);
    assert.ok(user.first_login > first_login);
  });

  it("are erased with their account, call by call", async () => {
    const { account: id, respond } = await addAccount(worker, "ended", { idp_initiated: "on" });
    const people = Array.from({ length: 51 }, (_, index) => `user${index}@ended.example`);
    const responses = await Promise.all(people.map((email) => respond({ user: { ...ADA, email } })));
    const posted = responses.map((xml) => new Visitor(worker).postToAcs(id, formFields(xml)));
    for (const { status } of await Promise.all(posted)) assert.equal(status, 303);
    const metadata = await worker.kv.get(`metadata:${id}`);
    const settings = await worker.kv.get(`account:${id}`);
    const entries = async () => (await worker.kv.list({ prefix: "user:" })).keys.map(({ name }) => name);
    const theirs = new Set(people.map((email) => `user:${digest(email)}`));
    const left = async () => (await entries()).filter((name) => theirs.has(name)).length;
    assert.equal(await left(), 51);

    for (const query of ["erase=yes", "erase="]) {
      const refused = await change(`${id}?${query}`);
      assert.deepEqual([refused.status, (await refused.json()).code], [400, "erase_invalid"]);
    }
    const headers = { "if-match": (await ask(id)).headers.get("etag") };
    const erase = async () => {
      const answer = await change(`${id}?erase=true`, headers);
      assert.equal(answer.status, 200, await answer.clone().text());
      return answer.json();
    };
    const first = await erase();
    assert.deepEqual([first.sessions_ended, first.users_erased, first.complete], [51, 50, false]);
    assert.equal(await left(), 1);
    const second = await erase();
    assert.deepEqual([second.sessions_ended, second.users_erased, second.complete], [0, 1, true]);
    assert.ok(second.versions_erased > 0);
    assert.equal(await left(), 0);
    assert.deepEqual(await list(`${id}/users`), { users: [], next_cursor: null });
    const { versions } = await list(`${id}/metadata/versions`);
    for (const { id: version } of versions) assert.equal((await ask(`${id}/metadata/versions/${version}`)).status, 404);
    assert.equal((await ask(id)).status, 404);
    const { audit_events } = await list(`${id}/audit-events`);
    assert.equal(audit_events[0].action, "account.erased");
    assert.ok(!JSON.stringify(audit_events).includes("@"));
    // There is nothing left to be done, or to be written down.
    assert.deepEqual({ ...(await erase()), complete: true }, {
      sessions_ended: 0, setup_links_revoked: 0, staged_dropped: 0,
      users_erased: 0, versions_erased: 0, refusals_erased: 0, events_dropped: 0, complete: true,
    });
    assert.equal((await list(`${id}/audit-events`)).audit_events.length, audit_events.length);

    // The account begins again, and what was used stays used.
    await worker.kv.put(`metadata:${id}`, metadata);
    await worker.kv.put(`account:${id}`, settings);
    await eventually(async () => {
      const again = () => new Visitor(worker).postToAcs(id, formFields(responses[0]));
      const { response, code } = await worker.logged(again, id);
      assert.deepEqual([response.status, code], [403, "assertion_replayed"]);
    });
    assert.deepEqual(await list(`${id}/users`), { users: [], next_cursor: null });
  });

  it("are asked for in a way that can be answered", async () => {
    for (const [query, field] of [["limit=0", "limit"], ["limit=201", "limit"], ["cursor=x", "cursor"]]) {
      const response = await ask(`listed/users?${query}`);
      assert.equal(response.status, 400);
      assert.equal((await response.json()).field, field);
    }
  });
});
