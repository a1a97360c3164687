/** The same request again and again, over sockets that stay open: a client that costs less than what it measures. */
import { once } from "node:events";
import { connect } from "node:net";
import { performance } from "node:perf_hooks";

const CONNECTIONS = 24;

/**
 * Opens the sockets. What it returns keeps them busy for a while and says how often they were answered, and the median of
 * what an answer took in microseconds; its `close()` ends them.
 *
 * @param {number} port
 * @param {string} path
 * @param {Record<string, string>} headers
 */
export async function client(port, path, headers) {
  const lines = Object.entries({ host: `localhost:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const talks = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port, request)));
  const busy = async (milliseconds) => {
    const until = performance.now() + milliseconds;
    const taken = (await Promise.all(talks.map((talk) => talk(until)))).flat().sort((a, b) => a - b);
    return { count: taken.length, latency: taken[taken.length >> 1] * 1000 };
  };
  return Object.assign(busy, { close: () => talks.forEach((talk) => talk.close()) });
}

async function open(port, request) {
  const socket = connect(port, "127.0.0.1").setNoDelay();
  await once(socket, "connect");
  // What is wrong is told below.
  socket.on("error", () => {});
  const talk = (until) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    const closed = () => reject(new Error("the server has closed a connection", { cause: socket.errored }));
    // It does so once, and may have before it was asked anything.
    if (socket.closed) closed();
    const taken = [];
    let began = performance.now(), expected = 0, received = 0;
    const read = (chunk) => {
      if (received === 0) expected = length(chunk);
      received += chunk.length;
      if (received < expected) return;
      const now = performance.now();
      taken.push(now - began);
      [began, received] = [now, 0];
      if (now < until) return socket.write(request);
      socket.off("data", read).off("close", closed);
      resolve(taken);
    };
    socket.on("data", read).once("close", closed);
    socket.write(request);
    return promise;
  };
  return Object.assign(talk, { close: () => socket.destroy() });
}

/** Octets of a response whose head is whole in its first chunk, as it is on this machine. */
function length(chunk) {
  const head = chunk.subarray(0, chunk.indexOf("\r\n\r\n") + 4).toString("latin1");
  const [, octets] = head.match(/^HTTP\/1\.1 200 [^]*\r\ncontent-length: (\d+)\r\n/i) ?? [];
  if (octets === undefined) throw new Error(`not the origin's answer: ${chunk}`);
  return head.length + Number(octets);
}
