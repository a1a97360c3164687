/** The product's end of a webhook: a server that takes events as the library of the specification says. */
import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

/** A key as `openssl` would make it. */
export const newKey = () => `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;

/**
 * Starts the receiver on a port of its own, or on `port`.
 *
 * @param {string} key
 * @param {number} [port]
 */
export async function startReceiver(key, port = 0) {
  const receiver = {
    /** Every event that was taken, each time it came. */
    events: [],
    /** Every request, with the error of the library if it refused one. */
    requests: [],
    /** What is answered: a status, and headers if need be; or nothing at all. */
    answer: () => ({ status: 204 }),
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),

    /** Waits for as many events as `enough` wants, once each. */
    async until(enough, patience = 60_000) {
      for (const end = Date.now() + patience; Date.now() < end; await after(50)) {
        const distinct = new Map(receiver.events.map((event) => [event.id, event]));
        if (enough([...distinct.values()])) return [...distinct.values()];
      }
      throw new Error(`only ${JSON.stringify(receiver.events)} came`);
    },
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const seen = { method: request.method, url: request.url, headers: request.headers, body };
    receiver.requests.push(seen);
    const answer = receiver.answer(seen);
    // The harness waits for every answer, even where the Worker has given up.
    if (!answer) return setTimeout(() => response.destroy(), 11_000);
    const { status, headers } = answer;
    try {
      const event = new Webhook(key).verify(body, request.headers);
      if (status < 300) receiver.events.push(event);
      response.writeHead(status, headers).end("{}");
    } catch (error) {
      seen.error = error;
      response.writeHead(401).end();
    }
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  receiver.port = server.address().port;
  receiver.url = `http://127.0.0.1:${receiver.port}/hooks/saml-edge?from=edge`;
  return receiver;
}
