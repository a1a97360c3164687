/** One assertion is one session, however often and however quickly it comes. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { formFields, SESSION, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

describe("an assertion used again", () => {
  let worker, account, respond;
  before(async () => {
    worker = await startWorker();
    ({ account, respond } = await addAccount(worker, "acme", { idp_initiated: "on" }));
  });
  after(() => worker.close());

  it("is refused", async () => {
    const fields = formFields(await respond());
    assert.equal((await new Visitor(worker).postToAcs(account, fields)).status, 303);
    const again = new Visitor(worker);
    const { response, code } = await worker.logged(() => again.postToAcs(account, fields));
    assert.equal(response.status, 403);
    assert.equal(code, "assertion_replayed");
    assert.equal(again.session, undefined);
  });

  it("is refused in a new Response around it", async () => {
    const xml = await respond();
    assert.equal((await new Visitor(worker).postToAcs(account, formFields(xml))).status, 303);
    const rewrapped = xml.replace(/ ID="_/, ' ID="_other');
    assert.notEqual(rewrapped, xml);
    const { code } = await worker.logged(() => new Visitor(worker).postToAcs(account, formFields(rewrapped)));
    assert.equal(code, "assertion_replayed");
  });

  it("leads the browser on that it has signed in, and nobody else's", async () => {
    const fields = formFields(await respond());
    const visitor = new Visitor(worker);
    assert.equal((await visitor.postToAcs(account, fields)).status, 303);
    const session = visitor.session;
    const { response, line } = await worker.logged(() => visitor.postToAcs(account, fields), account);
    assert.deepEqual([response.status, line.event], [303, "login_posted_again"]);
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal(visitor.session, session);

    // The session ends elsewhere: what is left in this browser is its word for it.
    const headers = { cookie: visitor.jar.header(), "sec-fetch-site": "same-origin" };
    assert.equal((await worker.fetch("/sso/logout", { method: "POST", headers })).status, 303);
    const { code } = await worker.logged(() => visitor.postToAcs(account, fields));
    assert.equal(code, "assertion_replayed");
  });

  it("gives exactly one session to 200 who post it at once", async () => {
    const fields = formFields(await respond());
    const visitors = Array.from({ length: 200 }, () => new Visitor(worker));
    const responses = await Promise.all(visitors.map((visitor) => visitor.postToAcs(account, fields)));
    const statuses = Object.groupBy(responses, ({ status }) => status);
    assert.equal(statuses[303]?.length, 1);
    assert.equal(statuses[403]?.length, 199);
    assert.equal(visitors.filter((visitor) => visitor.jar.value(SESSION)).length, 1);
  });
});
