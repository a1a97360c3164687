/** `make dev` on free ports, and a real browser. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const script = `${root}tests/demo/dev.mjs`;

/** @returns {Promise<{ baseUrl: string, idpUrl: string, said: string, close(): Promise<void> }>} `said`: on the terminal */
export async function startDemo() {
  execFileSync(process.execPath, [`${root}tests/demo/secrets.mjs`, ".dev.vars"], { cwd: root, stdio: "inherit" });
  const folder = await mkdtemp(join(tmpdir(), "saml-edge-"));
  const args = ["--port", String(await freePort()), "--idp-port", "0", "--origin-port", "0", "--folder", folder];
  const demo = fork(script, args, { silent: true });
  const said = [];
  for (const stream of [demo.stdout, demo.stderr]) stream.on("data", (text) => said.push(text));
  const exited = once(demo, "exit");
  const [addresses] = await Promise.race([once(demo, "message"), exited]);
  if (!addresses?.baseUrl) throw new Error(`The demo did not start:\n${Buffer.concat(said)}`);
  return {
    ...addresses,
    said: Buffer.concat(said).toString(),
    async close() {
      demo.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Debian's Chromium, without what it would ask of the network. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
