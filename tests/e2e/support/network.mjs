/** The Worker on workerd, in a network that is the test's own: what it fetches never leaves this machine. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { parseEnv } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig as readConfig } from "wrangler";
import { BASE_URL, root } from "./worker.mjs";

const BUNDLE = `${root}.wrangler/dev`;

export const ADMIN_TOKEN = Buffer.alloc(32, 9).toString("base64url");

/** @param {(request: Request) => Response | Promise<Response>} answer whatever the Worker fetches */
export async function startWithNetwork(answer) {
  const { vars, compatibility_date } = readConfig({ config: `${root}wrangler.toml`, env: "dev" });
  const made = execFileSync("cargo", ["run", "--quiet", "--bin", "saml-edge", "--", "keygen"], { cwd: root });
  const wasm = readdirSync(BUNDLE).filter((name) => name.endsWith(".wasm"));
  const options = convertV4MiniflareOptions({
    compatibilityDate: compatibility_date,
    modulesRoot: BUNDLE,
    modules: [
      { type: "ESModule", path: `${BUNDLE}/index.js` },
      ...wasm.map((name) => ({ type: "CompiledWasm", path: `${BUNDLE}/${name}` })),
    ],
    bindings: { ...vars, ...parseEnv(made.toString()), BASE_URL, ADMIN_TOKEN },
    kvNamespaces: ["ACCOUNTS"],
    durableObjects: { LEDGER: { className: "AccountLedger", useSQLite: true } },
    queueProducers: { UPKEEP: "upkeep" },
    queueConsumers: { upkeep: { maxBatchSize: 1 } },
    outboundService: answer,
  });
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  const kv = await miniflare.getKVNamespace("ACCOUNTS");
  return {
    fetch: (path, options) => miniflare.dispatchFetch(new URL(path, BASE_URL), options),
    put: (key, value) => kv.put(key, value),
    /** What the Cron Trigger does. */
    beginRound: async () => (await miniflare.getWorker()).scheduled({ cron: "17 */6 * * *" }),
    stored: (account) => kv.get(`metadata:${account}`),
    close: () => miniflare.dispose(),
  };
}
