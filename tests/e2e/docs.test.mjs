/**
 * The commands of the pages for operators, as they stand there and in their order: every block that is marked as
 * `runnable`. Those of `console` are held to what the page says comes of them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { metadata, newIdp } from "../demo/response.mjs";
import { USERS } from "../demo/users.mjs";
import { addAccount } from "./support/accounts.mjs";
import { root, startWorker, withSecrets } from "./support/worker.mjs";

const GATE = "https://app.example.com";
const TOKEN = Buffer.alloc(32, 9).toString("base64url");
const PAGES = { "README.md": 1, "docs/operators.md": 14, "docs/origin.md": 0 };

/** What stands between two commands in what a page's script says. */
const MARK = "-- next --";

/** @returns {{ language: string, isRunnable: boolean, text: string }[]} a page's blocks for a shell */
function blocks(page) {
  const found = readFileSync(`${root}${page}`, "utf8").matchAll(/^( *)```(sh|console)( runnable)?\n(.*?)^\1```$/gms);
  return [...found].map(([, indent, language, runnable, text]) => ({
    language,
    isRunnable: Boolean(runnable),
    text: text.replace(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** @returns {{ command: string, expected?: string }[]} commands, with what is said to come of them */
function commands({ language, text }) {
  if (language === "sh") return [{ command: text }];
  return text.split(/^\$ /m).slice(1).map((part) => {
    const [, command, expected] = part.match(/^((?:[^\n]*\\\n)*[^\n]*\n)(.*)$/s);
    return { command, expected };
  });
}

/** Whether `said` is what a page shows, whose lines may be broken, and whose times, ids and `…` stand for others. */
function shows(said, expected) {
  const pattern = expected
    .replaceAll("\n", "")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\b\d{10}\b/g, "\\d{10}")
    .replace(/"sub":"[\w-]{43}"/g, '"sub":"[\\w-]{43}"')
    .replaceAll("…", ".*");
  return new RegExp(`^${pattern}$`).test(said.replaceAll("\n", ""));
}

describe("the commands of the docs", () => {
  const folder = mkdtempSync(join(tmpdir(), "saml-edge-"));
  let worker;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }), { local: true });
    await someUsers();
    await operatorsFolder();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await worker?.close();
  });

  for (const [page, count] of Object.entries(PAGES)) {
    it(`${page}: what is not marked needs a Cloudflare account`, () => {
      const rest = blocks(page).filter(({ language, isRunnable }) => language === "sh" && !isRunnable);
      for (const { text } of rest) assert.match(text, /^(npx wrangler .*\n)+$/);
    });

    if (count === 0) continue;
    it(`${page}: ${count} blocks run`, () => {
      const runnable = blocks(page).filter(({ isRunnable }) => isRunnable);
      assert.equal(runnable.length, count);
      const all = runnable.flatMap(commands);
      const script = all.map(({ command }) => `${command}echo '${MARK}'\n`).join("").replaceAll(GATE, worker.baseUrl);
      const { status, stdout, stderr } = run(script);
      const said = stdout.split(`${MARK}\n`);
      assert.equal(status, 0, `after ${all[said.length - 1]?.command}:\n${said.at(-1)}${stderr}`);
      for (const [place, { command, expected }] of all.entries()) {
        const wanted = expected?.replaceAll(GATE, worker.baseUrl);
        assert.ok(wanted === undefined || shows(said[place], wanted), `${command}says:\n${said[place]}and not:\n${wanted}`);
      }
    });
  }

  /** In one shell, as an operator who goes through the page from its top. */
  function run(script) {
    const home = mkdtempSync(`${folder}/home-`);
    const env = { ...process.env, HOME: home, PATH: `${folder}/bin:${process.env.PATH}`, ADMIN_TOKEN: TOKEN };
    for (const variable of ["CARGO_HOME", "RUSTUP_HOME"]) {
      env[variable] ??= `${process.env.HOME}/.${variable.slice(0, -5).toLowerCase()}`;
    }
    // Scripts have no aliases unless they ask for them; a person's shell has.
    const input = `set -euo pipefail; shopt -s expand_aliases; umask 022\n${script}`;
    return spawnSync("bash", { cwd: `${folder}/project`, env, input, encoding: "utf8" });
  }

  async function someUsers() {
    const acme = await addAccount(worker, "acme", { idp_initiated: "on" });
    const [{ name, email }, second] = USERS;
    for (const user of [{ name, email, role: "developer" }, second]) {
      const SAMLResponse = Buffer.from(await acme.respond({ user })).toString("base64");
      const response = await worker.fetch("/sso/acme/acs", { method: "POST", body: new URLSearchParams({ SAMLResponse }) });
      assert.equal(response.status, 303);
    }
  }

  /** The project as far as the commands read it, and what an operator is given by customers. */
  async function operatorsFolder() {
    const project = `${folder}/project`;
    mkdirSync(`${project}/accounts`, { recursive: true });
    cpSync(`${root}wrangler.toml`, `${project}/wrangler.toml`);
    for (const name of ["tests", "node_modules"]) symlinkSync(`${root}${name}`, `${project}/${name}`);
    const idps = ["federation.xml", "new.xml", "accounts/acme.xml"].map((file, at) => [file, newIdp(`http://127.0.0.1:${21_000 + at}`)]);
    for (const [file, idp] of idps) writeFileSync(`${project}/${file}`, await metadata(idp));
    // Cargo would take a copy for another package, and compile everything anew.
    mkdirSync(`${folder}/bin`);
    writeFileSync(`${folder}/bin/cargo`, `#!/bin/sh\ncommand=$1; shift\nPATH=\${PATH#*:} exec cargo "$command" --manifest-path '${root}Cargo.toml' "$@"\n`);
    chmodSync(`${folder}/bin/cargo`, 0o755);
  }
});
