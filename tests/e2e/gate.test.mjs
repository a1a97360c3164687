/** The gate on workerd: who passes, who does not, and that no spelling of a path makes a difference. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { startOrigin } from "../demo/origin.mjs";
import { ADA, addAccount } from "./support/accounts.mjs";
import { raw } from "./support/raw.mjs";
import { signedIn } from "./support/visitor.mjs";
import { BASE_URL, startWorker, withOrigin, withProduct } from "./support/worker.mjs";

const NAVIGATION = { accept: "text/html", "sec-fetch-mode": "navigate" };

/** Of a path that Ada may not see, from outside and from below a public one. */
const SPELLINGS = [
  "/assets/../admin/x",
  "/assets/%2e%2e/admin/x",
  "/assets/..%2fadmin/x",
  "/assets/..%5cadmin/x",
  "/assets/..\\admin/x",
  "/assets/..;/admin/x",
  "/assets/%252e%252e/admin/x",
  "/assets/%2e%2e%2fadmin/x",
  "/assets/..%c0%afadmin/x",
  "//admin/x",
  "/./admin/x",
  "/%61dmin/x",
  "/%41DMIN/x",
  "/ADMIN/x",
  "/admin;v=1/x",
  "/admin%2fx",
  "/admin%00/x",
  "/admin./x",
  "/admin/x#/assets/",
  "/admin/x%23/assets/",
  "/admin/x?/assets/",
  "/x/..//admin/x",
  "/x/../sso/../admin/x",
  "/adm%C4%B1n/x",
  "/%EF%BD%81dmin/x",
  "/assets/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin/x",
  "/assets/..%E2%88%95admin/x",
  "/x%EF%BC%8F%EF%BC%8E%EF%BC%8E/admin/x",
  "/money.php/x",
];

describe("the gate", () => {
  let worker, origin, ada;
  before(async () => {
    origin = await startOrigin();
    const vars = { PUBLIC_PATHS: "/assets/*, /robots.txt", PATH_ROLES: "/admin/* = finance; /money.php = finance; /reports/* = developer, account_administrator" };
    worker = await startWorker(withOrigin(origin.url, vars));
    ada = await signedIn(worker, await addAccount(worker, "acme"));
  });
  after(() => Promise.all([worker.close(), origin.close()]));

  it("leads a navigation to the login and back to the page", async () => {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await raw(worker, "/media?folder=a%2Fb", { method, headers: NAVIGATION });
      assert.equal(status, 302);
      assert.equal(headers.location, "/sso/login?return_to=%2Fmedia%3Ffolder%3Da%252Fb");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["strict-transport-security"], "max-age=31536000");
    }
    const { body } = await raw(worker, "/sso/login?return_to=%2Fmedia%3Ffolder%3Da%252Fb", { headers: NAVIGATION });
    assert.match(body, /name="return_to" value="\/media\?folder=a%2Fb"/);
  });

  it("tells everything else where the login is", async () => {
    for (const [method, headers] of [
      ["GET", { "sec-fetch-mode": "cors" }],
      ["GET", {}],
      ["POST", { "sec-fetch-mode": "cors" }],
      ["OPTIONS", {}],
      ["PROPFIND", {}],
      ["GET", { ...NAVIGATION, connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "x".repeat(22) + "==", "sec-websocket-version": "13" }],
    ]) {
      const { status, body } = await raw(worker, "/media", { method, headers });
      assert.equal(status, 401, method);
      assert.deepEqual(JSON.parse(body), { error: "not_signed_in", login: "/sso/login" });
    }
    assert.equal((await raw(worker, "/media", { method: "HEAD" })).status, 401);
  });

  it("tells whoever sends a form without a session how to send it again", async () => {
    const { response, code } = await worker.logged(() => raw(worker, "/orders", { method: "POST", headers: NAVIGATION }));
    assert.equal(response.status, 401);
    assert.equal(code, "not_signed_in");
    assert.match(response.body, /<h1>Please sign in, then send it again<\/h1>/);
    const again = await raw(worker, "/orders", { method: "POST", headers: { ...NAVIGATION, cookie: ada.jar.header() } });
    assert.equal(again.status, 200);
  });

  it("lets a session pass, with its identity", async () => {
    const page = await (await ada.get("/", NAVIGATION)).text();
    assert.match(page, new RegExp(`Hello, ${ADA.name}`));
    const told = await (await ada.get("/api/things?x=%2F")).json();
    assert.equal(told.url, "/api/things?x=%2F");
    assert.equal(told.method, "GET");
  });

  it("keeps methods as they are", async () => {
    for (const method of ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"]) {
      const seen = origin.requests.length;
      const { status } = await raw(worker, "/things", { method, headers: { cookie: ada.jar.header() } });
      assert.equal(status, 200, method);
      assert.equal(origin.requests.slice(seen).at(-1).method, method);
    }
  });

  it("takes no method that echoes", async () => {
    const seen = origin.requests.length;
    assert.equal((await raw(worker, "/things", { method: "TRACE", headers: { cookie: ada.jar.header() } })).status, 405);
    assert.equal(origin.requests.length, seen);
  });

  it("opens public paths to everybody", async () => {
    for (const path of ["/robots.txt", "/assets/app.js"]) {
      const { status, body } = await raw(worker, path);
      assert.equal(status, 200);
      assert.equal(JSON.parse(body).headers["x-saml-edge-account"], undefined);
    }
  });

  it("asks for roles by path", async () => {
    assert.equal((await ada.get("/reports/week")).status, 200);
    const headers = { ...NAVIGATION, cookie: ada.jar.header() };
    const { response, code } = await worker.logged(() => raw(worker, "/admin/users", { headers }));
    assert.equal(response.status, 403);
    assert.equal(code, "role_insufficient");
    assert.match(response.body, /Your role does not open this page/);
    assert.deepEqual((await (await ada.get("/admin")).json()).error, "role_insufficient");
    for (const path of ["/gr%C3%B6%C3%9Fe", "/%D0%B4%D0%B5%D0%BB%D0%B0/"]) assert.equal((await ada.get(path)).status, 200, path);
  });

  it("is open to no spelling of a path and no other program", async () => {
    const seen = origin.requests.length;
    for (const path of SPELLINGS) {
      for (const cookie of ["", ada.jar.header()]) {
        for (const headers of [{ cookie }, { cookie, "user-agent": "GoogleHC/1.0", "x-forwarded-uri": "/robots.txt", "x-original-url": "/robots.txt" }]) {
          const { status, body } = await raw(worker, path, { headers });
          assert.ok([400, 401, 403].includes(status), `${path}: ${status} ${body}`);
        }
      }
    }
    assert.equal(origin.requests.length, seen, "the origin has seen it");
  });

  it("keeps what is its own from the origin", async () => {
    const seen = origin.requests.length;
    for (const [path, status] of [["/sso", 303], ["/sso/other", 303], ["/sso/a.b", 404], ["/x/../sso/a.b", 404], ["/x\\..\\sso\\a.b", 404]]) {
      assert.equal((await raw(worker, path, { headers: { cookie: ada.jar.header() } })).status, status, path);
    }
    // workerd takes dots out before the Worker sees them.
    assert.equal((await raw(worker, "/x/%2e%2e/sso/healthz")).status, 200);
    assert.equal(origin.requests.length, seen);
  });

  it("a sibling's form does not pass with the session", async () => {
    const seen = origin.requests.length;
    const form = { cookie: ada.jar.header(), "content-type": "text/plain", "sec-fetch-mode": "no-cors" };
    const sibling = { ...form, "sec-fetch-site": "same-site", origin: "https://other.example" };
    const { response, code } = await worker.logged(() => raw(worker, "/orders", { method: "POST", headers: sibling, body: "x" }));
    assert.deepEqual([response.status, code], [403, "cross_site_request"]);
    assert.equal(origin.requests.length, seen);
    const own = { ...form, "sec-fetch-site": "same-origin", origin: BASE_URL };
    assert.equal((await raw(worker, "/orders", { method: "POST", headers: own, body: "x" })).status, 200);
    assert.equal((await raw(worker, "/assets/hook", { method: "POST", headers: sibling, body: "x" })).status, 200);
  });

  it("is open to nobody under another host's name", async () => {
    const { status } = await raw(worker, "/media", { headers: { host: "evil.example", "x-forwarded-host": BASE_URL } });
    assert.equal(status, 401);
  });
});

describe("over plain http", () => {
  let worker, origin;
  before(async () => {
    origin = await startOrigin();
    worker = await startWorker(withOrigin(origin.url, { PUBLIC_PATHS: "/assets/*" }), { plain: true });
  });
  after(() => Promise.all([worker.close(), origin.close()]));

  it("the gate answers with the same address by https", async () => {
    for (const path of ["/media?a=%2F&b", "/assets/app.js", "/sso/login", "/sso/", "/.well-known/jwks.json"]) {
      for (const method of ["GET", "POST"]) {
        const { status, headers } = await worker.fetch(path, { method });
        assert.deepEqual([status, headers.get("location")], [308, BASE_URL + path]);
        assert.equal(headers.get("strict-transport-security"), null);
      }
    }
    assert.equal(origin.requests.length, 0);
    assert.equal((await worker.fetch("/sso/healthz")).status, 200, "a monitor is answered");
  });
});

describe("in front of another Worker", () => {
  let worker, cookie;
  before(async () => {
    worker = await startWorker(withProduct());
    cookie = (await signedIn(worker, await addAccount(worker, "acme"))).jar.header();
  });
  after(() => worker.close());

  it("a session goes through, and nobody else", async () => {
    const { status, headers, body } = await raw(worker, "/a?b=%2F", { method: "POST", headers: { cookie, x_forwarded_user: "mallory" }, body: "sent" });
    assert.equal(status, 200);
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
    const told = JSON.parse(body);
    assert.deepEqual([told.url, told.method, told.body], [`${BASE_URL}/a?b=%2F`, "POST", "sent"]);
    assert.equal(told.headers["x-forwarded-email"], ADA.email);
    assert.equal(told.headers.cookie, undefined);
    assert.ok(!body.includes("mallory"));
    assert.equal((await raw(worker, "/a")).status, 401);
  });

  it("redirects are the browser's business", async () => {
    const { status, headers } = await raw(worker, "/redirect", { headers: { cookie } });
    assert.deepEqual([status, headers.location], [302, "https://other.example/"]);
  });

  it("a WebSocket echoes", async () => {
    const socket = new WebSocket(`ws://${worker.address.host}/socket`, { headers: { cookie, origin: BASE_URL } });
    await once(socket, "open");
    socket.send("hello");
    const [echo] = await once(socket, "message");
    assert.equal(echo.toString(), "hello");
    socket.terminate();
  });
});

describe("in front of an origin", () => {
  let origin;
  before(async () => void (origin = await startOrigin()));
  after(() => origin.close());

  async function statuses(vars) {
    const worker = await startWorker(withOrigin(origin.url, { PUBLIC_PATHS: "/*", ...vars }));
    try {
      return await Promise.all(["/", "/x", "/assets/app.js"].map(async (path) => (await raw(worker, path)).status));
    } finally {
      await worker.close();
    }
  }

  it("nothing is behind a gate without ORIGIN", async () => {
    assert.deepEqual(await statuses({ ORIGIN: "" }), [404, 404, 404]);
    assert.equal(origin.requests.length, 0);
  });

  it("a gate with one wrong var is closed", async () => {
    assert.deepEqual(await statuses({ PATH_ROLES: "/admin/* = nobody" }), [500, 500, 500]);
    assert.equal(origin.requests.length, 0);
    assert.deepEqual(await statuses({}), [200, 200, 200]);
    assert.equal(origin.requests.length, 3);
  });
});
