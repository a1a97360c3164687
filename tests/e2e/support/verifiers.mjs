/** Origins that know who asks by the verifiers of docs/origin.md, as they stand there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const TOKEN_HEADER = "x-saml-edge-jwt-assertion";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const python = `${root}.tools/python/bin/python`;

/**
 * @typedef {object} Origin one that answers with the claims of whoever asks, or with 401 and the name that the library has
 *   for what is wrong
 * @property {string} url
 * @property {(token: string | undefined) => Promise<object>} claims what it answers to somebody who comes past the gate;
 *   rejects with that name
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Origin>} with the verifier in Node */
export async function nodeOrigin(gate) {
  const [, code] = readFileSync(`${root}docs/origin.md`, "utf8").match(/```js\n(.*?)```/s);
  // Below the project, where `jose` is found.
  const folder = mkdtempSync(`${root}.wrangler/verifier-`);
  writeFileSync(`${folder}/verifier.mjs`, code.replaceAll("https://app.example.com", gate));
  const { whoIs } = await import(`${folder}/verifier.mjs`);
  rmSync(folder, { recursive: true });
  const name = ({ code, claim }) => (claim ? `${code} ${claim}` : code);
  const server = createServer(async ({ headers }, response) => {
    const answer = (status, body) => response.writeHead(status).end(JSON.stringify(body));
    await whoIs(headers).then((claims) => answer(200, claims), (error) => answer(401, { error: name(error) }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return origin(`http://127.0.0.1:${server.address().port}`, async () => {
    server.close();
    server.closeAllConnections();
  });
}

/** @returns {Promise<Origin>} the demo origin, with the verifier in Python */
export async function pythonOrigin(gate) {
  const child = spawn(python, [`${root}tests/demo/origin.py`, "--gate", gate, "--port", "0"], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [url] = await Promise.race([once(createInterface(child.stdout), "line"), exited]);
  if (typeof url !== "string") throw new Error("the origin in Python did not start");
  return origin(url, async () => {
    child.stdin.end();
    await exited;
  });
}

const origin = (url, close) => ({
  url,
  close,
  async claims(token) {
    const response = await fetch(url, { headers: token === undefined ? {} : { [TOKEN_HEADER]: token } });
    const body = await response.json();
    if (response.status !== 200) throw new Error(body.error);
    return body;
  },
});
