/**
 * The gate beside Workers that do nothing but pass requests through: one workerd, one origin behind a socket, the same
 * requests in turns.
 *
 * workerd runs as it is, without the Worker that wrangler puts in front of others: it would cost each of them as much as
 * they do themselves, and hide what they differ in.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { unstable_readConfig as readConfig } from "wrangler";
import { metadata, newIdp, serviceProvider, signedResponse } from "../../tests/demo/response.mjs";
import { SECRETS } from "../../tests/demo/secrets.mjs";
import { USERS } from "../../tests/demo/users.mjs";
import { median } from "../entra.mjs";
import { client } from "./load.mjs";

const ACCOUNT = "acme";
const WARM_UP = 3_000;
const SLICE = 100;
const TURNS = 5;
const LEDGERS = "target/bench/ledgers";
/** What browsers send, beside the cookie. */
const HEADERS = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "accept-language": "en-GB,en;q=0.9",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "same-origin",
};

const root = fileURLToPath(new URL("../../", import.meta.url));
const dev = readConfig({ config: `${root}wrangler.toml`, env: "dev" });

/**
 * Starts the three, signs in and warms up; what it measures with is to be built before. What it returns measures a slice of
 * each; its `close()` stops them.
 */
export async function gate() {
  const [gated, javascript, rust, origin] = await freePorts(4);
  const idp = newIdp("http://127.0.0.1:20000");
  const server = await start({ gated, javascript, rust, origin }, await metadata(idp));
  const close = () => stop(server);
  try {
    const headers = { ...HEADERS, cookie: await signIn(idp, gated) };
    const clients = () => open({ gate: gated, js: javascript, rust }, headers);
    await using(clients, async (busy) => {
      // V8 compiles wasm twice, and JavaScript when it is used much.
      for (const client of Object.values(busy)) await client(WARM_UP);
    });
    return Object.assign(() => using(clients, (busy) => measure(server, busy)), { close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Clients of each, by name. */
async function open(ports, headers) {
  const clients = Object.entries(ports).map(async ([name, port]) => [name, await client(port, "/dashboard", headers)]);
  return Object.fromEntries(await Promise.all(clients));
}

/** Has `act` use fresh clients: workerd closes those that have long had nothing to ask. */
async function using(clients, act) {
  const busy = await clients();
  try {
    return await act(busy);
  } finally {
    for (const client of Object.values(busy)) client.close();
  }
}

/** The medians of some turns, in each of which every one has a slice. */
async function measure(server, clients) {
  const slices = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const figures = {};
    for (const [name, client] of Object.entries(clients)) {
      for (const [what, value] of Object.entries(await slice(server, client))) figures[`${name}_${what}`] = value;
    }
    slices.push({ ...figures, gate_of_rust: figures.gate_rps / figures.rust_rps, gate_of_js: figures.gate_rps / figures.js_rps });
  }
  return Object.fromEntries(Object.keys(slices[0]).map((name) => [name, median(slices.map((it) => it[name]))]));
}

async function slice(server, client) {
  const [began, spent] = [performance.now(), cpu(server.pid)];
  const { count, latency } = await client(SLICE);
  const [took, cost] = [performance.now() - began, cpu(server.pid) - spent];
  return { rps: (count / took) * 1000, latency_us: latency, cpu_us: cost / count };
}

async function start(ports, xml) {
  mkdirSync(`${root}${LEDGERS}`, { recursive: true });
  const config = `${root}target/bench/gate.capnp`;
  writeFileSync(config, capnp(ports, xml));
  const server = spawn(`${root}node_modules/.bin/workerd`, ["serve", "--experimental", config], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const deadline = Date.now() + 20_000; !(await isHealthy(ports.gated)); await after(50)) {
    if (Date.now() < deadline && server.exitCode === null) continue;
    server.kill();
    throw new Error("workerd did not start");
  }
  return server;
}

async function stop(server) {
  server.kill();
  await once(server, "exit");
}

const isHealthy = (port) => fetch(`http://localhost:${port}/sso/healthz`).then(({ ok }) => ok, () => false);

/** The Cookie header after a login that starts at the IdP, the shortest way to a session. */
async function signIn(idp, port) {
  const sp = serviceProvider(`http://localhost:${port}`, ACCOUNT);
  const xml = await signedResponse(idp, sp, { user: USERS[0] });
  const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString("base64") });
  const response = await fetch(sp.acs, { method: "POST", body, redirect: "manual" });
  const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  if (!cookies.some((pair) => pair.startsWith("__Host-session="))) throw new Error(`nobody was signed in: ${response.status}`);
  return cookies.join("; ");
}

/** Microseconds of CPU time that all threads of a process have had, or NaN where Linux is not there to say. */
function cpu(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8")), 0) / 1000;
  } catch {
    return NaN;
  }
}

function capnp({ gated, javascript, rust, origin: behind }, xml) {
  const origin = `(name = "ORIGIN_SERVICE", service = "network")`;
  const vars = { ...dev.vars, ...secrets(), BASE_URL: `http://localhost:${gated}`, ORIGIN: "service" };
  const texts = (all) => Object.entries(all).map(([name, text]) => `(name = ${quoted(name)}, text = ${quoted(text)})`);
  const stored = { [`metadata:${ACCOUNT}`]: xml, [`account:${ACCOUNT}`]: JSON.stringify({ idp_initiated: "on" }) };
  const kv = `(name = "ACCOUNTS", kvNamespace = "kv")`;
  const ledger = `(name = "LEDGER", durableObjectNamespace = "AccountLedger")`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "origin", worker = ${worker([file("origin.js", "benches/gate/origin.mjs")], [])}),
    (name = "network", external = (address = "127.0.0.1:${behind}", http = ())),
    (name = "kv", worker = ${worker([file("kv.js", "benches/gate/kv.mjs")], texts(stored))}),
    (name = "disk", disk = (path = ${quoted(`${root}${LEDGERS}`)}, writable = true)),
    (name = "gate", worker = ${worker(wasm("build"), [origin, kv, ledger, ...texts(vars)], LEDGER)}),
    (name = "javascript", worker = ${worker([file("pass.js", "benches/gate/pass_through.mjs")], [origin])}),
    (name = "rust", worker = ${worker(wasm("benches/gate/pass_through/build"), [origin])}),
  ],
  sockets = [${Object.entries({ gate: gated, javascript, rust, origin: behind }).map(
    ([name, port]) => `(name = "${name}", address = "127.0.0.1:${port}", http = (), service = "${name}")`,
  )}],
);
`;
}

const LEDGER = `
      durableObjectNamespaces = [(className = "AccountLedger", uniqueKey = "ledger", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),`;

const worker = (modules, bindings, more = "") => `(
      modules = [${modules.join(", ")}],
      bindings = [${bindings.join(",\n        ")}],
      compatibilityDate = "${dev.compatibility_date}",${more}
    )`;

const file = (name, path, kind = "esModule") => `(name = "${name}", ${kind} = embed "../../${path}")`;
const wasm = (folder) => [file("index.js", `${folder}/index.js`), file("index_bg.wasm", `${folder}/index_bg.wasm`, "wasm")];
const quoted = (text) => JSON.stringify(text);

const secrets = () => ({ SESSION_KEYS: SECRETS.SESSION_KEYS(), TOKEN_KEYS: SECRETS.TOKEN_KEYS(), SP_KEYS: SECRETS.SP_KEYS() });

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
