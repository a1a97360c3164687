/** An origin that verifies tokens, behind the gate: whom it believes, and what it notices of a rotation. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { parseEnv } from "node:util";
import { decodeProtectedHeader } from "jose";
import { ADA, addAccount, eventually } from "./accounts.mjs";
import { masked } from "./tokens.mjs";
import { TOKEN_HEADER } from "./verifiers.mjs";
import { signedIn } from "./visitor.mjs";
import { startWorker, withSecrets } from "./worker.mjs";

const RENEW_SECONDS = 5;
const AT_WORK = 12;

/** Requests of each of them between two changes. */
const REQUESTS = 20;

/**
 * @param {string} name
 * @param {(gate: string) => Promise<import("./verifiers.mjs").Origin>} start
 */
export function behindTheGate(name, start) {
  describe(`behind the gate, an origin in ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "saml-edge-"));
    const file = join(folder, "production.env");
    let worker, origin, account;
    before(async () => {
      writeFileSync(file, keygen(), { mode: 0o600 });
      worker = await startWorker(withSecrets(), { local: true });
      origin = await start(worker.baseUrl);
      await worker.restart(deployment(file));
      account = await addAccount(worker, "acme");
    });
    after(async () => {
      await Promise.all([worker?.close(), origin?.close()]);
      rmSync(folder, { recursive: true });
    });

    /** The Worker with the secrets of a file. */
    function deployment(file) {
      const [one] = withSecrets(parseEnv(readFileSync(file, "utf8")));
      return [{ ...one, vars: { ...one.vars, ORIGIN: origin.url, RENEW_SECONDS: String(RENEW_SECONDS) } }];
    }
    const enter = (user) => signedIn(worker, { ...account, respond: (options) => account.respond({ ...options, user }) });
    const kid = (visitor) => decodeProtectedHeader(masked(visitor)).kid;
    const published = async () => (await (await worker.fetch("/.well-known/jwks.json")).json()).keys.map((key) => key.kid);

    it("believes the gate, and nobody who comes past it", async () => {
      const ada = await enter(ADA);
      const response = await ada.get("/work", { [TOKEN_HEADER]: "mallory", "x-forwarded-email": "mallory@acme.example" });
      const claims = await response.json();
      assert.deepEqual([response.status, claims.account, claims.email], [200, "acme", ADA.email]);

      const spoofed = { "x-forwarded-email": ADA.email, "x-forwarded-user": claims.sub, "x-saml-edge-account": "acme" };
      assert.equal((await fetch(origin.url, { headers: spoofed })).status, 401);
      for (const copied of [ada.session, masked(ada)]) {
        assert.equal((await fetch(origin.url, { headers: { ...spoofed, [TOKEN_HEADER]: copied } })).status, 401);
      }
    });

    it("sees nobody signed out while keys rotate under load", async (context) => {
      const people = Array.from({ length: AT_WORK }, (_, number) => ({ ...ADA, email: `user${number}@acme.example` }));
      const visitors = await Promise.all(people.map(enter));
      const idle = await enter(ADA);
      const before = await published();
      const [current] = before;
      assert.ok(visitors.every((visitor) => kid(visitor) === current));

      const answered = people.map(() => 0);
      const [wrong, cutOff] = [[], []];
      let working = true;
      const work = async (visitor, number) => {
        while (working) {
          try {
            const response = await visitor.get("/work");
            const text = await response.text();
            answered[number]++;
            if (response.status !== 200 || JSON.parse(text).email !== people[number].email) wrong.push(`${response.status} ${text}`);
          } catch (error) {
            // The restart of the only Worker says nothing about sessions.
            cutOff.push(error);
            await pass(50);
          }
        }
      };
      const load = visitors.map(work);
      const everybodyIsAnswered = async () => {
        const before = [...answered];
        await eventually(() => assert.ok(answered.every((count, number) => count >= before[number] + REQUESTS)));
      };
      const everyTokenIsSignedWith = (key) => eventually(() => assert.ok(visitors.every((visitor) => kid(visitor) === key)));
      let next;
      try {
        await everybodyIsAnswered();
        keygen("--rotate", file);
        await worker.restart(deployment(file));
        const keys = await published();
        next = keys[0];
        assert.equal(before.indexOf(next), 1, "what signs now is what every cache has had as the next key");
        assert.equal(keys[2], current, "and the key before is still published");
        await everybodyIsAnswered();
        await everyTokenIsSignedWith(next);

        // Some Workers hear of it later than others: the same sessions meet the list before, and the new one again.
        await worker.restart(deployment(`${file}.old`));
        await everyTokenIsSignedWith(current);
        await everybodyIsAnswered();
        await worker.restart(deployment(file));
        await everyTokenIsSignedWith(next);
      } finally {
        working = false;
        await Promise.all(load);
        assert.deepEqual(wrong.slice(0, 3), [], "somebody was signed out");
      }

      context.diagnostic(`${answered.reduce((sum, count) => sum + count)} requests answered, ${cutOff.length} cut off`);
      const response = await idle.get("/work");
      assert.deepEqual([response.status, (await response.json()).email], [200, ADA.email], "who asked for nothing");
      assert.equal(kid(idle), next);
    });
  });
}

/** `saml-edge keygen`, as an operator calls it. */
const keygen = (...args) => execFileSync("cargo", ["run", "--quiet", "--bin", "saml-edge", "--", "keygen", ...args]);
