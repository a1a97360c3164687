/** Logins with SimpleSAMLphp, an IdP that others wrote and people run: both ways to start, as it signs and encrypts. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { selfSigned } from "../demo/certificate.mjs";
import { serviceProvider } from "../demo/response.mjs";
import { ADA, GUS } from "./support/accounts.mjs";
import { claimsFor, formOf, IdpVisitor, startSimpleSamlPhp } from "./support/simplesamlphp.mjs";
import { authnRequest, Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker, withSecrets } from "./support/worker.mjs";

describe("login with SimpleSAMLphp", () => {
  const ours = selfSigned("edge.example");
  // It knows AES-128-CBC alone.
  const encrypted = { "assertion.encryption": true };
  let worker, idp;
  before(async () => {
    worker = await startWorker(withSecrets({ SP_KEYS: ours.key + ours.cert }));
    idp = await startSimpleSamlPhp();
  });
  after(() => Promise.all([worker?.close(), idp?.close()]));

  it("starts at the Worker and ends at the page it began for, with the user's claims", async () => {
    await join("acme");
    const { visitor, response } = await login("acme", ADA, "/reports?week=47");
    assert.equal(response.headers.get("location"), "/reports?week=47");
    const { account, email, name, role } = await sessionOf(visitor);
    assert.deepEqual({ account, email, name, role }, { account: "acme", email: ADA.email, name: ADA.name, role: ADA.role });
  });

  for (const [name, settings] of Object.entries({
    "signs the Response alone": { "saml20.sign.response": true, "saml20.sign.assertion": false },
    "signs the Assertion alone": { "saml20.sign.response": false, "saml20.sign.assertion": true },
    "signs both, with SHA-512": { "signature.algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" },
    "encrypts the Assertion": encrypted,
    "encrypts the Assertion and signs the Response alone": { ...encrypted, "saml20.sign.assertion": false },
  })) {
    it(`succeeds when it ${name}`, async () => {
      const account = name.replaceAll(/\W+/g, "-");
      await join(account, settings);
      const { visitor } = await login(account, ADA);
      assert.equal((await sessionOf(visitor)).email, ADA.email);
    });
  }

  for (const [name, code, settings] of [
    ["signs nothing", "signature_missing", { "saml20.sign.response": false, "saml20.sign.assertion": false }],
    ["signs with SHA-1", "sha1_refused", { "signature.algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1" }],
    ["encrypts and signs no Response", "cbc_without_signature", { ...encrypted, "saml20.sign.response": false }],
    ["sends no e-mail address as the NameID", "email_invalid", { "simplesaml.nameidattribute": "uid" }],
    ["sends another account's id", "account_mismatch", claimsFor("other")],
    ["sends no role", "role_missing", { authproc: { 10: { class: "core:AttributeAdd", account_id: "sends-no-role" } } }],
  ]) {
    it(`is refused when it ${name}: ${code}`, async () => {
      const account = name.replaceAll(/\W+/g, "-");
      await join(account, settings);
      const { visitor, line } = await login(account, ADA);
      assert.equal(line.code, code);
      assert.equal(visitor.session, undefined);
    });
  }

  it("succeeds when it takes signed requests alone", async () => {
    await join("signed", { "validate.authnrequest": true }, { signed_requests: true });
    const { visitor } = await login("signed", ADA);
    assert.equal((await sessionOf(visitor)).account, "signed");
  });

  it("succeeds when it takes signed requests alone, and by POST", async () => {
    const metadata = (await idp.metadata()).replace(/HTTP-Redirect(" Location="[^"]*SSOService)/, "HTTP-POST$1");
    await join("signed-by-post", { "validate.authnrequest": true }, { signed_requests: true }, metadata);
    const visitor = new Visitor(worker);
    const { action, fields } = formOf(await (await visitor.get("/sso/signed-by-post/login")).text());
    const { SAMLRequest, RelayState } = fields;
    const request = new URLSearchParams({ SAMLRequest, ...(RelayState && { RelayState }) });
    await visitor.postFromIdp(await new IdpVisitor().signIn(new URL(action), ADA, request));
    assert.equal((await sessionOf(visitor)).account, "signed-by-post");
  });

  it("does not come about when it takes signed requests alone, and ours is signed by another key or not at all", async () => {
    const another = selfSigned("other.example").cert.replaceAll(/-----.*-----|\s/g, "");
    const keys = [{ type: "X509Certificate", signing: true, encryption: false, X509Certificate: another }];
    await join("signed-by-another", { "validate.authnrequest": true, keys }, { signed_requests: true });
    await assert.rejects(login("signed-by-another", ADA), /Unable to validate signature/i);
    await join("unsigned", { "validate.authnrequest": true });
    await assert.rejects(login("unsigned", ADA), /no signature found/);
  });

  it("asks for the password again where the account says `force_authn`", async () => {
    await join("forced", {}, { force_authn: true });
    const browser = new IdpVisitor();
    for (let time = 1; time <= 2; time++) {
      const visitor = new Visitor(worker);
      const form = await browser.signIn((await visitor.startLogin("forced")).url, ADA);
      assert.ok(form.asked, `the ${time}. time`);
      await visitor.postFromIdp(form);
      assert.ok(visitor.session);
    }
  });

  it("is refused to who has no session there, where the account says `is_passive`", async () => {
    await join("passive", {}, { is_passive: true });
    const { line } = await login("passive", ADA);
    assert.equal(line.code, "status_not_success");
  });

  it("is refused to a user whose role the product does not know", async () => {
    await join("guests");
    const { visitor, response, line } = await login("guests", GUS);
    assert.deepEqual([response.status, line.code], [403, "role_not_listed"]);
    assert.equal(visitor.session, undefined);
  });

  it("starts at the IdP and is upgraded: no second question, the page kept", async () => {
    await join("upgraded");
    await startAtIdp("upgraded");
  });

  it("starts at the IdP and is accepted as it is where the account says `on`", async () => {
    await join("on", {}, { idp_initiated: "on" });
    const visitor = new Visitor(worker);
    const start = idp.startAddress(serviceProvider(BASE_URL, "on").entityId, "/albums");
    const response = await visitor.postFromIdp(await new IdpVisitor().signIn(start, ADA));
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/albums"]);
    assert.equal((await sessionOf(visitor)).account, "on");
  });

  it("signs in to each of two accounts that share the IdP, and takes nothing from one to the other", async () => {
    await join("parent");
    await join("child");
    const browser = new IdpVisitor();
    for (const account of ["parent", "child"]) {
      const { visitor } = await login(account, ADA, "/", browser);
      assert.equal((await sessionOf(visitor)).account, account);
    }

    const visitor = new Visitor(worker);
    await visitor.startLogin("child");
    const { fields } = await browser.signIn((await visitor.startLogin("parent")).url);
    const { line } = await worker.logged(() => visitor.postToAcs("child", fields), "child");
    assert.equal(line.code, "destination_mismatch");
    assert.equal(visitor.session, undefined);
  });

  it("signs in to each of two accounts that share the IdP and the Reply URL, told apart by `#`", async () => {
    const browser = new IdpVisitor();
    for (const [account, fragment] of [["agency", ""], ["kid", "#kid"]]) {
      const entityId = `${BASE_URL}/sso/metadata${fragment}`;
      await join(account, {}, { acs: "shared", ...(fragment && { entity_id: entityId }) });
      const { visitor } = await login(account, ADA, "/", browser);
      assert.equal((await sessionOf(visitor)).account, account);
      await startAtIdp(account, entityId);
    }
  });

  it("goes on through a change of its key where the metadata knew of it, and ends in signature_invalid where not", async () => {
    await join("forgotten");
    await idp.announceNextKey();
    await join("renewed");
    assert.equal((await login("renewed", ADA)).response.status, 303);
    await idp.changeKey();
    assert.equal((await login("renewed", ADA)).response.status, 303);
    assert.equal((await login("forgotten", ADA)).line.code, "signature_invalid");
  });

  /** Stores the IdP's metadata for a new account, and registers the account at the IdP by our metadata. */
  async function join(account, idpSettings = {}, settings = {}, metadata = undefined) {
    await worker.kv.put(`metadata:${account}`, metadata ?? (await idp.metadata()));
    await worker.kv.put(`account:${account}`, JSON.stringify(settings));
    const ours = await worker.fetch(`/sso/${account}/metadata`);
    await idp.register(await ours.text(), { ...claimsFor(account), ...idpSettings });
  }

  /** A whole login from the Worker. */
  async function login(account, user, returnTo, browser = new IdpVisitor()) {
    const visitor = new Visitor(worker);
    const { url } = await visitor.startLogin(account, returnTo);
    const form = await browser.signIn(url, user);
    return { visitor, ...(await worker.logged(() => visitor.postFromIdp(form), account)) };
  }

  /** A whole login from the IdP's page, which asks once and nothing more when the Worker starts its own. */
  async function startAtIdp(account, entityId = serviceProvider(BASE_URL, account).entityId) {
    const visitor = new Visitor(worker);
    const browser = new IdpVisitor();
    const unsolicited = await browser.signIn(idp.startAddress(entityId, "/albums"), ADA);
    assert.ok(unsolicited.asked);
    const upgraded = await visitor.postFromIdp(unsolicited);
    assert.equal(visitor.session, undefined, "an unsolicited response must issue nothing");

    const silent = await browser.signIn(authnRequest(upgraded).url);
    assert.ok(!silent.asked);
    const response = await visitor.postFromIdp(silent);
    assert.match(response.headers.get("location"), /^\/albums#?$/);
    const session = await sessionOf(visitor);
    assert.deepEqual([session.account, session.email], [account, ADA.email]);
  }

  async function sessionOf(visitor) {
    return (await visitor.get("/sso/session")).json();
  }
});
