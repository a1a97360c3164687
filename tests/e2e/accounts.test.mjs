/** One KV key turns an account's SSO on, off, and over to a new signing key. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp, signedResponse } from "../demo/response.mjs";
import { ADA, addAccount, eventually } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

describe("an account's metadata in KV", () => {
  let worker;
  before(async () => {
    worker = await startWorker();
  });
  after(() => worker.close());

  it("when deleted, turns SSO off", async () => {
    const { account } = await addAccount(worker, "leaving");
    const status = async () => (await new Visitor(worker).get(`/sso/${account}/login`)).status;
    assert.ok([302, 303].includes(await status()));
    await worker.kv.delete(`metadata:${account}`);
    await eventually(async () => assert.equal(await status(), 404));
  });

  it("when replaced, rotates the key: the new one is in, the old one is out", async () => {
    const { account, sp, idp, respond } = await addAccount(worker, "rotating", { idp_initiated: "on" });
    const post = async (xml) => (await new Visitor(worker).postToAcs(account, formFields(xml))).status;
    assert.equal(await post(await respond()), 303);

    const next = { ...newIdp("http://127.0.0.1:1"), entityId: idp.entityId, ssoUrl: idp.ssoUrl };
    await worker.kv.put(`metadata:${account}`, await metadata(next));
    await eventually(async () => assert.equal(await post(await signedResponse(next, sp, { user: ADA })), 303));
    assert.equal(await post(await respond()), 403);
  });

  it("when it is not metadata, refuses logins and says so in the log", async () => {
    await worker.kv.put("metadata:broken", "<html>Sign in to download</html>");
    const { response, code } = await worker.logged(() => new Visitor(worker).get("/sso/broken/login"));
    assert.equal(response.status, 500);
    assert.equal(code, "not_metadata");
  });
});
