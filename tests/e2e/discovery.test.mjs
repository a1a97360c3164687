/** The login page: from an e-mail address or an account id to the IdP, and no further than the limit. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { ADA, addAccount } from "./support/accounts.mjs";
import { authnRequest, formFields, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

describe("the login page", () => {
  let worker, acme, beta;
  before(async () => {
    worker = await startWorker();
    acme = await addAccount(worker, "acme");
    beta = await addAccount(worker, "beta");
  });
  after(() => worker.close());

  it("knows an address after its first login, and goes on to the page that was asked for", async () => {
    const first = new Visitor(worker);
    const unsolicited = await first.postToAcs("acme", formFields(await acme.respond(), "/albums"));
    await first.postToAcs("acme", formFields(await acme.respond({ inResponseTo: authnRequest(unsolicited).id })));
    assert.ok(first.session);
    const digest = createHash("sha256").update(ADA.email).digest("hex");
    const [{ account, seen }, ...others] = JSON.parse(await worker.kv.get(`user:${digest}`));
    assert.deepEqual([account, others], ["acme", []]);
    // It ends by itself.
    const { keys: [{ expiration }] } = await worker.kv.list({ prefix: `user:${digest}` });
    assert.ok(Math.abs(expiration - seen - 395 * 24 * 60 * 60) <= 5, `${seen} to ${expiration}`);

    const visitor = new Visitor(worker);
    const started = await visitor.submit("/sso/login", { login: ADA.email.toUpperCase(), return_to: "/media?a=b" });
    const { url, id, relayState } = authnRequest(started);
    assert.equal(url.origin + url.pathname, acme.idp.ssoUrl);
    const response = await visitor.postToAcs("acme", formFields(await acme.respond({ inResponseTo: id }), relayState));
    assert.equal(response.headers.get("location"), "/media?a=b");
  });

  it("knows an address by the domain that an operator has set, and asks where there are two accounts", async () => {
    await worker.kv.put("domain:beta.example", "beta");
    const digest = createHash("sha256").update("both@beta.example").digest("hex");
    await worker.kv.put(`user:${digest}`, '["acme"]');
    const started = await new Visitor(worker).submit("/sso/login", { login: "anybody@beta.example" });
    assert.equal(authnRequest(started).url.origin, new URL(beta.idp.ssoUrl).origin);

    const visitor = new Visitor(worker);
    const choice = await visitor.submit("/sso/login", { login: "both@beta.example", return_to: "/media" });
    const page = await choice.text();
    assert.ok(page.indexOf('value="beta"') < page.indexOf('value="acme"') && page.includes('value="beta"'), page);
    const { id } = authnRequest(await visitor.submit("/sso/login", { account: "acme", login: "both@beta.example", return_to: "/media" }));
    const response = await visitor.postToAcs("acme", formFields(await acme.respond({ inResponseTo: id })));
    assert.equal(response.headers.get("location"), "/media");
  });

  it("says the same of every address that it does not know", async () => {
    const pages = [];
    for (const login of ["nobody@acme.example", "nobody@nowhere.example"]) {
      const response = await new Visitor(worker).submit("/sso/login", { login });
      assert.equal(response.status, 200);
      pages.push(await response.text());
    }
    assert.equal(pages[0], pages[1]);
    assert.ok(pages[0].includes("My Apps") && !pages[0].includes("nobody"));
  });

  it("remembers the last account until it is forgotten", async () => {
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin("beta");
    await visitor.postToAcs("beta", formFields(await beta.respond({ inResponseTo: id })));
    assert.match(await (await visitor.get("/sso/login?return_to=/a")).text(), /href="\/sso\/beta\/login\?return_to=%2Fa"/);
    const forgotten = await visitor.submit("/sso/login", { forget: "yes" });
    assert.equal(forgotten.status, 303);
    assert.ok(!(await (await visitor.get("/sso/login")).text()).includes("beta"));
  });

  it("asks before another user's session is replaced", async () => {
    const visitor = new Visitor(worker);
    const login = async (account) => {
      const { id } = await visitor.startLogin(account.account, "/media");
      return visitor.postToAcs(account.account, formFields(await account.respond({ inResponseTo: id })));
    };
    await login(acme);
    const held = await login(beta);
    assert.equal(held.headers.get("location"), "/sso/confirm?return_to=%2Fmedia");
    const page = await (await visitor.get(held.headers.get("location"))).text();
    const [, shown] = page.match(/name="shown" value="([^"]+)"/);
    const signedIn = async () => (await (await visitor.get("/sso/session")).json()).account;

    const fields = { choice: "replace", shown, return_to: "/media" };
    assert.equal((await visitor.submit("/sso/confirm", fields, "cross-site")).status, 403);
    assert.equal(await signedIn(), "acme");
    const done = await visitor.submit("/sso/confirm", fields);
    assert.deepEqual([done.status, done.headers.get("location")], [303, "/media"]);
    assert.equal(await signedIn(), "beta");
  });

  it("ends on a page, not in redirects, where the browser keeps no cookies", async () => {
    const upgraded = await new Visitor(worker).postToAcs("acme", formFields(await acme.respond()));
    const { id } = authnRequest(upgraded);
    const fields = formFields(await acme.respond({ inResponseTo: id }));
    const { response, code } = await worker.logged(() => new Visitor(worker).postToAcs("acme", fields));
    assert.deepEqual([response.status, code], [403, "in_response_to_unknown"]);
    assert.match(await response.text(), /cookies/);
  });

  it("lets one address begin 120 logins in a minute, and others go on", async () => {
    // The minute is the clock's: begin early in one.
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 40_000) await new Promise((resolve) => setTimeout(resolve, left));
    const begin = (client, body = "login=nobody%40nowhere.example") =>
      worker.fetch("/sso/login", {
        method: "POST",
        headers: { "cf-connecting-ip": client, "content-type": "application/x-www-form-urlencoded" },
        body,
      });
    const statuses = [];
    for (let i = 0; i < 121; i++) statuses.push((await begin(`2001:db8::${i}`)).status);
    assert.deepEqual([...new Set(statuses.slice(0, 120))], [200]);
    const { response, code } = await worker.logged(() => begin("2001:db8::ffff"));
    assert.deepEqual([statuses[120], response.status, code], [429, 429, "too_many_logins"]);
    assert.equal(response.headers.get("retry-after"), "60");
    const login = { headers: { "cf-connecting-ip": "2001:db8::1" } };
    assert.equal((await worker.fetch("/sso/acme/login", login)).status, 429);
    assert.equal((await worker.fetch("/sso/login", login)).status, 200);
    assert.equal((await begin("2001:db8:0:1::1")).status, 200);
  });
});
