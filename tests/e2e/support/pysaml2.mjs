/** pysaml2 as an IdP: the library that SATOSA and many Python services are built on. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { selfSigned } from "../../demo/certificate.mjs";
import { claims } from "../../demo/users.mjs";

const python = fileURLToPath(new URL("../../../.tools/python/bin/python", import.meta.url));
const script = fileURLToPath(new URL("pysaml2_idp.py", import.meta.url));
const run = promisify(execFile);

/** @param {{ want_authn_requests_signed?: boolean }} [settings] */
export function newPysaml2(settings) {
  const origin = "https://pysaml2.example";
  const idp = { entity_id: `${origin}/metadata`, sso_url: `${origin}/sso`, ...selfSigned("pysaml2.example"), ...settings };
  const ask = async (task) => {
    const asked = run(python, ["-W", "ignore", script]);
    asked.child.stdin.end(JSON.stringify({ idp, ...task }));
    return JSON.parse((await asked).stdout);
  };
  return {
    /** The IdP's metadata. */
    metadata: async () => (await ask({})).metadata,

    /**
     * What pysaml2 understands of an SP's metadata.
     *
     * @param {{ url: string, cert: string }} sp its address, and the certificate that verifies its signature
     */
    load: async (sp) => (await ask({ sp })).sp,

    /**
     * Answers the AuthnRequest in a redirect.
     *
     * @param {{ url: string, cert: string }} sp
     * @param {URL} url
     * @param {{ account: string, user: object, sign_response?: boolean, sign_assertion?: boolean, encrypt_assertion?: boolean }} options
     * @returns {Promise<{ destination: string, response: string }>} the Reply URL and the response as XML
     */
    respond: (sp, url, { account, user, ...options }) =>
      ask({ sp, query: url.search.slice(1), user: { email: user.email, claims: claims(user, account) }, ...options }),
  };
}
