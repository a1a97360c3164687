/**
 * The demo product: an origin that knows nothing of SAML and believes the gate in front of it.
 *
 *     node tests/demo/origin.mjs [--port 8789]
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { WebSocketServer } from "ws";
import { productPage } from "./pages.mjs";

const MEGABYTE = Buffer.alloc(1 << 20, "saml-edge ");

/**
 * Starts the product on 127.0.0.1.
 *
 * @param {number} [port] 0, the default, takes a free one
 * @returns {Promise<{ url: string, requests: import("node:http").IncomingMessage[], close(): Promise<void> }>}
 */
export async function startOrigin(port = 0) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ server, path: "/socket", handleProtocols: ([first]) => first });
  sockets.on("connection", (socket, request) => {
    requests.push(request);
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const close = promisify(server.close.bind(server));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      return close();
    },
  };
}

async function answer(request, response) {
  const url = new URL(request.url, "http://origin.invalid");
  const known = PAGES[url.pathname.replace(/^\/public/, "")];
  if (known) return known(request, response, url.searchParams);
  json(response, { method: request.method, url: request.url, headers: request.headersDistinct });
}

const PAGES = {
  "/"(request, response) {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(productPage(request.headers));
  },

  "/cookies"(_, response) {
    response.setHeader("set-cookie", ["a=1; Path=/", "__Host-session=x; Path=/; Secure", "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "=__Host-session=y"]);
    json(response, {});
  },

  "/cached"(request, response) {
    response.setHeader("etag", '"1"').setHeader("cache-control", "public, max-age=60").setHeader("vary", "accept");
    response.setHeader("cdn-cache-control", "max-age=60").setHeader("expires", "Thu, 01 Jan 2099 00:00:00 GMT");
    if (request.headers["if-none-match"] !== '"1"') return json(response, {});
    response.writeHead(304).end();
  },

  "/part"(request, response) {
    if (!request.headers.range) return response.setHeader("accept-ranges", "bytes").setHeader("content-length", 10).end("0123456789");
    response.writeHead(206, { "content-range": "bytes 2-4/10" }).end("234");
  },

  "/gzip"(_, response) {
    response.setHeader("content-encoding", "gzip").end(gzipSync("packed"));
  },

  "/redirect"(_, response, query) {
    response.writeHead(302, { location: query.get("to") }).end();
  },

  "/silent"() {},

  "/broken"(request) {
    request.socket.destroy();
  },

  async "/slow"(_, response, query) {
    await after(Number(query.get("ms")));
    json(response, {});
  },

  /** Headers at once, the rest after the gate's patience has ended. */
  async "/trickle"(_, response, query) {
    response.write("begun ");
    await after(Number(query.get("ms")));
    response.end("done");
  },

  async "/events"(_, response, query) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let event = 1; event <= 5; event++) {
      response.write(`data: ${event}\n\n`);
      await after(Number(query.get("ms")));
    }
    response.end();
  },

  async "/upload"(request, response) {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      hash.update(chunk);
    }
    json(response, { bytes, sha256: hash.digest("hex") });
  },

  async "/download"(_, response, query) {
    const megabytes = Number(query.get("megabytes"));
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": megabytes << 20 });
    for (let sent = 0; sent < megabytes; sent++) {
      if (!response.write(MEGABYTE)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  },
};

function json(response, value) {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8789" } } });
  try {
    const { url } = await startOrigin(Number(values.port));
    process.send?.({ url });
    process.on("disconnect", () => process.exit());
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
