/** The Worker on workerd, with its own storage, as `wrangler deploy` would ship it. */
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { createTestHarness, unstable_readConfig as readConfig } from "wrangler";
import { entries, logged, until } from "./log.mjs";

export const BASE_URL = "https://edge.example";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

const BUNDLE = ".wrangler/dev";

/** What `wrangler.toml` says, for a Worker that is reached by https, as on Cloudflare. */
const HTTPS = ".wrangler/https.toml";

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

/** The same Worker in front of an origin. */
export function withOrigin(url, vars) {
  const [worker] = withSecrets();
  return [{ ...worker, vars: { ...worker.vars, ORIGIN: url, ...vars } }];
}

/** The same Worker in front of another one. */
export function withProduct() {
  const ledger = { name: "LEDGER", class_name: "AccountLedger" };
  return [
    inline({
      vars: { ORIGIN: "service" },
      services: [{ binding: "ORIGIN_SERVICE", service: "product" }],
      durable_objects: { bindings: [ledger] },
      exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
    }),
    { config: { name: "product", main: "tests/e2e/support/product.mjs", compatibility_date: dev().compatibility_date } },
  ];
}

/** The same Worker again and again over what `withSqlOnLedgers` has made of its ledgers. */
export const withOwnLedgers = (secrets, more) => [{ ...inline({ ...ledgers(), ...more }), secrets }];

/** What makes it tell of events at `url`. */
export const toWebhook = (url, key) => ({ vars: { WEBHOOK_URL: url, WEBHOOK_KEY: key }, queues: dev().queues });

/** In its place: a Worker that runs the SQL of a POST to `/{account}` on that account's ledger. */
export const withSqlOnLedgers = () => [
  {
    config: {
      name: "saml-edge",
      main: "tests/e2e/support/sql_on_ledgers.mjs",
      compatibility_date: dev().compatibility_date,
      kv_namespaces: [{ binding: "ACCOUNTS" }],
      ...ledgers(),
    },
  },
];

const ledgers = () => ({
  durable_objects: { bindings: [{ name: "LEDGER", class_name: "AccountLedger" }] },
  exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
});

/** The same Worker, which tells of events at `url`. */
export function withWebhook(url, key) {
  const [worker] = withSecrets({ WEBHOOK_KEY: key });
  return [{ ...worker, vars: { ...worker.vars, WEBHOOK_URL: url } }];
}

/** The same, whose queue gives up after one more attempt; a second Worker posts what is given up to `dead`. */
export function withDeadLetters(url, key, dead) {
  const ledger = { name: "LEDGER", class_name: "AccountLedger" };
  const consumer = (queue, more) => ({ queue, max_batch_timeout: 1, ...more });
  return [
    inline({
      vars: { WEBHOOK_URL: url },
      secrets: { WEBHOOK_KEY: key },
      durable_objects: { bindings: [ledger] },
      exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
      queues: {
        producers: [{ binding: "EVENTS", queue: "events" }],
        consumers: [consumer("events", { max_retries: 1, dead_letter_queue: "events-dead" })],
      },
    }),
    deadLetters("events-dead", dead),
  ];
}

/** The same Worker, which tells of events at `url`, beside one that stores many accounts at once. */
export function withRounds(url, key, token) {
  const kv_namespaces = [{ binding: "ACCOUNTS", id: "accounts" }];
  const ledger = { name: "LEDGER", class_name: "AccountLedger" };
  return [
    inline({
      vars: { WEBHOOK_URL: url },
      secrets: { WEBHOOK_KEY: key, ADMIN_TOKEN: token },
      kv_namespaces,
      durable_objects: { bindings: [ledger] },
      exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
      queues: dev().queues,
    }),
    {
      config: {
        name: "seed",
        main: "tests/e2e/support/seed.mjs",
        compatibility_date: dev().compatibility_date,
        kv_namespaces,
      },
    },
  ];
}

/** The same, whose ledger fails, and whose tasks are given up at once; a second Worker posts those to `dead`. */
export function withDeadTasks(dead) {
  const ledger = { name: "LEDGER", class_name: "AccountLedger", script_name: "broken-ledger" };
  return [
    inline({
      durable_objects: { bindings: [ledger] },
      queues: {
        producers: [{ binding: "UPKEEP", queue: "upkeep" }],
        consumers: [{ queue: "upkeep", max_batch_size: 1, max_retries: 0, dead_letter_queue: "upkeep-dead" }],
      },
    }),
    brokenLedger(),
    deadLetters("upkeep-dead", dead),
  ];
}

/** The same Worker, whose ledger lives in a Worker that fails; with other secrets and vars where they are given. */
export function withBrokenLedger(secrets, vars) {
  const ledger = { name: "LEDGER", class_name: "AccountLedger", script_name: "broken-ledger" };
  return [inline({ vars, secrets, durable_objects: { bindings: [ledger] } }), brokenLedger()];
}

const brokenLedger = () => ({
  config: {
    name: "broken-ledger",
    main: "tests/e2e/support/broken_ledger.mjs",
    compatibility_date: dev().compatibility_date,
    exports: { AccountLedger: { type: "durable-object", storage: "sqlite" } },
  },
});

const deadLetters = (queue, url) => ({
  config: {
    name: "dead-letters",
    main: "tests/e2e/support/dead_letters.mjs",
    compatibility_date: dev().compatibility_date,
    vars: { RECEIVER: url },
    queues: { consumers: [{ queue, max_batch_timeout: 1 }] },
  },
});

const dev = () => readConfig({ config: `${root}wrangler.toml`, env: "dev" });

/** The bundle with bindings other than those of `wrangler.toml`. */
function inline({ vars, secrets: more, ...bindings }) {
  const { vars: own, compatibility_date } = dev();
  return {
    secrets: { ...secrets(), ...more },
    config: {
      name: "saml-edge",
      main: `${BUNDLE}/index.js`,
      compatibility_date,
      no_bundle: true,
      rules: [{ type: "CompiledWasm", globs: ["**/*.wasm"] }],
      vars: { ...own, BASE_URL, ...vars },
      kv_namespaces: [{ binding: "ACCOUNTS" }],
      ...bindings,
    },
  };
}

/** Those that a Worker does not run without. The others are not there: wrangler would take them from .dev.vars. */
export function secrets() {
  const made = execFileSync("cargo", ["run", "--quiet", "--bin", "saml-edge", "--", "keygen"], { cwd: root });
  const { SESSION_KEYS, TOKEN_KEYS } = parseEnv(made.toString());
  return { SESSION_KEYS, TOKEN_KEYS, SP_KEYS: "", ADMIN_TOKEN: "" };
}

/**
 * Starts the Worker.
 *
 * @param {import("wrangler").TestHarnessOptions["workers"]} [workers]
 * @param {{ local?: boolean, plain?: boolean, network?: (request: Request) => Response | Promise<Response> }} [options]
 *   `local`: at an address that browsers on this machine reach; `plain`: over http, although its address is https;
 *   `network`: answers what is fetched from other machines
 */
export async function startWorker(workers = withSecrets(), { local = false, plain = local, network = undefined } = {}) {
  if (network) answerElsewhere(network);
  if (!plain) workers = workers.map(byHttps);
  const server = createTestHarness({ root, workers });
  const { url } = await server.listen();
  const baseUrl = local ? `http://localhost:${url.port}` : BASE_URL;
  const here = (list) => list.map((it) => ({ ...it, vars: { ...it.vars, BASE_URL: baseUrl } }));
  if (local) await server.update({ root, workers: here(workers) });
  const accounts = async () => (await server.getWorker().getEnv()).ACCOUNTS;
  const worker = {
    baseUrl,
    /** Where the Worker listens on this machine. */
    address: url,
    kv: await accounts(),
    close: () => server.close(),

    /** Starts it anew, at the same address and with what it has stored. */
    async restart(changed) {
      await server.update({ root, workers: here(plain ? changed : changed.map(byHttps)) });
      worker.kv = await accounts();
    },

    /** One request; redirects are the caller's to follow. */
    fetch: (path, options) => server.fetch(new URL(path, baseUrl), { redirect: "manual", ...options }),

    /** What the log says became of the request that `act` makes; see `log.mjs`. */
    logged(act, account = undefined) {
      server.clearLogs();
      return logged(worker, act, account);
    },

    /** What the Cron Trigger does: a round begins. */
    beginRound: () => server.getWorker().scheduled({ cron: "17 */6 * * *", scheduledTime: new Date() }),

    /** How many ledgers there are. */
    ledgers: async () => (await server.getWorker().listDurableObjectIds("AccountLedger")).length,

    /** Puts a task into the queue of rounds. */
    sendTask: async (task) => (await server.getWorker().getEnv()).UPKEEP.send(JSON.stringify(task), { contentType: "text" }),

    /** Every line of JSON in the log. */
    logLines: () => entries(worker.lines()),

    /** Stores many values at once: `[key, value]` of each. */
    seed: (pairs) => server.getWorker("seed").fetch("/", { method: "POST", body: JSON.stringify(pairs) }),

    /** Waits for a line of JSON in the log. */
    async until(isIt) {
      if (!(await until(() => worker.logLines().some(isIt)))) throw new Error("no such line");
    },

    /** Every line logged since the last call to `logged` began. */
    lines: () => server.getLogs().map(({ message }) => message),
  };
  return worker;
}

/** The same Worker, to which all that comes has come by https, whatever way it takes on this machine. */
function byHttps(worker) {
  if (worker.config) return { ...worker, config: { ...worker.config, dev: { upstream_protocol: "https" } } };
  // Several tests at once write the same.
  const draft = `${root}${HTTPS}.${process.pid}`;
  writeFileSync(draft, `${readFileSync(`${root}${worker.configPath}`)}\n[dev]\nupstream_protocol = "https"\n`);
  renameSync(draft, root + HTTPS);
  return { ...worker, configPath: HTTPS };
}

/** The harness fetches for the Worker with the `fetch` of this process. */
function answerElsewhere(answer) {
  const { fetch } = globalThis;
  globalThis.fetch = (resource, options) => {
    const { hostname } = new URL(resource.url ?? resource);
    return ["127.0.0.1", "localhost"].includes(hostname) ? fetch(resource, options) : answer(new Request(resource, options));
  };
}
