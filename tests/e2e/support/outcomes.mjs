/** The two ends of a login that the Worker began: a session for the right user, or a code and no session. */
import assert from "node:assert/strict";
import { ADA } from "./accounts.mjs";
import { formFields, Visitor } from "./visitor.mjs";

/**
 * @callback Answer
 * @param {string} id the AuthnRequest's
 * @returns {Promise<string> | object} a response as XML, or the fields to post as they are
 */

/**
 * Expects that `answer` signs Ada in.
 *
 * @param {Answer} answer
 * @returns {Promise<object>} the line in the log
 */
export async function accepted(worker, account, answer) {
  const { visitor, response, line } = await attempt(worker, account, answer);
  assert.deepEqual([response.status, line?.code], [303, undefined]);
  const session = await (await visitor.get("/sso/session")).json();
  assert.equal(session.email, ADA.email);
  assert.equal(session.role, ADA.role);
  return line;
}

/**
 * Expects that the Worker refuses `answer` with this code.
 *
 * @param {Answer} answer
 * @returns {Promise<{ page: string, line: object }>} the page without its reference, and the line in the log
 */
export async function refused(worker, account, answer, code, status = 403) {
  const { visitor, response, line } = await attempt(worker, account, answer);
  assert.equal(line?.code, code);
  assert.equal(response.status, status);
  assert.equal(visitor.session, undefined);
  assert.equal(response.headers.get("location"), null);
  assert.match(response.headers.get("cache-control"), /^(private, )?no-store$/);
  const page = await response.text();
  assert.ok(page.includes(line.reference));
  return { page: page.replaceAll(line.reference, ""), line };
}

async function attempt(worker, account, answer) {
  const visitor = new Visitor(worker);
  const { id, relayState } = await visitor.startLogin(account);
  const message = await answer(id);
  const fields = typeof message === "string" ? formFields(message, relayState) : message;
  const { response, line } = await worker.logged(() => visitor.postToAcs(account, fields));
  return { visitor, response, line };
}
