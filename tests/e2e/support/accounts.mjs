/** Accounts whose IdP is `samlp`. */
import { setTimeout as wait } from "node:timers/promises";
import { metadata, newIdp, serviceProvider, signedResponse } from "../../demo/response.mjs";
import { USERS } from "../../demo/users.mjs";

export const [ADA] = USERS;
export const GUS = USERS.find(({ role }) => role === "guest");

// What a Worker has read from KV it may keep for half a minute.
const KV_CACHE = 45_000;

let ports = 20_000;

/**
 * Stores a new account's metadata, and its settings if there are any.
 *
 * @param {Awaited<ReturnType<typeof import("./worker.mjs").startWorker>>} worker
 * @param {string} account
 * @param {object} [settings]
 * @param {Parameters<typeof newIdp>[1]} [key]
 */
export async function addAccount(worker, account, settings, key) {
  const idp = newIdp(`http://127.0.0.1:${ports++}`, key);
  await worker.kv.put(`metadata:${account}`, await metadata(idp));
  if (settings) await worker.kv.put(`account:${account}`, JSON.stringify(settings));
  const sp = serviceProvider(worker.baseUrl, account);
  return {
    account,
    idp,
    sp,
    /** A response signed by this account's IdP; right in all that `options` does not change. */
    respond: (options) => signedResponse(idp, sp, { user: ADA, ...options }),
  };
}

/** Repeats `check` until it holds, as long as the Worker may still see what KV held before. */
export async function eventually(check) {
  const deadline = Date.now() + KV_CACHE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(500);
    }
  }
}
