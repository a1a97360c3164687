/** Logins that succeed: from the Worker, from the IdP, with what the browser and the origin get of them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startIdp } from "../demo/idp.mjs";
import { startOrigin } from "../demo/origin.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { ADA, addAccount } from "./support/accounts.mjs";
import { raw } from "./support/raw.mjs";
import { verifyToken } from "./support/token.mjs";
import { authnRequest, formFields, SESSION, Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker, withOrigin } from "./support/worker.mjs";

describe("login", () => {
  let worker, origin, acme;
  before(async () => {
    origin = await startOrigin();
    worker = await startWorker(withOrigin(origin.url));
    acme = await addAccount(worker, "acme");
  });
  after(() => Promise.all([worker.close(), origin.close()]));

  it("starts with an AuthnRequest to the IdP of the account", async () => {
    const { response, url, xml, id } = await new Visitor(worker).startLogin("acme", "/reports?week=47");
    assert.ok([302, 303].includes(response.status));
    assert.equal(url.origin + url.pathname, acme.idp.ssoUrl);
    assert.match(xml, new RegExp(`AssertionConsumerServiceURL="${acme.sp.acs}"`));
    assert.match(xml, new RegExp(`<[\\w:]*Issuer[^>]*>${acme.sp.entityId}<`));
    // Entra refuses an ID that begins with a digit.
    assert.match(id, /^[_a-z]/i);
    assert.equal(response.headers.get("cache-control"), "private, no-store");
  });

  it("keeps the pending request in a cookie that a cross-site POST carries", async () => {
    const visitor = new Visitor(worker);
    await visitor.startLogin("acme");
    const [name, ...others] = visitor.jar.names;
    assert.match(name, /^__Host-saml_req/);
    assert.deepEqual(others, []);
    const attributes = visitor.jar.attributes(name);
    assert.equal(attributes.get("samesite"), "None");
    assert.ok(attributes.has("secure") && attributes.has("httponly"));
    assert.ok(Number(attributes.get("max-age")) <= 600);
  });

  it("goes on whatever images another page has in it", async () => {
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin("acme", "/media");
    const headers = { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", "sec-fetch-site": "cross-site" };
    for (let n = 0; n < 9; n++) {
      const cookie = visitor.jar.header();
      const { headers: set } = await raw(worker, "/sso/acme/login", { headers: { ...headers, cookie } });
      assert.equal(set["set-cookie"], undefined);
    }
    const answer = await visitor.postToAcs("acme", formFields(await acme.respond({ inResponseTo: id })));
    assert.equal(answer.headers.get("location"), "/media");
  });

  it("neither an image nor a script of a page starts a login", async () => {
    const loads = [["no-cors", "image", "cross-site"], ["no-cors", "script", "cross-site"], ["cors", "empty", "same-origin"]];
    for (const [mode, dest, site] of loads) {
      const headers = { "sec-fetch-mode": mode, "sec-fetch-dest": dest, "sec-fetch-site": site };
      const { response, code } = await worker.logged(() => raw(worker, "/sso/acme/login", { headers }), "acme");
      assert.deepEqual([response.status, code, response.headers["set-cookie"]], [403, "not_a_navigation", undefined]);
    }
    const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" };
    assert.equal((await raw(worker, "/sso/acme/login", { headers })).status, 302);
  });

  it("starts without a word to any ledger", async () => {
    const { account } = await addAccount(worker, "quiet");
    const before = await worker.ledgers();
    await new Visitor(worker).startLogin(account);
    assert.equal(await worker.ledgers(), before);
  });

  it("ends at the page it began for, with a session", async () => {
    const visitor = new Visitor(worker);
    const { response } = await login(visitor, acme, "/reports?week=47");
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/reports?week=47");
    const attributes = visitor.jar.attributes(SESSION);
    assert.equal(attributes.get("samesite"), "Lax");
    assert.equal(attributes.get("path"), "/");
    assert.ok(attributes.has("secure") && attributes.has("httponly"));
    assert.ok(!attributes.has("domain"));
    // The pending request is spent.
    assert.ok(!visitor.jar.names.some((name) => name.startsWith("__Host-saml_req")));
  });

  it("shows the user's name, account and role", async () => {
    const visitor = new Visitor(worker);
    await login(visitor, acme);
    const page = await (await visitor.get("/sso/", { accept: "text/html" })).text();
    for (const text of [ADA.name, "acme", ADA.role]) assert.ok(page.includes(text), text);

    const session = await (await visitor.get("/sso/session")).json();
    assert.equal(session.account, "acme");
    assert.equal(session.email, ADA.email);
    assert.equal(session.name, ADA.name);
    assert.equal(session.role, ADA.role);
  });

  it("answers 401 to somebody without a session", async () => {
    assert.equal((await new Visitor(worker).get("/sso/session")).status, 401);
    assert.equal((await new Visitor(worker).get("/sso/", { accept: "text/html" })).status, 200);
  });

  it("does not take an altered session cookie", async () => {
    const visitor = new Visitor(worker);
    await login(visitor, acme);
    const { session } = visitor;
    const status = async (value) => {
      const cookie = visitor.jar.header().replace(session, value);
      return (await worker.fetch("/sso/session", { headers: { cookie } })).status;
    };
    assert.equal(await status(session), 200);
    for (const at of [0, session.indexOf(".") + 5, session.lastIndexOf(".") - 9, session.length - 2]) {
      const letter = session[at] === "A" ? "B" : "A";
      assert.equal(await status(`${session.slice(0, at)}${letter}${session.slice(at + 1)}`), 401, `letter ${at}`);
    }
  });

  it("gives the origin a token that the published keys verify", async () => {
    const visitor = new Visitor(worker);
    await login(visitor, acme);
    const jwks = await (await worker.fetch("/.well-known/jwks.json")).json();
    assert.ok(jwks.keys.every((key) => !("d" in key)), "a private key is published");

    const { headers } = await (await visitor.get("/told")).json();
    const [token] = headers["x-saml-edge-jwt-assertion"];
    const claims = await verifyToken(token, jwks);
    const { iss, email, account, name, role } = claims;
    assert.deepEqual({ iss, email, account, name, role }, {
      iss: BASE_URL, email: ADA.email, account: "acme", name: ADA.name, role: ADA.role,
    });
    const now = Date.now() / 1000;
    assert.ok(claims.nbf <= now + 1 && claims.iat <= now + 1 && claims.exp > now);
    assert.equal(typeof claims.sub, "string");
    assert.equal(typeof claims.sid, "string");

    const other = token.replace(/\.([^.]+)\./, (_, payload) => {
      const forged = { ...JSON.parse(Buffer.from(payload, "base64url")), role: "developer" };
      return `.${Buffer.from(JSON.stringify(forged)).toString("base64url")}.`;
    });
    await assert.rejects(verifyToken(other, jwks), /signature/);
  });

  it("accepts a signed Response as well as a signed Assertion", async () => {
    for (const signatures of [{ signResponse: true }, { signResponse: true, signAssertion: false }]) {
      const visitor = new Visitor(worker);
      await login(visitor, acme, "/", signatures);
      assert.ok(visitor.session, JSON.stringify(signatures));
    }
  });

  it("works in two tabs at once", async () => {
    const visitor = new Visitor(worker);
    const first = await visitor.startLogin("acme", "/one");
    const second = await visitor.startLogin("acme", "/two");
    for (const [{ id, relayState }, page] of [[first, "/one"], [second, "/two"]]) {
      const response = await visitor.postToAcs("acme", formFields(await acme.respond({ inResponseTo: id }), relayState));
      assert.equal(response.status, 303);
      assert.equal(response.headers.get("location"), page);
    }
  });
});

describe("login with a live IdP", () => {
  let worker, idp;
  const account = "live";
  before(async () => {
    worker = await startWorker();
    idp = await startIdp({ sps: [serviceProvider(BASE_URL, account)] });
    await worker.kv.put(`metadata:${account}`, await (await fetch(`${idp.url}/metadata`)).text());
  });
  after(() => Promise.all([worker.close(), idp.close()]));

  it("from the Worker: request, sign-in, session", async () => {
    const visitor = new Visitor(worker);
    const { url } = await visitor.startLogin(account, "/work");
    const response = await visitor.postToAcs(account, await signIn(url));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/work");
    assert.ok(visitor.session);
  });

  it("from the IdP's My Apps: upgraded to a login of ours, the page kept", async () => {
    const visitor = new Visitor(worker);
    const unsolicited = await signIn(new URL(`${idp.url}/apps/${account}?RelayState=%2Falbums`));
    const upgraded = await visitor.postToAcs(account, unsolicited);
    assert.ok([302, 303].includes(upgraded.status));
    assert.equal(visitor.session, undefined, "an unsolicited response must issue nothing");

    const { url, xml } = authnRequest(upgraded);
    assert.equal(url.origin, idp.url);
    assert.match(xml, /AuthnRequest/);
    const response = await visitor.postToAcs(account, await signIn(url));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/albums");
    assert.ok(visitor.session);
  });

  /** Goes to the IdP as Ada and takes the fields from the form it answers with. */
  async function signIn(url) {
    const page = await fetch(url, { headers: { cookie: "demo_idp_user=ada" } });
    const html = await page.text();
    const [, action] = html.match(/action="([^"]+)"/);
    assert.equal(action, serviceProvider(BASE_URL, account).acs);
    return Object.fromEntries(
      ["SAMLResponse", "RelayState"].map((name) => [
        name,
        html.match(new RegExp(`name="${name}"\\s+value="([^"]*)"`))[1].replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n)),
      ]),
    );
  }
});

/** A whole login from the Worker, the IdP's answer made as `options` say. */
async function login(visitor, { account, respond }, returnTo, options) {
  const { id, relayState } = await visitor.startLogin(account, returnTo);
  const response = await visitor.postToAcs(account, formFields(await respond({ inResponseTo: id, ...options }), relayState));
  return { id, response };
}
