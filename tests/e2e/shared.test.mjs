/** One Identifier and one Reply URL for several accounts of one IdP, as workerd and its ledgers see it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp, signedResponse } from "../demo/response.mjs";
import { ADA, eventually } from "./support/accounts.mjs";
import { authnRequest, formFields, Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker } from "./support/worker.mjs";

const IDENTIFIER = `${BASE_URL}/sso/metadata`;
const REPLY_URL = `${BASE_URL}/sso/acs`;

describe("accounts that share a Reply URL", () => {
  let worker, idp;
  before(async () => {
    worker = await startWorker();
    idp = newIdp("http://127.0.0.1:2");
  });
  after(() => worker.close());

  it("are told apart by `#`, whether or not the IdP writes it into Audience", async () => {
    for (const audience of [`${IDENTIFIER}#kid`, IDENTIFIER]) {
      const kid = await join("kid", "#kid");
      const { visitor, response } = await signIn(kid, { audience });
      assert.equal(response.status, 303);
      const session = await (await visitor.get("/sso/session")).json();
      assert.equal(session.account, "kid");
    }
  });

  it("start from the IdP too, and end at the page of the RelayState", async () => {
    const kid = await join("kid", "#kid");
    const visitor = new Visitor(worker);
    const upgraded = await post(visitor, await respond(kid), "/albums");
    assert.equal(visitor.session, undefined);
    const answer = await post(visitor, await respond(kid, { inResponseTo: authnRequest(upgraded).id }));
    // Browsers would carry the Reply URL's fragment on to a page without one.
    assert.equal(answer.headers.get("location"), "/albums#");
    assert.ok(visitor.session);
  });

  it("take no response for one another", async () => {
    const [kid, kit] = [await join("kid", "#kid"), await join("kit", "#kit")];
    const { response, line, visitor } = await signIn(kid, {}, kit);
    assert.deepEqual([response.status, line.code, visitor.session], [403, "destination_mismatch", undefined]);
  });

  it("do not have one entity id twice, until the first gives it up", async () => {
    const [first, second] = [await join("first"), await join("second")];
    assert.equal((await signIn(first)).response.status, 303);
    for (let again = 0; again < 2; again++) {
      const { response, line, visitor } = await signIn(second);
      assert.deepEqual([response.status, line.code, visitor.session], [403, "entity_id_taken", undefined]);
    }
    assert.equal((await signIn(first)).response.status, 303);

    await worker.kv.delete("metadata:first");
    await eventually(async () => assert.equal((await signIn(second)).response.status, 303));
    await worker.kv.put("metadata:first", await metadata(idp));
    await eventually(async () => assert.equal((await signIn(first)).line.code, "entity_id_taken"));
  });

  it("shut nobody out with a key of their own", async () => {
    const [squatter, victim] = [await join("squatter"), await join("victim")];
    const own = { ...newIdp("http://127.0.0.1:4"), entityId: idp.entityId, ssoUrl: idp.ssoUrl };
    await worker.kv.put("metadata:squatter", await metadata(own));
    await eventually(async () => assert.equal((await signIn(squatter, { key: own.key, cert: own.cert })).response.status, 303));
    // Whoever else shares the IdP's own key here has left it.
    for (const account of ["first", "second"]) await worker.kv.delete(`metadata:${account}`);
    await eventually(async () => assert.equal((await signIn(victim)).response.status, 303));
    assert.equal((await signIn(squatter, { key: own.key, cert: own.cert })).response.status, 303);
  });

  /** Stores an account of the one IdP. */
  async function join(account, fragment = "") {
    const sp = { account, entityId: IDENTIFIER + fragment, acs: REPLY_URL + fragment };
    const settings = { acs: "shared", ...(fragment && { entity_id: sp.entityId }) };
    await worker.kv.put(`metadata:${account}`, await metadata(idp));
    await worker.kv.put(`account:${account}`, JSON.stringify(settings));
    return sp;
  }

  const respond = (sp, options) => signedResponse(idp, sp, { user: ADA, ...options });

  const post = (visitor, xml, relayState) =>
    visitor.postFromIdp({ action: REPLY_URL.slice(BASE_URL.length), fields: formFields(xml, relayState) });

  /** A login that the Worker starts for one account, and that the IdP answers as `other`'s. */
  async function signIn(sp, options = {}, other = sp) {
    const visitor = new Visitor(worker);
    const started = await visitor.get(`/sso/${sp.account}/login`);
    assert.equal(started.status, 302);
    const xml = await respond(other, { inResponseTo: authnRequest(started).id, ...options });
    return { visitor, ...(await worker.logged(() => post(visitor, xml))) };
  }
});
