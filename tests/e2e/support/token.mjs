/** Checks an identity token as an origin does: with the published keys and nothing else. */
import { webcrypto } from "node:crypto";

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * @param {string} token a compact JWS
 * @param {{ keys: (JsonWebKey & { kid: string })[] }} jwks
 * @returns {Promise<object>} the claims of a token whose signature holds
 */
export async function verifyToken(token, jwks) {
  const [header, payload, signature] = token.split(".").map((part) => Buffer.from(part, "base64url"));
  const { alg, kid } = JSON.parse(header);
  const jwk = jwks.keys.find((key) => key.kid === kid);
  if (alg !== "ES256" || !jwk) throw new Error(`no key ${kid} for ${alg}`);
  const key = await webcrypto.subtle.importKey("jwk", jwk, ES256, false, ["verify"]);
  const signed = Buffer.from(token.slice(0, token.lastIndexOf(".")));
  if (!(await webcrypto.subtle.verify(ES256, key, signature, signed))) throw new Error("the signature does not hold");
  return JSON.parse(payload);
}
