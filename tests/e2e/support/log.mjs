/** What the Worker's log says: over a pipe, in order, and later than the response that it is about. */
import { request } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import { BASE_URL } from "./worker.mjs";

const PATIENCE = 60_000;
let marks = 0;

/**
 * What the log says became of the request that `act` makes. With an `account`, lines about others do not count. The
 * start of a login never does: its line may come later than the next request's.
 *
 * @param {{ address: URL, baseUrl?: string, lines(): string[] }} worker
 * @param {() => Promise<T>} act
 * @returns {Promise<{ response: T, code: string | undefined, line: object }>}
 * @template T
 */
export async function logged(worker, act, account = undefined) {
  const seen = await mark(worker);
  const response = await act();
  const isIt = (line) => line.event !== "login_started" && (account ?? line.account) === line.account;
  const line = await until(() => entries(worker.lines().slice(seen)).find(isIt));
  if (!line) throw new Error(`nothing was logged after:\n${worker.lines().join("\n")}`);
  return { response, code: line.code, line };
}

/** Waits until `found` finds something. */
export async function until(found) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await after(25)) {
    const it = found();
    if (it) return it;
  }
}

/** The lines of JSON. */
export const entries = (lines) => lines.filter((it) => it.startsWith("{")).map((it) => JSON.parse(it));

/** Has the Worker log a line of this call's own, and waits for it: all lines of earlier requests have come. */
async function mark(worker) {
  const account = `mark-${++marks}`;
  const { hostname, port } = worker.address;
  const headers = { host: new URL(worker.baseUrl ?? BASE_URL).host, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
  const sent = request({ hostname, port, path: `/sso/${account}/login`, headers });
  await new Promise((resolve, reject) => sent.on("response", (it) => it.resume().on("end", resolve)).on("error", reject).end());
  // A Worker whose configuration is wrong logs nothing else.
  const isMark = (line) => line.account === account || line.code === "config_invalid";
  const place = () => worker.lines().findIndex((it) => it.startsWith("{") && isMark(JSON.parse(it)));
  await until(() => place() >= 0);
  return place() + 1;
}
