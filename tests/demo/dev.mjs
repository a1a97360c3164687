/**
 * `make dev`: the demo IdP, the Worker and a demo product behind it side by side, with one account that signs in and one
 * that is yet to be set up.
 *
 *     node tests/demo/dev.mjs [--port 8787] [--idp-port 8788] [--origin-port 8789] [--folder .wrangler]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { relative } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, parseEnv, styleText } from "node:util";
import { start, stop } from "./processes.mjs";
import { USERS } from "./users.mjs";

const ACCOUNT = "acme";
const EMPTY_ACCOUNT = "newco";
const NOTE = "make dev";
const START_LIMIT = 300_000;
const root = fileURLToPath(new URL("../../", import.meta.url));
const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
// The Worker of a release, but for `make dev`.
const { WORKER = "build" } = process.env;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    "idp-port": { type: "string", default: "8788" },
    "origin-port": { type: "string", default: "8789" },
    folder: { type: "string", default: `${root}.wrangler` },
  },
});
const baseUrl = `http://localhost:${values.port}`;
const logFile = `${values.folder}/dev.log`;
const children = [];
let stopping = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(0));
mkdirSync(values.folder, { recursive: true });
const log = createWriteStream(logFile);

try {
  await Promise.all(["port", "idp-port", "origin-port"].map(isFree));
  say("starting the demo IdP and the demo product");
  const accounts = ["--account", ACCOUNT, "--account", EMPTY_ACCOUNT];
  const idpArgs = ["--base-url", baseUrl, ...accounts, "--port", values["idp-port"]];
  const idpUrl = await startDemo("the demo IdP", "idp.mjs", idpArgs);
  const originUrl = await startDemo("the demo product", "origin.mjs", ["--port", values["origin-port"]]);

  say(`storing its metadata for the account ${ACCOUNT}`);
  // Before the Worker runs: what a Worker has once read from KV it does not read again for half a minute.
  await seed(idpUrl);

  say("starting the Worker");
  await startWorker(originUrl);
  welcome(idpUrl, await setupLink());
  process.send?.({ baseUrl, idpUrl });
} catch (error) {
  if (!stopping) console.error(styleText("red", error.message));
  end(1);
}

/** Says it of all three before anything is started, and how to choose another port. */
async function isFree(option) {
  const server = createServer().listen(Number(values[option]), "127.0.0.1");
  const [error] = await Promise.race([once(server, "listening"), once(server, "error")]).catch((error) => [error]);
  server.close();
  if (!error) return;
  const name = option.toUpperCase().replace("-", "_");
  throw new Error(`Port ${values[option]} cannot be had (${error.code}). Another one: make dev ${name}=${Number(values[option]) + 1000}`);
}

async function startDemo(name, file, args) {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = keep(name, fork(script, args, { detached: true, silent: true }));
  const [{ url }] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (!url) throw new Error(`${name} did not start.`);
  return url;
}

async function seed(idpUrl) {
  const file = `${values.folder}/${ACCOUNT}.xml`;
  writeFileSync(file, await (await fetch(`${idpUrl}/metadata`)).text());
  const put = runWrangler("kv", "key", "put", `metadata:${ACCOUNT}`, "--path", file, "--binding", "ACCOUNTS");
  children.push(put);
  put.stdout.pipe(log, { end: false });
  put.stderr.pipe(log, { end: false });
  const [code] = await once(put, "exit");
  if (code !== 0) throw new Error(`The metadata could not be stored:\n${lastLines()}`);
}

async function startWorker(originUrl) {
  const vars = ["--var", `BASE_URL:${baseUrl}`, "--var", `ORIGIN:${originUrl}`];
  const args = ["--port", values.port, "--ip", "127.0.0.1", "--inspector-port", "0", ...vars];
  keep("the Worker", runWrangler("dev", `${WORKER}/index.js`, ...args));
  const deadline = Date.now() + START_LIMIT;
  while (!(await healthy())) {
    if (Date.now() > deadline) throw new Error(`The Worker does not answer:\n${lastLines()}`);
    await after(200);
  }
}

/** A setup link for the account without sign-in, by the admin API as any program uses it. */
async function setupLink() {
  const { ADMIN_TOKEN } = parseEnv(readFileSync(`${root}.dev.vars`, "utf8"));
  const links = `${baseUrl}/sso/api/v1/accounts/${EMPTY_ACCOUNT}/setup-links`;
  const call = async (url, method, body) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`No setup link can be made: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  // An account has twenty at most, and those of earlier runs stand for days.
  const { setup_links } = await call(links, "GET");
  for (const { id } of setup_links.filter(({ note }) => note === NOTE)) await call(`${links}/${id}`, "DELETE");
  return (await call(links, "POST", { note: NOTE })).url;
}

function healthy() {
  return fetch(`${baseUrl}/sso/healthz`).then((response) => response.ok, () => false);
}

/** Wrangler on this machine's own KV and Durable Objects, with as few words as it can. */
function runWrangler(...args) {
  const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" };
  const common = ["--env", "dev", "--local", "--persist-to", `${values.folder}/state`];
  return start(process.execPath, [wrangler, ...args, ...common], { cwd: root, env });
}

/** A child that must live as long as we do; what it says goes to the log, what matters to the terminal. */
function keep(name, child) {
  children.push(child);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      log.write(`${line}\n`);
      if (line.startsWith("{")) console.log(styleText("dim", line));
      else if (line.includes("[ERROR]")) console.error(styleText("red", line));
    });
  }
  child.on("exit", () => {
    if (stopping) return;
    console.error(styleText("red", `${name} stopped:\n${lastLines()}`));
    end(1);
  });
  return child;
}

async function end(code) {
  if (stopping) return;
  stopping = true;
  await Promise.all(children.map(stop));
  process.exit(code);
}

function lastLines() {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}

function say(text) {
  console.log(styleText("dim", `dev: ${text}`));
}

function welcome(idpUrl, setupUrl) {
  const users = USERS.map(({ name, role, note }) => `${name.padEnd(16)} ${role}${note && ` (${note})`}`);
  const links = `${baseUrl}/sso/api/v1/accounts/${EMPTY_ACCOUNT}/setup-links`;
  console.log(`
  Open   ${styleText("bold", `${baseUrl}/`)}   a product that greets whoever is signed in
         Its gate asks for the account: ${ACCOUNT}. Then sign in as one of the users

         ${`${idpUrl}/`.padEnd(baseUrl.length + 1)}   or start at the IdP, from its My Apps page. It keeps its own session:
         another user signs in after "Someone else" on that page

  Users  ${users.join("\n         ")}

  Setup  ${setupUrl}
         lets a customer's IT set up an account that nobody can sign in to yet: ${EMPTY_ACCOUNT}.
         The metadata of the demo IdP, to be pasted there: ${idpUrl}/metadata
         The link was made by the admin API; this makes another:

         (. ./.dev.vars; curl -H "Authorization: Bearer $ADMIN_TOKEN" -X POST ${links})

  Ctrl-C stops everything. Details are in ${relative(process.cwd(), logFile)}
`);
}
