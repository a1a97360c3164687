/** Signatures other than RSA with SHA-256. */
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { SignedXml } from "xml-crypto";
import { addAccount } from "./support/accounts.mjs";
import { accepted, refused } from "./support/outcomes.mjs";
import { startWorker } from "./support/worker.mjs";

const DAY = 86_400_000;
const RSA_SHA1 = { signatureAlgorithm: "rsa-sha1", digestAlgorithm: "sha1" };
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_PSS_SHA256 = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
const ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

describe("a signature", () => {
  let worker;
  before(async () => {
    worker = await startWorker();
  });
  after(() => worker.close());

  const until = (time) => ({ allow_sha1_until: new Date(time).toISOString() });

  it("with SHA-1 holds until the day that the account names, with a warning", async () => {
    const { account, respond } = await addAccount(worker, "sha1", until(Date.now() + DAY));
    const line = await accepted(worker, account, (id) => respond({ inResponseTo: id, ...RSA_SHA1 }));
    assert.equal(line.warning, "signed_with_sha1");
    const modern = await accepted(worker, account, (id) => respond({ inResponseTo: id }));
    assert.equal(modern.warning, undefined);
  });

  for (const [name, settings] of Object.entries({ "after-sha1": until(Date.now() - 1000), "no-sha1": undefined })) {
    it(`with SHA-1 is refused ${settings ? "from that day on" : "where no day is named"}`, async () => {
      const { account, respond } = await addAccount(worker, name, settings);
      const answer = (id) => respond({ inResponseTo: id, ...RSA_SHA1 });
      await refused(worker, account, answer, "sha1_refused", 400);
    });
  }

  it("by a key on P-256 holds", async () => {
    const { account, idp, respond } = await addAccount(worker, "p256", undefined, { curve: "P-256" });
    const answer = async (id) => signAssertion(await respond({ inResponseTo: id, signAssertion: false }), idp, ECDSA_SHA256);
    await accepted(worker, account, answer);
    await refused(worker, account, async (id) => (await answer(id)).replace("Ada", "Eve"), "digest_mismatch");
  });

  it("by RSA-PSS holds", async () => {
    const { account, idp, respond } = await addAccount(worker, "pss");
    const unsigned = (id) => respond({ inResponseTo: id, signAssertion: false });
    await accepted(worker, account, async (id) => signAssertion(await unsigned(id), idp, RSA_PSS_SHA256));
  });
});

/** Signs with `xml-crypto`, which has RSA-PSS and takes ECDSA from outside. */
function signAssertion(xml, { key }, signatureAlgorithm) {
  const signer = new SignedXml({ privateKey: key, signatureAlgorithm, canonicalizationAlgorithm: EXCLUSIVE_C14N });
  signer.SignatureAlgorithms[ECDSA_SHA256] = EcdsaSha256;
  const assertion = "/*/*[local-name(.)='Assertion']";
  signer.addReference({ xpath: assertion, digestAlgorithm: SHA256, transforms: [ENVELOPED, EXCLUSIVE_C14N] });
  signer.computeSignature(xml, { location: { reference: `${assertion}/*[local-name(.)='Issuer']`, action: "after" } });
  return signer.getSignedXml();
}

class EcdsaSha256 {
  getAlgorithmName = () => ECDSA_SHA256;
  /** XML Signature 1.1 §6.4.3: r and s side by side, not in DER. */
  getSignature = (signedInfo, key) =>
    sign("sha256", signedInfo, { key, dsaEncoding: "ieee-p1363" }).toString("base64");
}
