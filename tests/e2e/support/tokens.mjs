/** What every verifier must take and refuse, against the key set that the Worker publishes. */
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { base64url, calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import { startOrigin } from "../../demo/origin.mjs";
import { ADA, addAccount } from "./accounts.mjs";
import { TOKEN_HEADER } from "./verifiers.mjs";
import { signedIn } from "./visitor.mjs";
import { startWorker, withSecrets } from "./worker.mjs";

/** A key of `TOKEN_KEYS`. */
function newTokenKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ format: "jwk" });
}

/**
 * @param {string} name
 * @param {(gate: string) => Promise<import("./verifiers.mjs").Origin>} start
 * @param {Record<string, string>} refusals what the library calls each, by what is wrong
 */
export function verifies(name, start, refusals) {
  describe(`the verifier in ${name}`, () => {
    const [current, next, foreign] = [newTokenKey(), newTokenKey(), newTokenKey()];
    let worker, origin, verifier, visitor, session, open;
    before(async () => {
      const TOKEN_KEYS = [current, next].map(({ d }) => d).join(",");
      origin = await startOrigin();
      const [one] = withSecrets({ TOKEN_KEYS });
      worker = await startWorker([{ ...one, vars: { ...one.vars, ORIGIN: origin.url } }], { local: true });
      open = true;
      verifier = await start(worker.baseUrl);
      visitor = await signedIn(worker, await addAccount(worker, "acme"));
      const { headers } = await (await visitor.get("/told")).json();
      [session] = headers[TOKEN_HEADER];
    });
    after(() => Promise.all([open && worker.close(), origin.close(), verifier?.close()]));

    /** The token of the session with these claims instead; `undefined` takes one out. */
    async function signed(claims, { key = current, kid = undefined, header = {} } = {}) {
      const named = kid ?? (await calculateJwkThumbprint(publicOf(key)));
      return new SignJWT({ ...decodeJwt(session), ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: named, ...header })
        .sign(createPrivateKey({ key, format: "jwk" }));
    }
    const now = () => Math.floor(Date.now() / 1000);
    const refuses = (wrong, token) => assert.rejects(verifier.claims(token), { message: refusals[wrong] }, wrong);

    it("takes the token of a session, and reads the account in it", async () => {
      assert.equal(decodeProtectedHeader(session).kid, await calculateJwkThumbprint(publicOf(current)));
      const claims = await verifier.claims(session);
      assert.deepEqual([claims.account, claims.email, claims.role], ["acme", ADA.email, ADA.role]);
      assert.equal(claims.sub, decodeJwt(session).sub);
    });

    it("takes a token of the next key, before that has signed any", async () => {
      assert.equal((await verifier.claims(await signed({}, { key: next }))).account, "acme");
    });

    it("takes a token that was made a little later than its own clock shows", async () => {
      const claims = { iat: now() + 20, nbf: now() + 20 };
      assert.equal((await verifier.claims(await signed(claims))).account, "acme");
    });

    it("refuses a token for another origin, of another gate or without an account", async () => {
      assert.equal((await verifier.claims(await signed({}))).account, "acme", "unchanged, it is taken");
      await refuses("aud", await signed({ aud: "https://other.example" }));
      await refuses("no aud", await signed({ aud: undefined }));
      await refuses("iss", await signed({ iss: "https://other.example" }));
      await refuses("no iss", await signed({ iss: undefined }));
      await refuses("no account", await signed({ account: undefined }));
    });

    it("refuses a token out of its time, or without an end", async () => {
      await refuses("exp", await signed({ iat: now() - 631, nbf: now() - 631, exp: now() - 31 }));
      await refuses("nbf", await signed({ nbf: now() + 40 }));
      await refuses("no exp", await signed({ exp: undefined }));
    });

    it("refuses a token that is not signed, or by HMAC with the public key", async () => {
      await refuses("none", new UnsecuredJWT(decodeJwt(session)).encode());
      const { kid } = decodeProtectedHeader(session);
      const [, payload] = session.split(".");
      const header = base64url.encode(JSON.stringify({ alg: "none", typ: "JWT", kid }));
      await refuses("none under our kid", `${header}.${payload}.`);
      const key = createPublicKey({ key: publicOf(current), format: "jwk" });
      for (const secret of [key.export({ format: "pem", type: "spki" }), JSON.stringify(publicOf(current))]) {
        const hmac = new SignJWT(decodeJwt(session)).setProtectedHeader({ alg: "HS256", typ: "JWT", kid });
        await refuses("HS256", await hmac.sign(new TextEncoder().encode(secret)));
      }
    });

    it("refuses a token of a foreign key, under its own name and under ours", async () => {
      await refuses("foreign kid", await signed({}, { key: foreign }));
      const { kid } = decodeProtectedHeader(session);
      await refuses("signature", await signed({}, { key: foreign, kid }));
      await refuses("signature", await signed({}, { key: foreign, kid, header: { jwk: publicOf(foreign) } }));
    });

    it("refuses what a browser holds", async () => {
      await refuses("signature", masked(visitor));
      const [header, payload, , tag] = visitor.session.split(".");
      const octets = Buffer.from(tag, "base64url");
      const twice = Buffer.concat([octets, octets]).toString("base64url");
      await refuses("signature", `${header}.${payload}.${twice}`);
    });

    it("refuses a token that was changed, and none at all", async () => {
      const [header, , signature] = session.split(".");
      const payload = base64url.encode(JSON.stringify({ ...decodeJwt(session), account: "other" }));
      await refuses("signature", `${header}.${payload}.${signature}`);
      await refuses("none at all", undefined);
      await refuses("none at all", "");
    });

    it("goes on with the keys that it has while the gate is away", async () => {
      await worker.close();
      open = false;
      assert.equal((await verifier.claims(session)).account, "acme");
    });
  });
}

const publicOf = ({ kty, crv, x, y }) => ({ kty, crv, x, y });

/** The identity token as a visitor's browser has it: with a masked signature. */
export const masked = ({ session }) => session.slice(0, session.lastIndexOf("."));
