/**
 * Microseconds of a full validation by @node-saml/node-saml of the same response that our benches verify.
 *
 *     node benches/node_saml.mjs        prints {"node_saml_us":…}
 */
import { SAML } from "@node-saml/node-saml";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { certificate, median, NOW, RESPONSE } from "./entra.mjs";

/**
 * One key, no request cache: the settings with the least work that still check signature, audience and times.
 *
 * @returns {Promise<() => Promise<void>>} validates the response once; throws when it does not hold
 */
export async function nodeSaml() {
  const saml = new SAML({
    idpCert: await certificate(),
    idpIssuer: "https://sts.windows.net/7c4e1f0a-93b5-4d2e-8a61-0f5d9b3c2e17/",
    issuer: "https://edge.example/sso/acme/metadata",
    audience: "https://edge.example/sso/acme/metadata",
    callbackUrl: "https://edge.example/sso/acme/acs",
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: 60_000,
  });
  const container = { SAMLResponse: (await readFile(RESPONSE)).toString("base64") };
  return async () => {
    const { profile } = await saml.validatePostResponseAsync(container);
    if (profile.role !== "account_administrator") throw new Error("node-saml read something else");
  };
}

/**
 * @param {() => Promise<void>} validate
 * @returns {Promise<number>} the median of `count` validations
 */
export async function microseconds(validate, count) {
  const samples = [];
  const RealDate = globalThis.Date;
  // node-saml reads the clock itself, and the response is of one fixed moment.
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length > 0 ? given : [NOW]));
    }
  };
  try {
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await validate();
      samples.push((performance.now() - start) * 1000);
    }
  } finally {
    globalThis.Date = RealDate;
  }
  return median(samples);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const validate = await nodeSaml();
  await microseconds(validate, 300);
  console.log(JSON.stringify({ node_saml_us: await microseconds(validate, 1000) }));
}
