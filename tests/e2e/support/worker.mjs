/** The Worker on workerd, with its own storage, as `wrangler deploy` would ship it. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setTimeout as after } from "node:timers/promises";
import { parseEnv } from "node:util";
import { createTestHarness, unstable_readConfig as readConfig } from "wrangler";

export const BASE_URL = "https://edge.example";

const root = fileURLToPath(new URL("../../../", import.meta.url));
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

const BUNDLE = ".wrangler/dev";

/** The Worker as `make test` has bundled it for the environment `dev`, with secrets beyond the required ones. */
export const withSecrets = (more) => [
  {
    configPath: "wrangler.toml",
    env: "dev",
    prebuiltWorkerDir: BUNDLE,
    vars: { BASE_URL },
    secrets: { ...secrets(), ...more },
  },
];

/** The same Worker, whose ledger lives in a Worker that fails. */
export function withBrokenLedger() {
  const { vars, compatibility_date } = readConfig({ config: `${root}wrangler.toml`, env: "dev" });
  const ledger = { name: "LEDGER", class_name: "AccountLedger", script_name: "broken-ledger" };
  return [
    {
      config: {
        name: "saml-edge",
        main: `${BUNDLE}/index.js`,
        compatibility_date,
        no_bundle: true,
        rules: [{ type: "CompiledWasm", globs: ["**/*.wasm"] }],
        vars: { ...vars, ...secrets(), BASE_URL },
        kv_namespaces: [{ binding: "ACCOUNTS" }],
        durable_objects: { bindings: [ledger] },
      },
    },
    {
      config: {
        name: "broken-ledger",
        main: "tests/e2e/support/broken_ledger.mjs",
        compatibility_date,
        exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
      },
    },
  ];
}

function secrets() {
  const made = execFileSync("cargo", ["run", "--quiet", "--bin", "saml-edge", "--", "keygen"], { cwd: root });
  return parseEnv(made.toString());
}

/**
 * Starts the Worker.
 *
 * @param {import("wrangler").TestHarnessOptions["workers"]} [workers]
 * @param {{ local?: boolean }} [options] `local`: at an address that browsers on this machine reach
 */
export async function startWorker(workers = withSecrets(), { local = false } = {}) {
  const server = createTestHarness({ root, workers });
  const { url } = await server.listen();
  const baseUrl = local ? `http://localhost:${url.port}` : BASE_URL;
  if (local) await server.update({ root, workers: workers.map((it) => ({ ...it, vars: { ...it.vars, BASE_URL: baseUrl } })) });
  const { ACCOUNTS } = await server.getWorker().getEnv();
  return {
    baseUrl,
    kv: ACCOUNTS,
    close: () => server.close(),

    /** One request; redirects are the caller's to follow. */
    fetch: (path, options) => server.fetch(new URL(path, baseUrl), { redirect: "manual", ...options }),

    /**
     * What the log says became of the request that `act` makes.
     *
     * @returns {Promise<{ response: Response, code: string | undefined, line: object | undefined }>}
     */
    async logged(act) {
      server.clearLogs();
      const response = await act();
      const line = await lastWord(server);
      return { response, code: line?.code, line };
    },

    /** Every line logged since the last call to `logged` began. */
    lines: () => server.getLogs().map(({ message }) => message),
  };
}

/** The log comes over a pipe: give it a moment. The start of a login may still be on its way as well. */
async function lastWord(server) {
  for (let patience = 40; patience > 0; patience--) {
    for (const { message } of server.getLogs()) {
      if (!message.startsWith("{")) continue;
      const line = JSON.parse(message);
      if (line.event !== "login_started") return line;
    }
    await after(25);
  }
  return undefined;
}
