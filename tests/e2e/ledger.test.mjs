/** Without the ledger nobody gets in: it alone knows whether an assertion was used. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { formFields, signedIn, Visitor } from "./support/visitor.mjs";
import { watch } from "./support/watch.mjs";
import { startWorker, withBrokenLedger, withSecrets } from "./support/worker.mjs";

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

  it("a login starts, which needs none, and ends in no session", async () => {
    const { account, respond } = await addAccount(worker, "starting");
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin(account);
    const xml = await respond({ inResponseTo: id });
    const { response, code } = await worker.logged(() => visitor.postToAcs(account, formFields(xml)), account);
    assert.deepEqual([response.status, code, visitor.session], [503, "ledger_unreachable", undefined]);
  });

  it("a round without a queue says that it did not begin", async () => {
    const { code, line } = await worker.logged(() => worker.beginRound());
    assert.equal(code, "queue_unreachable");
    assert.equal(line.event, "upkeep_postponed");
  });

  it("a session lasts until its token expires, and no longer", async () => {
    const RENEW_SECONDS = 5;
    const [sound] = withSecrets();
    const vars = { RENEW_SECONDS: String(RENEW_SECONDS) };
    const both = await Promise.all([
      startWorker([{ ...sound, vars: { ...sound.vars, ...vars } }]),
      startWorker(withBrokenLedger(sound.secrets, vars)),
    ]);
    try {
      const [before, broken] = both;
      const visitor = await signedIn(before, await addAccount(before, "lasting"));
      const begun = performance.now();
      const ended = await watch(broken, visitor.jar, 2 * RENEW_SECONDS + 3);
      const lasted = (ended - begun) / 1000;
      // Times in tokens are whole seconds.
      assert.ok(lasted > 2 * RENEW_SECONDS - 1.5 && lasted < 2 * RENEW_SECONDS + 0.5, `${lasted} s`);
      assert.equal((await visitor.get("/sso/session")).status, 200, "the ledger is back");
    } finally {
      await Promise.all(both.map((it) => it.close()));
    }
  });
});
