/** A login that begins at the IdP: what each setting of `idp_initiated` makes of it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { authnRequest, formFields, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

describe("IdP-initiated login", () => {
  let worker;
  before(async () => {
    worker = await startWorker();
  });
  after(() => worker.close());

  it("is upgraded by default: nothing issued, a login of ours begun", async () => {
    const { account, idp, respond } = await addAccount(worker, "upgraded");
    const visitor = new Visitor(worker);
    const response = await visitor.postToAcs(account, formFields(await respond(), "/albums"));
    assert.ok([302, 303].includes(response.status));
    assert.equal(visitor.session, undefined);
    const { url, id, relayState } = authnRequest(response);
    assert.equal(url.origin + url.pathname, idp.ssoUrl);

    const answer = await visitor.postToAcs(account, formFields(await respond({ inResponseTo: id }), relayState));
    assert.equal(answer.headers.get("location"), "/albums");
    assert.ok(visitor.session);
  });

  it("is upgraded only when the response holds", async () => {
    const { account, respond } = await addAccount(worker, "upgraded-badly");
    const xml = (await respond()).replace("Ada Brenner", "Eve Brenner");
    const { response, code } = await worker.logged(() => new Visitor(worker).postToAcs(account, formFields(xml)));
    assert.equal(code, "digest_mismatch");
    assert.equal(response.headers.get("location"), null);
  });

  it("is accepted when the account says `on`", async () => {
    const { account, respond } = await addAccount(worker, "on", { idp_initiated: "on" });
    const visitor = new Visitor(worker);
    const response = await visitor.postToAcs(account, formFields(await respond(), "/albums"));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/albums");
    assert.ok(visitor.session);
  });

  it("is refused when the account says `off`", async () => {
    const { account, respond } = await addAccount(worker, "off", { idp_initiated: "off" });
    const visitor = new Visitor(worker);
    const xml = await respond();
    const { response, code } = await worker.logged(() => visitor.postToAcs(account, formFields(xml)));
    assert.equal(response.status, 403);
    assert.equal(code, "idp_initiated_off");
    assert.equal(visitor.session, undefined);
  });
});
