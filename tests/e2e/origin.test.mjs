/** What passes between browser and origin through workerd: headers, cookies, bodies, sockets, and their absence. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { json } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { WebSocket } from "ws";
import { startOrigin } from "../demo/origin.mjs";
import { ADA, addAccount } from "./support/accounts.mjs";
import { raw } from "./support/raw.mjs";
import { residentMegabytes } from "./support/memory.mjs";
import { verifyToken } from "./support/token.mjs";
import { signedIn } from "./support/visitor.mjs";
import { BASE_URL } from "./support/worker.mjs";
import { startWranglerDev } from "./support/wrangler_dev.mjs";

const HOST = new URL(BASE_URL).host;
const MEGABYTES = 100;
const NAVIGATION = { accept: "text/html", "sec-fetch-mode": "navigate" };

describe("between browser and origin", () => {
  let worker, origin, ada, cookie;
  before(async () => {
    origin = await startOrigin();
    const vars = { ORIGIN: origin.url, ORIGIN_TIMEOUT_SECONDS: "2", PUBLIC_PATHS: "/public/*" };
    worker = await startWranglerDev(vars, (kv) => addAccount({ kv, baseUrl: BASE_URL }, "acme"));
    ada = await signedIn(worker, worker.seeded);
    cookie = ada.jar.header();
  });
  after(() => Promise.all([worker?.close(), origin.close().catch(() => {})]));

  const told = async (headers, path = "/told") => JSON.parse((await raw(worker, path, { headers })).body).headers;

  it("the origin is told who is there, and with what proof", async () => {
    const headers = await told({ cookie: `theme=dark; ${cookie}` });
    assert.deepEqual(headers["x-forwarded-email"], [ADA.email]);
    assert.deepEqual(headers["x-forwarded-groups"], [ADA.role]);
    assert.deepEqual(headers["x-forwarded-preferred-username"], [ADA.email]);
    assert.deepEqual(headers["x-saml-edge-name"], [ADA.name]);
    assert.deepEqual(headers["x-saml-edge-account"], ["acme"]);
    assert.deepEqual(headers["x-forwarded-host"], [HOST]);
    assert.deepEqual(headers["x-forwarded-proto"], ["https"]);
    assert.deepEqual(headers.cookie, ["theme=dark"]);
    const [token] = headers["x-saml-edge-jwt-assertion"];
    const claims = await verifyToken(token, await (await worker.fetch("/.well-known/jwks.json")).json());
    assert.deepEqual(headers["x-forwarded-user"], [claims.sub]);
  });

  it("no spelling of an identity header comes through", async () => {
    const spoofed = Object.fromEntries(
      [
        "X-Forwarded-User", "x_forwarded_user", "X-Forwarded_User", "X-FORWARDED-EMAIL", "X_Forwarded-Groups",
        "x-forwarded-preferred-username", "X-Forwarded-Uri", "Forwarded", "X-Saml-Edge-Account", "X_SAML_EDGE_ACCOUNT", "X-Saml-Edge-Name",
        "X-Saml-Edge-Jwt-Assertion", "x_saml_edge_jwt_assertion", "X.Saml.Edge.Account", "Remote-User", "REMOTE_USER",
        "X-Original-Url", "X-Rewrite-Url", "Cf-Access-Jwt-Assertion", "X-Auth-Request-User", "X-Real-IP",
      ].map((name) => [name, "mallory"]),
    );
    for (const [who, path] of [[cookie, "/told"], ["", "/public/told"]]) {
      const headers = await told({ ...spoofed, cookie: who }, path);
      assert.ok(!JSON.stringify(headers).includes("mallory"), JSON.stringify(headers));
      assert.equal("x-forwarded-user" in headers, who !== "");
    }
  });

  it("hop-by-hop headers stay behind, others pass", async () => {
    const headers = await told({ cookie, "keep-alive": "timeout=9", te: "trailers", "proxy-authorization": "x", authorization: "Bearer y", "accept-language": "de" });
    for (const name of ["keep-alive", "te", "proxy-authorization"]) assert.equal(headers[name], undefined, name);
    assert.deepEqual(headers.authorization, ["Bearer y"]);
    assert.deepEqual(headers["accept-language"], ["de"]);
  });

  it("cookies of the origin stay apart, and ours are not among them", async () => {
    const response = await ada.worker.fetch("/cookies", { headers: { cookie } });
    assert.deepEqual(response.headers.getSetCookie(), ["a=1; Path=/", "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT"]);
  });

  it("redirects are the browser's business", async () => {
    for (const to of ["/elsewhere", "https://other.example/x"]) {
      const { status, headers } = await raw(worker, `/redirect?${new URLSearchParams({ to })}`, { headers: { cookie } });
      assert.equal(status, 302);
      assert.equal(headers.location, to);
    }
  });

  it("caching is the origin's, but in no shared cache", async () => {
    const fresh = await raw(worker, "/cached", { headers: { cookie } });
    assert.equal(fresh.headers.etag, '"1"');
    assert.equal(fresh.headers["cache-control"], "max-age=60, private");
    assert.equal(fresh.headers.vary, "accept");
    const known = await raw(worker, "/cached", { headers: { cookie, "if-none-match": '"1"' } });
    assert.deepEqual([known.status, known.body], [304, ""]);
    const part = await raw(worker, "/part", { headers: { cookie, range: "bytes=2-4" } });
    assert.deepEqual([part.status, part.body, part.headers["content-range"]], [206, "234", "bytes 2-4/10"]);
    const head = await raw(worker, "/part", { method: "HEAD", headers: { cookie } });
    assert.deepEqual([head.status, head.body, head.headers["content-length"]], [200, "", "10"]);
    const packed = await raw(worker, "/gzip", { headers: { cookie, "accept-encoding": "gzip" } });
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(packed.octets).toString(), "packed");
    assert.equal((await raw(worker, "/public/cached")).headers["cache-control"], "public, max-age=60");
    assert.equal((await raw(worker, "/told", { headers: { cookie } })).headers["cache-control"], "private");
    assert.equal((await raw(worker, "/public/told")).headers["cache-control"], undefined);
  });

  it("a WebSocket echoes", async () => {
    const address = `ws://${worker.address.host}/socket`;
    const socket = new WebSocket(address, ["chat"], { headers: { host: HOST, cookie, x_forwarded_user: "mallory" } });
    await once(socket, "open");
    assert.equal(socket.protocol, "chat");
    for (const message of ["hello", "x".repeat(100_000)]) {
      socket.send(message);
      const [echo] = await once(socket, "message");
      assert.equal(echo.toString(), message);
    }
    const { headers } = origin.requests.findLast(({ url }) => url === "/socket");
    assert.equal(headers["x-forwarded-email"], ADA.email);
    assert.equal(headers.x_forwarded_user, undefined);
    assert.ok(!headers.cookie);
    socket.close();
    await once(socket, "close");
  });

  it("a WebSocket without a session or of another site is refused", async () => {
    for (const [headers, status] of [
      [{}, 401],
      [{ cookie, origin: "https://other.edge.example" }, 403],
    ]) {
      const socket = new WebSocket(`ws://${worker.address.host}/socket`, { headers: { host: HOST, ...headers } });
      const [error] = await once(socket, "error");
      assert.match(error.message, new RegExp(status));
    }
  });

  it("server-sent events arrive one by one", async () => {
    const { response } = await send("/events?ms=300");
    assert.equal(response.headers["content-type"], "text/event-stream");
    const arrivals = [];
    for await (const chunk of response) arrivals.push([Date.now(), chunk.toString()]);
    assert.deepEqual(arrivals.map(([, text]) => text), [1, 2, 3, 4, 5].map((event) => `data: ${event}\n\n`));
    arrivals.slice(1).forEach(([time], index) => assert.ok(time - arrivals[index][0] > 150, JSON.stringify(arrivals)));
  });

  it("an upload goes through without being kept", async () => {
    const grown = await growth(async () => {
      const sent = begin("/upload", { method: "POST", headers: { "content-length": MEGABYTES << 20 } });
      const hash = createHash("sha256");
      const megabyte = Buffer.alloc(1 << 20, "up");
      for (let count = 0; count < MEGABYTES; count++) {
        hash.update(megabyte);
        if (!sent.write(megabyte)) await once(sent, "drain");
      }
      const { bytes, sha256 } = await json((await arrival(sent.end())).response);
      assert.deepEqual([bytes, sha256], [MEGABYTES << 20, hash.digest("hex")]);
    });
    assert.ok(grown < MEGABYTES / 2, `the Worker grew by ${grown} MB`);
  });

  it("a download goes through without being kept", async () => {
    const grown = await growth(async () => {
      const { response } = await send(`/download?megabytes=${MEGABYTES}`);
      assert.equal(response.headers["content-length"], String(MEGABYTES << 20));
      let bytes = 0;
      for await (const chunk of response) bytes += chunk.length;
      assert.equal(bytes, MEGABYTES << 20);
    });
    assert.ok(grown < MEGABYTES / 2, `the Worker grew by ${grown} MB`);
  });

  it("a silent origin is given up, and the page says so", async () => {
    for (const sent of [{}, { method: "POST", body: "a=1" }]) {
      const headers = { cookie, ...NAVIGATION };
      const { response, code } = await worker.logged(() => raw(worker, "/silent", { ...sent, headers }));
      assert.equal(response.status, 504);
      assert.equal(code, "origin_timeout");
      assert.match(response.body, /There is no answer right now/);
    }
  });

  it("patience ends with the headers: a slow body is waited for", async () => {
    assert.equal((await raw(worker, "/trickle?ms=3000", { headers: { cookie } })).body, "begun done");
  });

  it("a broken connection is a 502", async () => {
    const { response, code } = await worker.logged(() => ada.get("/broken"));
    assert.equal(response.status, 502);
    assert.equal(code, "origin_unreachable");
    assert.equal((await response.json()).error, "origin_unreachable");
  });

  // The last one.
  it("an origin that is down is a 502, and our own pages stay", async () => {
    await origin.close();
    const { response, code } = await worker.logged(() => raw(worker, "/", { headers: { cookie, ...NAVIGATION } }));
    assert.equal(response.status, 502);
    assert.equal(code, "origin_unreachable");
    assert.match(response.body, /You are still signed in/);
    assert.equal((await ada.get("/sso/session")).status, 200);
  });

  const begin = (path, { headers, ...options } = {}) =>
    httpRequest({ hostname: worker.address.hostname, port: worker.address.port, path, headers: { host: HOST, cookie, ...headers }, ...options });

  async function arrival(sent) {
    const [response] = await once(sent, "response");
    return { response };
  }

  const send = (path, options) => arrival(begin(path, options).end());

  /** By how many MB the largest workerd grew at most while `act` ran. */
  async function growth(act) {
    const before = residentMegabytes();
    let most = before;
    let running = true;
    const watching = (async () => {
      while (running) {
        most = Math.max(most, residentMegabytes());
        await delay(50);
      }
    })();
    try {
      await act();
    } finally {
      running = false;
      await watching;
    }
    return most - before;
  }
});
