/** Our metadata as pysaml2 reads it, and logins with an IdP that knows nothing else of us. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { selfSigned } from "../demo/certificate.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { ADA } from "./support/accounts.mjs";
import { newPysaml2 } from "./support/pysaml2.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

describe("pysaml2", () => {
  const [current, next] = [selfSigned("edge.example"), selfSigned("edge.example")];
  let worker;
  before(async () => {
    const SP_KEYS = [current, next].map(({ key, cert }) => key + cert).join("");
    worker = await startWorker(withSecrets({ SP_KEYS }), { local: true });
  });
  after(() => worker?.close());

  it("fetches our metadata and verifies its signature", async () => {
    const { entityId, acs } = serviceProvider(worker.baseUrl, "acme");
    const read = await newPysaml2().load(sp("acme"));
    assert.ok(read.signed);
    assert.deepEqual([read.entity_id, read.acs], [entityId, [acs]]);
    assert.deepEqual([read.signing, read.encryption], [2, 2]);
    const names = (list) => list.map(({ name }) => name).sort();
    assert.deepEqual(names(read.requested.required), ["account_id", "role"]);
    assert.deepEqual(names(read.requested.optional), ["full_name"]);
  });

  it("refuses our metadata when somebody has changed it", async () => {
    const document = await (await worker.fetch("/sso/acme/metadata")).text();
    const changed = document.replace("/sso/acme/acs", "/sso/other/acs");
    const server = createServer((request, response) => response.end(changed)).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const url = `http://127.0.0.1:${server.address().port}/`;
      await assert.rejects(newPysaml2().load({ url, cert: current.cert }), /SignatureError/);
    } finally {
      server.close();
    }
  });

  for (const [name, options] of Object.entries({
    "signs the Assertion": {},
    "signs the Response": { sign_response: true, sign_assertion: false },
  })) {
    it(`answers an AuthnRequest of ours, and ${name}`, async () => {
      const account = name.replaceAll(" ", "-");
      const { visitor, response } = await login(account, newPysaml2(), options);
      assert.equal(response.status, 303);
      const session = await (await visitor.get("/sso/session")).json();
      const { email, name: fullName, role } = ADA;
      assert.deepEqual([session.account, session.email, session.name, session.role], [account, email, fullName, role]);
    });
  }

  it("answers a signed AuthnRequest alone, where its metadata asks for that", async () => {
    const { visitor, url } = await login("wants-signed", newPysaml2({ want_authn_requests_signed: true }));
    assert.ok(url.searchParams.has("Signature"));
    assert.ok(visitor.session);
  });

  it("encrypts with Triple DES, which is refused", async () => {
    const { line } = await login("encrypts", newPysaml2(), { encrypt_assertion: true, sign_response: true });
    assert.equal(line.code, "data_encryption_unsupported");
  });

  const sp = (account) => ({ url: `${worker.baseUrl}/sso/${account}/metadata`, cert: current.cert });

  /** A login of a new account that has this IdP. */
  async function login(account, idp, options) {
    await worker.kv.put(`metadata:${account}`, await idp.metadata());
    const visitor = new Visitor(worker);
    const { url, relayState } = await visitor.startLogin(account);
    const { destination, response } = await idp.respond(sp(account), url, { account, user: ADA, ...options });
    const form = { action: destination, fields: formFields(response, relayState) };
    return { visitor, url, ...(await worker.logged(() => visitor.postFromIdp(form), account)) };
  }
});
