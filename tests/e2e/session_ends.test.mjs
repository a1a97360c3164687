/** What ends sessions, and what an account that is switched off leaves: over the real ledger and KV. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { metadata, newIdp } from "../demo/response.mjs";
import { addAccount } from "./support/accounts.mjs";
import { signedIn, Visitor } from "./support/visitor.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const RENEW_SECONDS = 5;
// What a location has read of KV, it keeps for half a minute.
const KV = 32_000;

describe("sessions and setup links", () => {
  let worker;
  before(async () => {
    const [spec] = withSecrets({ ADMIN_TOKEN: TOKEN });
    worker = await startWorker([{ ...spec, vars: { ...spec.vars, RENEW_SECONDS: String(RENEW_SECONDS) } }]);
  });
  after(() => worker.close());

  const call = (path, { method = "GET", type, body, match } = {}) =>
    worker.fetch(`/sso/api/v1/accounts/${path}`, {
      method,
      body,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(type && { "content-type": type }),
        ...(match && { "if-match": match }),
      },
    });
  const put = async (account, settings) => {
    const answer = await call(account, { method: "PUT", type: "application/json", body: JSON.stringify(settings), match: "*" });
    assert.equal(answer.status, 200);
  };
  const status = async (visitor) => (await visitor.get("/sso/session")).status;

  it("end where rules are narrowed, also where that is taken back", async () => {
    const acme = await addAccount(worker, "acme", {});
    const ada = await signedIn(worker, acme);
    await put("acme", { roles: ["finance"] });
    await put("acme", {});
    await wait(1000 * RENEW_SECONDS);
    assert.equal(await status(ada), 401);
    const { audit_events: events } = await (await call("acme/audit-events?limit=2")).json();
    assert.deepEqual(events.map(({ sessions_ended }) => sessions_ended), [undefined, 1]);
  });

  it("stand where rules are widened or said in other words", async () => {
    const wide = await addAccount(worker, "wide", { roles: ["account_administrator"] });
    const ada = await signedIn(worker, wide);
    await put("wide", { roles: ["finance", "account_administrator"], login_hint: true });
    await wait(1000 * RENEW_SECONDS);
    assert.equal(await status(ada), 200);
  });

  it("stand where the store is older than they are", async () => {
    const stale = await addAccount(worker, "stale", { roles: ["account_administrator"] });
    const before = await signedIn(worker, stale);
    await put("stale", {});
    await wait(KV);
    const ada = await signedIn(worker, stale);
    // Another location, where KV has not heard of it yet.
    await worker.kv.put("account:stale", JSON.stringify({ roles: ["account_administrator"] }));
    await wait(KV);
    assert.deepEqual([await status(ada), await status(before)], [200, 200]);
    await worker.kv.put("account:stale", "{}");
    await wait(KV);
    assert.deepEqual([await status(ada), await status(before)], [200, 200]);
  });

  /** Somebody in whose browser a setup link was opened. */
  const holder = async (account) => {
    const made = await call(`${account}/setup-links`, { method: "POST", type: "application/json", body: "{}" });
    const visitor = new Visitor(worker);
    const link = new URL((await made.json()).url).searchParams.get("link");
    await visitor.submit(`/sso/${account}/settings/start`, { link });
    return visitor;
  };
  const settings = async (visitor, account) => (await visitor.get(`/sso/${account}/settings`)).status;

  it("open nothing once the account is switched off", async () => {
    const accounts = ["whole", "alone", "bykv"];
    const links = {};
    for (const account of accounts) {
      const body = await metadata(newIdp("http://127.0.0.1:20302"));
      // Past the ledger, which takes what was stored just before a change of its own for a stale read.
      if (account === "bykv") await worker.kv.put("metadata:bykv", body);
      else await call(`${account}/metadata`, { method: "PUT", type: "application/samlmetadata+xml", body });
      links[account] = await holder(account);
      assert.equal(await settings(links[account], account), 200);
    }
    const gone = { sessions_ended: 0, setup_links_revoked: 1, staged_dropped: 0 };
    for (const path of ["whole", "alone/metadata"]) {
      const deleted = await call(path, { method: "DELETE", match: "*" });
      assert.deepEqual([deleted.status, await deleted.json()], [200, gone]);
    }
    await worker.kv.delete("metadata:bykv");
    await wait(KV);
    for (const account of accounts) assert.equal(await settings(links[account], account), 403, account);
    // Whoever is given a link afterwards begins anew.
    assert.equal(await settings(await holder("whole"), "whole"), 200);
  });
});
