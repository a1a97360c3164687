/** Single logout with SimpleSAMLphp, in both directions, signed on both sides. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { selfSigned } from "../demo/certificate.mjs";
import { ADA } from "./support/accounts.mjs";
import { claimsFor, IdpVisitor, startSimpleSamlPhp } from "./support/simplesamlphp.mjs";
import { Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker, withSecrets } from "./support/worker.mjs";

describe("single logout with SimpleSAMLphp", () => {
  const ours = selfSigned("edge.example");
  let worker, idp;
  before(async () => {
    worker = await startWorker(withSecrets({ SP_KEYS: ours.key + ours.cert }));
    idp = await startSimpleSamlPhp();
  });
  after(() => Promise.all([worker?.close(), idp?.close()]));

  it("begins here, and the IdP asks for the password again", async () => {
    await join("acme", { "sign.logout": true, "validate.logout": true });
    const { visitor, browser } = await login("acme");
    const gone = await worker.logged(() => visitor.submit("/sso/logout", {}), "acme");
    assert.deepEqual([gone.response.status, gone.line.event], [303, "logout_started"]);
    assert.equal(visitor.session, undefined);
    const back = await browser.leave(new URL(gone.response.headers.get("location")));
    assert.equal(back.origin + back.pathname, `${BASE_URL}/sso/acme/slo`);
    const { response, line } = await worker.logged(() => visitor.get(back.pathname + back.search), "acme");
    assert.deepEqual([response.headers.get("location"), line.event], ["/sso/logout", "logout_confirmed"]);
    const page = await (await visitor.get("/sso/logout")).text();
    assert.match(page, /You are signed out/);
    assert.ok((await browser.signIn((await visitor.startLogin("acme")).url, ADA)).asked, "nobody is signed in there");
  });

  it("begins at the IdP, and ends the sessions of all its accounts, in frames without cookies as well", async () => {
    for (const account of ["one", "two"]) await join(account, { "sign.logout": true, "validate.logout": true });
    const { visitor, browser } = await login("one");
    const other = await login("two", browser);
    let next = await browser.leave(idp.logoutAddress());
    const heard = [];
    // The IdP sends the browser to one account after the other, and takes an answer from each.
    while (next.origin === BASE_URL) {
      const [, , account] = next.pathname.split("/");
      const who = account === "one" ? visitor : new Visitor(worker);
      const { response, line } = await worker.logged(() => who.get(next.pathname + next.search), account);
      heard.push([account, response.status, line.event]);
      next = await browser.leave(new URL(response.headers.get("location")));
    }
    assert.deepEqual(heard.sort(), [["one", 303, "logout_asked"], ["two", 303, "logout_asked"]]);
    assert.equal(next.href, idp.goodbye);
    assert.equal(visitor.session, undefined);
    assert.ok(other.visitor.session, "this browser has brought nothing");
  });

  it("begins here, and says so where the IdP could not end every session", async () => {
    for (const account of ["here", "there"]) await join(account, { "sign.logout": true, "validate.logout": true });
    const { visitor, browser } = await login("here");
    await login("there", browser);
    const { headers } = await visitor.submit("/sso/logout", {});
    const asked = await browser.leave(new URL(headers.get("location")));
    assert.equal(asked.origin + asked.pathname, `${BASE_URL}/sso/there/slo`);
    // What was used before is refused, and the refusal is answered: the IdP goes on with a PartialLogout.
    const other = new Visitor(worker);
    assert.equal((await other.get(asked.pathname + asked.search)).status, 303);
    const again = await worker.logged(() => other.get(asked.pathname + asked.search), "there");
    assert.deepEqual([again.response.status, again.line.code], [303, "logout_replayed"]);
    const back = await browser.leave(new URL(again.response.headers.get("location")));
    assert.equal(back.origin + back.pathname, `${BASE_URL}/sso/here/slo`);
    const { response, line } = await worker.logged(() => visitor.get(back.pathname + back.search), "here");
    assert.deepEqual([response.status, line.event], [303, "logout_unconfirmed"]);
    assert.equal(response.headers.get("location"), "/sso/logout?elsewhere=unsure");
  });

  it("is refused when the IdP does not sign: signature_missing", async () => {
    await join("unsigned");
    const { visitor, browser } = await login("unsigned");
    const next = await browser.leave(idp.logoutAddress());
    const { response, line } = await worker.logged(() => visitor.get(next.pathname + next.search), "unsigned");
    assert.deepEqual([response.status, line.code], [403, "signature_missing"]);
    assert.ok(visitor.session);
  });

  it("does not come about when ours is signed by a key that the IdP does not know", async () => {
    const another = selfSigned("other.example").cert.replaceAll(/-----.*-----|\s/g, "");
    const keys = [{ type: "X509Certificate", signing: true, encryption: false, X509Certificate: another }];
    await join("another", { "validate.logout": true, keys });
    const { visitor, browser } = await login("another");
    const { headers } = await visitor.submit("/sso/logout", {});
    assert.equal(visitor.session, undefined);
    await assert.rejects(browser.leave(new URL(headers.get("location"))), /Unable to validate signature/i);
  });

  async function join(account, idpSettings = {}) {
    await worker.kv.put(`metadata:${account}`, await idp.metadata());
    const ours = await worker.fetch(`/sso/${account}/metadata`);
    await idp.register(await ours.text(), { ...claimsFor(account), ...idpSettings });
  }

  async function login(account, browser = new IdpVisitor()) {
    const visitor = new Visitor(worker);
    const { url } = await visitor.startLogin(account);
    await visitor.postFromIdp(await browser.signIn(url, ADA));
    assert.ok(visitor.session);
    return { visitor, browser };
  }
});
