/** SP metadata, signed on workerd by WebCrypto, and held against the demo IdP's own library. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SignedXml } from "xml-crypto";
import { selfSigned } from "../demo/certificate.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

describe("SP metadata", () => {
  const current = selfSigned("edge.example");
  const next = selfSigned("edge.example");
  let worker;
  before(async () => {
    const SP_KEYS = [current.key, current.cert, next.key, next.cert].join("");
    worker = await startWorker(withSecrets({ SP_KEYS }));
  });
  after(() => worker.close());

  const metadata = async (path) => {
    const response = await worker.fetch(path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/samlmetadata+xml");
    assert.equal(response.headers.get("cache-control"), "public, max-age=300");
    return response.text();
  };

  it("is signed by the newest key, for accounts that nobody has set up", async () => {
    const xml = await metadata("/sso/acme/metadata");
    const [signature] = xml.match(/<ds:Signature .*<\/ds:Signature>/);
    const verifier = new SignedXml({ publicCert: current.cert });
    verifier.loadSignature(signature);
    assert.ok(verifier.checkSignature(xml));
    const [signed] = verifier.getSignedReferences();
    assert.match(signed, /^<md:EntityDescriptor .*entityID="https:\/\/edge.example\/sso\/acme\/metadata"/);
    const another = new SignedXml({ publicCert: next.cert });
    another.loadSignature(signature);
    assert.throws(() => another.checkSignature(xml), /invalid signature/);
  });

  it("publishes both certificates, newest first", async () => {
    const xml = await metadata("/sso/acme/metadata");
    const der = ({ cert }) => cert.replaceAll(/-----.*-----|\s/g, "");
    const published = [...xml.matchAll(/<md:KeyDescriptor use="(\w+)">.*?<ds:X509Certificate>([^<]+)</g)];
    assert.deepEqual(
      published.map(([, use, certificate]) => [use, certificate]),
      [current, next].flatMap((key) => [["signing", der(key)], ["encryption", der(key)]]),
    );
  });
});
