/** The ledger's tables on workerd, where objects of several releases meet. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { ADA, addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { root, secrets, startWorker, withOwnLedgers, withSqlOnLedgers } from "./support/worker.mjs";

const FIRST = await readFile(`${root}src/ledger/schema/1.sql`, "utf8");

describe("the ledger's tables", () => {
  let worker;
  const own = secrets();
  before(async () => {
    worker = await startWorker(withSqlOnLedgers());
  });
  after(() => worker.close());

  const run = async (account, sql) => {
    const answer = await worker.fetch(`/${account}`, { method: "POST", body: sql });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const signIn = async ({ account, respond }) => {
    const visitor = new Visitor(worker);
    const { response, code } = await worker.logged(async () => visitor.postToAcs(account, formFields(await respond())));
    return { status: response.status, code, session: (await visitor.get("/sso/session")).status };
  };

  it("an object of before versions were written down keeps what it holds", async () => {
    await run("acme", FIRST);
    await run("acme", "INSERT INTO users VALUES (1, 'sub', 'bea@acme.example', 'Bea', 'developer', 1, 1)");
    await worker.restart(withOwnLedgers(own));
    const acme = await addAccount(worker, "acme", { idp_initiated: "on" });
    assert.deepEqual(await signIn(acme), { status: 303, code: undefined, session: 200 });
    await worker.restart(withSqlOnLedgers());
    assert.deepEqual(await run("acme", "SELECT name FROM users ORDER BY place"), [{ name: "Bea" }, { name: ADA.name }]);
  });

  it("a release that was taken back goes on where the newer one only added", async () => {
    await worker.restart(withOwnLedgers(own));
    const added = await addAccount(worker, "added", { idp_initiated: "on" });
    assert.equal((await signIn(added)).session, 200);
    await worker.restart(withSqlOnLedgers());
    await run("added", "CREATE TABLE later (only INTEGER PRIMARY KEY)");
    await run("added", "UPDATE schema SET version = version + 1");
    await worker.restart(withOwnLedgers(own));
    assert.deepEqual(await signIn(added), { status: 303, code: undefined, session: 200 });
  });

  it("a release that was taken back touches nothing that the newer one changed, and nobody signs in", async () => {
    await worker.restart(withOwnLedgers(own));
    const ahead = await addAccount(worker, "ahead", { idp_initiated: "on" });
    assert.equal((await signIn(ahead)).session, 200);
    await worker.restart(withSqlOnLedgers());
    await run("ahead", "UPDATE schema SET version = version + 1");
    await run("ahead", "UPDATE schema_reader SET oldest = (SELECT version FROM schema)");
    await worker.restart(withOwnLedgers(own));
    assert.deepEqual(await signIn(ahead), { status: 503, code: "ledger_unreachable", session: 401 });
    await worker.restart(withSqlOnLedgers());
    await run("ahead", "UPDATE schema SET version = version - 1");
    await run("ahead", "UPDATE schema_reader SET oldest = (SELECT version FROM schema)");
    await worker.restart(withOwnLedgers(own));
    assert.equal((await signIn(ahead)).session, 200);
  });
});
