import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";

/**
 * Asks for the session again and again, for so many seconds: it stands until it ends, and then it has ended.
 *
 * @returns {Promise<number>} when the first request that found it over was made, as `performance.now()`; Infinity where
 *   none did
 */
export async function watch(worker, jar, seconds) {
  const until = performance.now() + 1000 * seconds;
  let ended = Infinity;
  while (performance.now() < until) {
    const asked = performance.now();
    const response = await worker.fetch("/sso/session", { headers: { cookie: jar.header() } });
    await response.arrayBuffer();
    jar.store(response);
    assert.ok([200, 401].includes(response.status), `status ${response.status}`);
    if (response.status === 401) ended = Math.min(ended, asked);
    else assert.equal(ended, Infinity, "over, and then not");
    await pass(50);
  }
  return ended;
}
