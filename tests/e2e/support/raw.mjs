/** Requests exactly as they are written: `fetch` would tidy paths up and refuse headers. */
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { BASE_URL } from "./worker.mjs";

/**
 * @param {Awaited<ReturnType<typeof import("./worker.mjs").startWorker>>} worker
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: string }} [options]
 */
export async function raw(worker, path, { method = "GET", headers = {}, body } = {}) {
  const { hostname, port } = worker.address;
  const sent = request({ hostname, port, path, method, headers: { host: new URL(BASE_URL).host, ...headers } });
  const response = await new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject).end(body));
  const octets = await buffer(response);
  return { status: response.statusCode, headers: response.headers, octets, body: octets.toString() };
}
