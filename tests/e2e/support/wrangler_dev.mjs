/**
 * The Worker under `wrangler dev`. What it asks of an origin leaves from workerd itself, as on Cloudflare; from the test
 * harness it leaves by Node's `fetch`, which follows redirects and knows no WebSocket.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { getPlatformProxy } from "wrangler";
import { start, stop } from "../../demo/processes.mjs";
import { freePort } from "./demo.mjs";
import { logged } from "./log.mjs";
import { BASE_URL, root, secrets } from "./worker.mjs";

const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
const START_LIMIT = 120_000;

/**
 * @param {Record<string, string>} vars
 * @param {(kv: object) => Promise<T>} seed stores what the Worker finds when it starts
 * @template T
 */
export async function startWranglerDev(vars, seed) {
  const folder = await mkdtemp(join(tmpdir(), "saml-edge-"));
  const seeded = await store(folder, seed);
  const address = new URL(`http://127.0.0.1:${await freePort()}`);
  await writeFile(`${folder}/secrets`, Object.entries(secrets()).map(([name, value]) => `${name}=${value}\n`).join(""));
  const settings = Object.entries({ BASE_URL, ...vars }).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const args = ["--port", address.port, "--ip", address.hostname, "--inspector-port", "0", "--upstream-protocol", "https", "--env-file", `${folder}/secrets`, ...settings];
  const options = { cwd: root, env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" } };
  const child = start(process.execPath, [wrangler, "dev", "--env", "dev", "--local", "--persist-to", folder, ...args], options);
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", (line) => lines.push(line));
  const worker = {
    seeded,
    address,
    fetch: (path, init) => fetch(new URL(path, address), { redirect: "manual", ...init }),
    async close() {
      await stop(child);
      await rm(folder, { recursive: true });
    },

    lines: () => lines,
    logged: (act) => logged(worker, act),
  };
  const deadline = Date.now() + START_LIMIT;
  while (!(await worker.fetch("/sso/healthz").then((response) => response.ok, () => false))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await worker.close();
      throw new Error(`wrangler dev does not answer:\n${lines.join("\n")}`);
    }
    await after(100);
  }
  return worker;
}

async function store(folder, seed) {
  const proxy = await getPlatformProxy({ configPath: `${root}wrangler.toml`, environment: "dev", persist: { path: `${folder}/v3` }, remoteBindings: false });
  try {
    return await seed(proxy.env.ACCOUNTS);
  } finally {
    await proxy.dispose();
  }
}
