/** The users of an account, as the ledger keeps them and the API lists them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount, ADA } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const PATH = "/sso/api/v1/accounts";

describe("the users of an account", () => {
  let worker, account;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }));
    account = await addAccount(worker, "listed", { idp_initiated: "on" });
  });
  after(() => worker.close());

  const ask = (path, token = TOKEN) =>
    worker.fetch(`${PATH}/${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
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

  it("are asked for in a way that can be answered", async () => {
    for (const [query, field] of [["limit=0", "limit"], ["limit=201", "limit"], ["cursor=x", "cursor"]]) {
      const response = await ask(`listed/users?${query}`);
      assert.equal(response.status, 400);
      assert.equal((await response.json()).field, field);
    }
  });
});
