/** Nobody is sent to another site, whatever `return_to` or RelayState say. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount } from "./support/accounts.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { BASE_URL, startWorker } from "./support/worker.mjs";

const ELSEWHERE = [
  "https://evil.example/",
  "//evil.example/",
  "///evil.example/",
  "/\\evil.example/",
  "\\\\evil.example/",
  "/\t/evil.example/",
  "/\n/evil.example/",
  "\t//evil.example/",
  "http:evil.example",
  "https:///evil.example/",
  "javascript:alert(1)",
  "data:text/html,x",
  "@evil.example",
  ".evil.example",
  "%2f%2fevil.example",
  `${BASE_URL}.evil.example/`,
  `${BASE_URL}@evil.example/`,
  "",
];

describe("the page after a login", () => {
  let worker, off, on;
  before(async () => {
    worker = await startWorker();
    off = await addAccount(worker, "acme");
    on = await addAccount(worker, "on", { idp_initiated: "on" });
  });
  after(() => worker.close());

  for (const target of ELSEWHERE) {
    it(`is ours with return_to ${JSON.stringify(target)}`, async () => {
      const visitor = new Visitor(worker);
      const query = new URLSearchParams({ return_to: target });
      const started = await visitor.get(`/sso/acme/login?${query}`);
      if (started.status === 400) return;
      const { searchParams } = new URL(started.headers.get("location"));
      const { id } = await visitor.startLogin("acme", target);
      const fields = formFields(await off.respond({ inResponseTo: id }), searchParams.get("RelayState"));
      stays(await visitor.postToAcs("acme", fields));
    });

    it(`is ours with RelayState ${JSON.stringify(target)}`, async () => {
      stays(await new Visitor(worker).postToAcs("on", { ...formFields(await on.respond()), RelayState: target }));
    });
  }

  it("is the one asked for when it is a path of ours, query and all", async () => {
    const response = await new Visitor(worker).postToAcs("on", formFields(await on.respond(), "/a/b?c=%2F%2Fd#e"));
    assert.equal(response.headers.get("location"), "/a/b?c=%2F%2Fd#e");
  });
});

/** As a browser reads Location: relative to the page it came from, tabs and line breaks dropped. */
function stays(response) {
  assert.equal(response.status, 303);
  const location = response.headers.get("location");
  assert.equal(new URL(location, `${BASE_URL}/sso/acme/acs`).origin, BASE_URL, location);
}
