/** Answers of an origin in every shape, through workerd, to somebody who is signed in: their headers are mended. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { raw } from "./support/raw.mjs";
import { signedIn } from "./support/visitor.mjs";
import { startWorker, withOrigin } from "./support/worker.mjs";

const OURS = "set-cookie: __Host-session=x\r\nset-cookie: __host-SAML_user=y\r\n";
const OK = "content-length: 2\r\n\r\nok";

/** What comes of each: its status, its body, and how many cookies. */
const SHAPES = {
  "/204": ["HTTP/1.1 204 No Content\r\n\r\n", 204, "", 0],
  "/205": ["HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n", 205, "", 0],
  "/304": ['HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n', 304, "", 0],
  "/103": [`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`, 200, "ok", 0],
  "/299": [`HTTP/1.1 299 Odd\r\n${OK}`, 299, "ok", 0],
  "/599": [`HTTP/1.1 599 Odd\r\n${OK}`, 599, "ok", 0],
  "/reason": [`HTTP/1.1 200 \u00c3\u00a9\r\n${OK}`, 200, "ok", 0],
  "/octets": [`HTTP/1.1 200 OK\r\nx-name: \xff\xfe\xc3\r\nset-cookie: a=\xff; Path=/\r\n${OURS}${OK}`, 200, "ok", 1],
  "/many": [`HTTP/1.1 200 OK\r\n${"set-cookie: a=b\r\n".repeat(200)}${OURS}${OK}`, 200, "ok", 200],
  "/twice": [`HTTP/1.1 200 OK\r\ncache-control: public\r\ncache-control: s-maxage=5\r\n${OK}`, 200, "ok", 0],
  "/names": [`HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\n${OK}`, 200, "ok", 0],
};

describe("an answer", () => {
  let worker, origin, cookie;
  before(async () => {
    origin = createServer((socket) => {
      socket.on("error", () => {}).on("data", (head) => {
        const [, path] = head.toString("latin1").split(" ");
        socket.end(Buffer.from(SHAPES[path][0], "latin1"));
      });
    }).listen(0, "127.0.0.1");
    await once(origin, "listening");
    worker = await startWorker(withOrigin(`http://127.0.0.1:${origin.address().port}`));
    cookie = (await signedIn(worker, await addAccount(worker, "acme"))).jar.header();
  });
  after(async () => {
    await worker.close();
    origin.close();
  });

  for (const [path, [, status, body, cookies]] of Object.entries(SHAPES)) {
    it(`of the shape ${path} passes, without a cookie of ours and for no shared cache`, async () => {
      for (const method of ["GET", "HEAD"]) {
        const seen = await raw(worker, path, { method, headers: { cookie } });
        assert.equal(seen.status, status, seen.body);
        assert.equal(seen.body, method === "HEAD" ? "" : body);
        assert.equal(seen.headers["cache-control"], "private");
        assert.equal(seen.headers["set-cookie"]?.length ?? 0, cookies);
        assert.doesNotMatch(String(seen.headers["set-cookie"]), /__host-/i);
      }
    });
  }

  it("that is odd leaves the Worker as it was", async () => {
    assert.equal((await worker.fetch("/sso/healthz")).status, 200);
    assert.deepEqual(worker.lines().filter((line) => /panic|critical/i.test(line)), []);
  });
});
