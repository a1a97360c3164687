/** Without the ledger nobody gets in: it alone knows whether an assertion was used. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withBrokenLedger } from "./support/worker.mjs";

describe("with the ledger out of reach", () => {
  let worker;
  before(async () => {
    worker = await startWorker(withBrokenLedger());
  });
  after(() => worker.close());

  it("a good response is refused, as our fault", async () => {
    const { account, respond } = await addAccount(worker, "acme", { idp_initiated: "on" });
    const visitor = new Visitor(worker);
    const xml = await respond();
    const { response, code } = await worker.logged(() => visitor.postToAcs(account, formFields(xml)));
    assert.equal(response.status, 503);
    assert.equal(code, "ledger_unreachable");
    assert.equal(visitor.session, undefined);
  });

  it("no login starts", async () => {
    const { account } = await addAccount(worker, "starting");
    const { response, code } = await worker.logged(() => new Visitor(worker).get(`/sso/${account}/login`));
    assert.equal(response.status, 503);
    assert.equal(code, "ledger_unreachable");
  });
});
