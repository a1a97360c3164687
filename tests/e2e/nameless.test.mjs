/** A user whom no NameID names: signed in by the address in a claim, signed out by the SessionIndex. */
import assert from "node:assert/strict";
import { randomUUID, sign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import { SignedXml } from "xml-crypto";
import { claims } from "../demo/users.mjs";
import { ADA, addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

const ASSERTION = "/*/*[local-name(.)='Assertion']";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

describe("a subject without a NameID", () => {
  let worker;
  before(async () => {
    worker = await startWorker();
  });
  after(() => worker.close());

  it("signs in where the account has a claim for the address, and nowhere else", async () => {
    const { visitor } = await login("claimed", { claims: { email: "mail" } });
    const user = await (await visitor.get("/sso/session")).json();
    assert.deepEqual([user.email, user.account], [ADA.email, "claimed"]);

    const { response, code, visitor: nobody } = await login("unclaimed");
    assert.deepEqual([response.status, code, nobody.session], [403, "name_id_missing", undefined]);
  });

  it("is signed out by its SessionIndex, whatever the IdP calls it then", async () => {
    const { visitor, idp, index } = await login("indexed", { claims: { email: "mail" } });
    const other = await login("other", { claims: { email: "mail" } });
    assert.notEqual(index, other.index);
    await logOut("indexed", idp, other.index);
    assert.equal(await stands(visitor), true);
    await logOut("indexed", idp, index);
    assert.equal(await stands(visitor), false);
    assert.equal(await stands(other.visitor), true);
  });

  /** Whether the ledger has the session: the page of the devices asks it. */
  async function stands(visitor) {
    const { status } = await visitor.get("/sso/sessions");
    return status === 200;
  }

  async function login(account, settings) {
    const { idp, respond } = await addAccount(worker, account, settings);
    const visitor = new Visitor(worker);
    const { id } = await visitor.startLogin(account);
    const user = { ...ADA, claims: { ...claims(ADA, account), mail: ADA.email } };
    const index = `_${randomUUID()}`;
    const named = await respond({ inResponseTo: id, signAssertion: false, sessionIndex: index, user });
    const fields = formFields(signed(named.replace(/<saml:NameID.*<\/saml:NameID>/s, ""), idp));
    const { response, code } = await worker.logged(() => visitor.postToAcs(account, fields), account);
    return { visitor, idp, index, response, code };
  }

  /** The IdP's LogoutRequest, by Redirect, in a frame without cookies. */
  async function logOut(account, idp, index) {
    const xml = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" \
IssueInstant="${new Date().toISOString()}" Destination="${worker.baseUrl}/sso/${account}/slo">\
<saml:Issuer>${idp.entityId}</saml:Issuer><saml:NameID>_transient</saml:NameID>\
<samlp:SessionIndex>${index}</samlp:SessionIndex></samlp:LogoutRequest>`;
    const query = new URLSearchParams({ SAMLRequest: deflateRawSync(xml).toString("base64"), SigAlg: RSA_SHA256 });
    query.set("Signature", sign("sha256", Buffer.from(`${query}`), idp.key).toString("base64"));
    const { line } = await worker.logged(() => worker.fetch(`/sso/${account}/slo?${query}`), account);
    assert.equal(line.event, "logout_asked");
  }
});

/** Signs with `xml-crypto`: `samlp` leaves no NameID out. */
function signed(xml, { key }) {
  const signer = new SignedXml({ privateKey: key, signatureAlgorithm: RSA_SHA256, canonicalizationAlgorithm: EXCLUSIVE_C14N });
  signer.addReference({ xpath: ASSERTION, digestAlgorithm: SHA256, transforms: [ENVELOPED, EXCLUSIVE_C14N] });
  signer.computeSignature(xml, { location: { reference: `${ASSERTION}/*[local-name(.)='Issuer']`, action: "after" } });
  return signer.getSignedXml();
}
