/** The verifiers of docs/origin.md, as they stand there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const python = `${root}.tools/python/bin/python`;

/**
 * @typedef {object} Verifier
 * @property {(token: string | undefined) => Promise<object>} claims rejects with the name that the library has for what is
 *   wrong
 * @property {() => Promise<void> | void} close
 */

/** @returns {Promise<Verifier>} the one in Node */
export async function nodeVerifier(gate) {
  const [, code] = readFileSync(`${root}docs/origin.md`, "utf8").match(/```js\n(.*?)```/s);
  // Below the project, where `jose` is found.
  const folder = mkdtempSync(`${root}.wrangler/verifier-`);
  writeFileSync(`${folder}/verifier.mjs`, code.replaceAll("https://app.example.com", gate));
  const { whoIs } = await import(`${folder}/verifier.mjs`);
  rmSync(folder, { recursive: true });
  return {
    async claims(token) {
      try {
        return await whoIs({ "x-saml-edge-jwt-assertion": token });
      } catch (error) {
        throw new Error(error.claim ? `${error.code} ${error.claim}` : error.code);
      }
    },
    close() {},
  };
}

/** @returns {Promise<Verifier & { url: string }>} the one in Python, in the demo origin that has it */
export async function pythonOrigin(gate) {
  const origin = spawn(python, [`${root}tests/demo/origin.py`, "--gate", gate, "--port", "0"], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(origin, "exit");
  const [url] = await Promise.race([once(createInterface(origin.stdout), "line"), exited]);
  if (typeof url !== "string") throw new Error("the origin in Python did not start");
  return {
    url,
    async claims(token) {
      const response = await fetch(url, { headers: token === undefined ? {} : { "x-saml-edge-jwt-assertion": token } });
      const body = await response.json();
      if (response.status !== 200) throw new Error(body.error);
      return body;
    },
    async close() {
      origin.stdin.end();
      await exited;
    },
  };
}
