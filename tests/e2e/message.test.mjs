/** What JavaScript does with the orders that Rust writes; `tests/service/worker/orders.rs` writes the same fixture. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { pass, read } from "../../src/worker/http/message.js";

const ORDERS = readFileSync(new URL("../common/orders.txt", import.meta.url), "utf8");
const BACK = (...answer) => answer;
const { fetch } = globalThis;

afterEach(() => Object.assign(globalThis, { fetch }));

const posted = () =>
  new Request("https://app.example/a?b=c", {
    method: "POST",
    body: "x",
    headers: { cookie: "__Host-session=t; a=1; b=2", "x-forwarded-for": "forged", accept: "*/*" },
  });

test("a request is forwarded as Rust orders it", async () => {
  let forwarded;
  globalThis.fetch = async (...sent) => {
    forwarded = sent;
    return new Response("ok", { status: 203, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
  };
  const [answer, status, head] = await pass({}, posted(), ORDERS, BACK);
  const [address, { headers, ...init }] = forwarded;
  assert.equal(address, "https://origin.example/a?b=c");
  assert.deepEqual(
    [...headers].filter(([name]) => name !== "content-type"),
    [["accept", "*/*"], ["cookie", "a=1; b=2"], ["x-saml-edge-name", "Lovelace, Ada"]],
  );
  assert.deepEqual([init.method, init.redirect, init.cache], ["POST", "manual", "no-store"]);
  assert.ok(init.body instanceof ReadableStream);
  assert.equal(await answer.text(), "ok");
  assert.equal(status, 203);
  assert.equal(head, "content-type,text/plain;charset=UTF-8\nset-cookie,a=1\nset-cookie,b=2\n");
});

test("a bound service gets the request, without a body, a timeout or another cache mode", async () => {
  let forwarded;
  const service = async (...sent) => ((forwarded = sent), new Response(null, { status: 204 }));
  const request = new Request("https://app.example/", { headers: { accept: "*/*" } });
  const [, status] = await pass({ ORIGIN_SERVICE: { fetch: service } }, request, "https://app.example/\nservice \n\n", BACK);
  const [address, { headers, ...init }] = forwarded;
  assert.equal(address, "https://app.example/");
  assert.deepEqual([...headers], [["accept", "*/*"]]);
  assert.deepEqual(init, { method: "GET", redirect: "manual" });
  assert.equal(status, 204);
});

test("an origin that fails is told by its error, and one that is too slow by nothing", async () => {
  const error = new Error("gone");
  globalThis.fetch = async () => Promise.reject(error);
  assert.deepEqual(await pass({}, posted(), ORDERS, BACK), [error, 0, ""]);
  globalThis.fetch = () => new Promise(() => {});
  assert.deepEqual(await pass({}, posted(), ORDERS.replace("100000", "10"), BACK), [undefined, 0, ""]);
});

test("a request is read in lines", () => {
  const lines = new TextDecoder().decode(read(posted())).split("\n");
  assert.deepEqual(lines.slice(0, 2), [":method,POST", ":url,https://app.example/a?b=c"]);
  assert.ok(lines.includes("accept,*/*"));
});
