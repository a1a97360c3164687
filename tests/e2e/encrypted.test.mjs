/** Encrypted assertions: opened by WebCrypto with the keys in SP_KEYS, then held to every rule. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { selfSigned } from "../demo/certificate.mjs";
import { metadata, newIdp, signedResponse } from "../demo/response.mjs";
import { addAccount } from "./support/accounts.mjs";
import {
  AES_128_GCM,
  AES_256_CBC,
  encryptAssertion,
  encryptAssertionWithOpenSsl,
  encryptedTo,
  encryptNameId,
  RSA_1_5,
  RSA_OAEP,
  TRIPLE_DES,
  wrapped,
} from "./support/encryption.mjs";
import { accepted, refused } from "./support/outcomes.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker, withSecrets } from "./support/worker.mjs";

describe("an encrypted assertion", () => {
  const current = selfSigned("edge.example");
  const previous = selfSigned("edge.example", { bits: 3072 });
  const stranger = selfSigned("other.example");
  let worker, acme;
  before(async () => {
    const keys = [current.key, current.cert, previous.key, previous.cert];
    worker = await startWorker(withSecrets({ SP_KEYS: keys.join("") }));
    acme = await addAccount(worker, "acme");
  });
  after(() => worker.close());

  const respond = (options) => (id) => acme.respond({ inResponseTo: id, ...options });
  const sealed = (transport) => async (id) => encryptAssertion(await respond()(id), current, transport);
  const opens = (answer) => accepted(worker, "acme", answer);
  const refuses = (code, answer, status) => refused(worker, "acme", answer, code, status);

  it("with AES-256-GCM and RSA-OAEP signs in", () => opens(respond(encryptedTo(current))));
  it("with AES-128-GCM signs in", () => opens(respond(encryptedTo(current, AES_128_GCM))));
  it("inside a signed Response signs in", () => opens(respond({ ...encryptedTo(current), signResponse: true })));

  for (const digest of ["sha1", "sha256", "sha512"]) {
    it(`with XML Encryption 1.1's RSA-OAEP and ${digest} signs in`, () =>
      opens(sealed({ keyEncryptionAlgorithm: RSA_OAEP, keyEncryptionDigest: digest, keyEncryptionMgf: digest })));
  }

  it("with AES-192-GCM and RSA-OAEP with SHA-384 signs in", () =>
    opens(async (id) => encryptAssertionWithOpenSsl(await respond()(id), current)));

  it("may begin as a document does, without a DOCTYPE", async () => {
    const behind = (before) => async (id) => encryptAssertionWithOpenSsl(await respond()(id), current, before);
    const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
    await opens(behind(declaration));
    await opens(behind(`\ufeff${declaration}`));
    await refuses("decryption_failed", behind(`${declaration}<!DOCTYPE Assertion>`));
  });

  it("may be one whose NameID alone is encrypted", async () => {
    const unsigned = respond({ signAssertion: false });
    const named = (recipient) => async (id) => encryptNameId(await unsigned(id), recipient, acme.idp);
    await opens(named(current));
    await opens(named(previous));
    await refuses("decryption_failed", named(stranger));
  });

  it("is refused when OAEP's two digests differ", () =>
    refuses("oaep_digests_differ", sealed({ keyEncryptionAlgorithm: RSA_OAEP, keyEncryptionDigest: "sha256" }), 400));

  it("encrypted to the key before this one signs in", () => opens(respond(encryptedTo(previous))));

  it("with AES-256-CBC signs in only inside a signed Response", async () => {
    const cbc = encryptedTo(current, AES_256_CBC);
    await opens(respond({ ...cbc, signResponse: true }));
    await opens(respond({ ...cbc, signResponse: true, signAssertion: false }));
    await refuses("cbc_without_signature", respond(cbc), 400);
  });

  it("with RSA-1_5 is refused", () =>
    refuses("key_transport_unsupported", sealed({ keyEncryptionAlgorithm: RSA_1_5 }), 400));

  it("with Triple DES is refused", () =>
    refuses("data_encryption_unsupported", respond(encryptedTo(current, TRIPLE_DES)), 400));

  it("that nobody signed is refused", () =>
    refuses("signature_missing", respond({ ...encryptedTo(current), signAssertion: false })));

  it("that answers another request is refused", () =>
    refuses("in_response_to_unknown", respond({ ...encryptedTo(current), inResponseTo: "_0123456789abcdef0123456789abcdef" })));

  it("is refused with one page, whatever keeps it shut", async () => {
    const pageOf = async (answer) => (await refuses("decryption_failed", answer)).page;
    const pages = [
      await pageOf(respond(encryptedTo(stranger))),
      await pageOf(async (id) => changed(await respond(encryptedTo(current))(id), KEY)),
      await pageOf(async (id) => changed(await respond(encryptedTo(current))(id), DATA)),
    ];
    assert.deepEqual(pages, Array(3).fill(pages[0]));
  });
});

describe("what is encrypted for one account", () => {
  const ADMIN_TOKEN = Buffer.alloc(32, 9).toString("base64url");
  const shared = { acs: "shared" };
  const ours = selfSigned("edge.example");
  const sp = (account) => ({ account, entityId: `${BASE_URL}/sso/metadata`, acs: `${BASE_URL}/sso/acs` });
  let worker, victim, other, page;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN, SP_KEYS: ours.key + ours.cert }));
    victim = await addAccount(worker, "victim", shared);
    // An IdP that says it is the other one, with a key of its own; and its account's administrator.
    other = { ...newIdp("http://127.0.0.1:3"), entityId: victim.idp.entityId };
    await worker.kv.put("metadata:other", await metadata(other));
    await worker.kv.put("account:other", JSON.stringify(shared));
    const made = await worker.fetch("/sso/api/v1/accounts/other/setup-links", {
      method: "POST", headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const { url } = await made.json();
    page = new Visitor(worker);
    await page.submit("/sso/other/settings/start", { link: new URL(url).searchParams.get("link") });
  });
  after(() => worker.close());

  /** What the victim's IdP sends: the document is signed, and the assertion encrypted. */
  const sent = (options) =>
    signedResponse(victim.idp, sp("victim"), { user: SECRET, signAssertion: false, ...encryptedTo(ours), ...options });

  it("is not read in the reports of another", async () => {
    const reports = [];
    for (const xml of [
      await sent(),
      await sent({ signAssertion: true }),
      await sent({ audience: "https://other.example" }),
      await sent({ digestAlgorithm: "sha1", signatureAlgorithm: "rsa-sha1", signAssertion: true }),
      await sent(encryptedTo(selfSigned("elsewhere.example"))),
    ]) {
      const form = await (await page.get("/sso/other/settings/test")).text();
      const [, form_token] = form.match(/name="form_token" value="([^"]+)"/);
      const response = wrapped(xml, other, sp("other").acs);
      const at = "2100-01-01T00:00:00Z";
      const { response: answer, line } = await worker.logged(() =>
        page.submit("/sso/other/settings/test", { form_token, action: "inspect", response, at }), "other");
      assert.equal(line.event, "test_refused");
      const text = (await answer.text()).replaceAll(line.reference, "").replaceAll(form_token, "");
      assert.ok(!text.includes(SECRET.claims.salary) && !text.includes(SECRET.email));
      reports.push(text);
    }
    assert.deepEqual(new Set(reports).size, 1);
    assert.match(reports[0], /<code>decryption_failed<\/code>/);
  });

  it("makes no difference on the page of another's login", async () => {
    const answers = [];
    for (const xml of [await sent(), await sent({ signAssertion: true }), await sent(encryptedTo(selfSigned("elsewhere.example")))]) {
      const visitor = new Visitor(worker);
      const { id } = await visitor.startLogin("other");
      const fields = formFields(wrapped(xml, other, sp("other").acs, id));
      const { response, line } = await worker.logged(() => visitor.postFromIdp({ action: "/sso/acs", fields }));
      answers.push([response.status, (await response.text()).replaceAll(line?.reference, "")]);
    }
    assert.deepEqual(answers, Array(3).fill(answers[0]));
  });
});

const SECRET = { email: "ceo@victim.example", claims: { account_id: "victim", full_name: "Vera Victim", role: "finance", salary: "1 000 000" } };

// In document order.
const KEY = 0, DATA = 1;

/** Changes one letter in a ciphertext. */
function changed(xml, which) {
  const values = [...xml.matchAll(/CipherValue>\s*[^<\s]{20}/g)];
  assert.equal(values.length, 2);
  const { 0: { length }, index } = values[which];
  const at = index + length - 1;
  return xml.slice(0, at) + (xml[at] === "A" ? "B" : "A") + xml.slice(at + 1);
}

describe("without a key of its own", () => {
  it("the Worker refuses what is encrypted", async () => {
    const worker = await startWorker();
    try {
      const { respond } = await addAccount(worker, "acme");
      const options = encryptedTo(selfSigned("edge.example"));
      await refused(worker, "acme", (id) => respond({ inResponseTo: id, ...options }), "assertion_encrypted", 400);
    } finally {
      await worker.close();
    }
  });
});

describe("with SP_KEYS that are no private keys", () => {
  const { cert, key } = selfSigned("edge.example");
  const unreadable = key.replace("-----END", "?-----END");
  for (const [name, SP_KEYS] of Object.entries({ "text behind one": `${key}${cert}and more`, "no base64": unreadable })) {
    it(`the Worker names the secret and keeps its value: ${name}`, async () => {
      const worker = await startWorker(withSecrets({ SP_KEYS }));
      try {
        const { response, line } = await worker.logged(() => worker.fetch("/sso/healthz"));
        assert.equal(response.status, 500);
        assert.equal(line.code, "config_invalid");
        const page = await response.text();
        for (const said of [page, line.detail]) assert.match(said, /SP_KEYS must be one to four RSA keys/);
        const [, secret] = SP_KEYS.split("\n");
        assert.ok(!(page + worker.lines().join()).includes(secret));
      } finally {
        await worker.close();
      }
    });
  }
});
