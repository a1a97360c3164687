/** Metadata by its address (row H10), with the `fetch` of workerd; where that leads is this test's. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { metadata, newIdp } from "../demo/response.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const ADMIN_TOKEN = Buffer.alloc(32, 9).toString("base64url");
const XML = "application/samlmetadata+xml";

describe("metadata by its address", () => {
  const servers = new Map();
  const asked = [];
  let worker, xml;
  before(async () => {
    xml = await metadata(newIdp("https://idp.example"));
    const network = (request) => {
      asked.push(request);
      return servers.get(request.url)?.(request) ?? new Response("no such page", { status: 404 });
    };
    worker = await startWorker(withSecrets({ ADMIN_TOKEN }), { network });
  });
  after(() => worker.close());
  beforeEach(() => {
    servers.clear();
    asked.length = 0;
  });

  it("is fetched once, and stored", async () => {
    servers.set("https://idp.example/metadata", () => new Response(xml, { headers: { "content-type": XML } }));
    assert.deepEqual(await fetched("stored", "https://idp.example/metadata"), [201, undefined]);
    assert.equal(await stored("stored"), xml);
    const [{ method, headers }] = asked;
    assert.deepEqual([asked.length, method, headers.get("accept").split(",")[0]], [1, "GET", XML]);
    for (const name of ["authorization", "cookie"]) assert.equal(headers.get(name), null);
  });

  it("leads to no other host, and to none that is not public", async () => {
    servers.set("https://idp.example/away", () => Response.redirect("https://other.example/metadata", 302));
    servers.set("https://idp.example/down", () => Response.redirect("http://idp.example/metadata", 302));
    servers.set("https://idp.example/old", () => new Response(null, { status: 301, headers: { location: "/metadata" } }));
    servers.set("https://idp.example/metadata", () => new Response(xml));
    for (const path of ["away", "down"]) {
      assert.deepEqual(await fetched("led", `https://idp.example/${path}`), [422, "metadata_url_redirected"]);
    }
    for (const url of ["https://169.254.169.254/", "http://idp.example/metadata", "https://idp.internal/", "https://edge.example/"]) {
      assert.deepEqual(await fetched("led", url), [422, "metadata_url_forbidden"]);
    }
    assert.equal(await stored("led"), null);
    assert.deepEqual(asked.map(({ url }) => url), ["https://idp.example/away", "https://idp.example/down"]);
    assert.deepEqual(await fetched("led", "https://idp.example/old"), [201, undefined]);
  });

  it("is read no further than it may be long", async () => {
    const blanks = " ".repeat(2 * 1024 * 1024);
    // Of a length that is said, and of one that is not.
    servers.set("https://idp.example/long", () => new Response(blanks));
    servers.set("https://idp.example/longer", () => new Response(new Blob([blanks]).stream()));
    for (const path of ["long", "longer"]) {
      assert.deepEqual(await fetched("long", `https://idp.example/${path}`), [422, "message_too_large"]);
    }
    assert.equal(await stored("long"), null);
  });

  it("is not waited for longer than ten seconds", async () => {
    servers.set("https://idp.example/slow", async () => {
      await pass(13_000);
      return new Response(xml);
    });
    const begun = performance.now();
    assert.deepEqual(await fetched("slow", "https://idp.example/slow"), [422, "metadata_url_unanswered"]);
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(seconds > 9.5 && seconds < 12.5, `${seconds} s`);
    assert.equal(await stored("slow"), null);
  });

  it("is looked at anew in every round, and a new certificate waits for a yes", async () => {
    const address = "https://idp.example/rolled-over";
    const rolled = await metadata({ ...newIdp("https://idp.example", { days: 2 }) });
    servers.set(address, () => new Response(rolled));
    await worker.kv.put("metadata:following", xml);
    await worker.kv.put("account:following", JSON.stringify({ metadata_url: address }));
    await worker.kv.put("metadata:staying", xml);
    await worker.kv.put("account:staying", "{}");
    const looks = () => asked.filter(({ url }) => url === address).length;
    for (let round = 0; round < 2; round++) {
      await worker.beginRound();
      for (let patience = 1200; looks() <= round && patience > 0; patience--) await pass(50);
    }
    assert.equal(looks(), 2);
    let state;
    for (let patience = 1200; !state?.staged && patience > 0; patience--) {
      state = await (await call("following/metadata/refresh")).json();
      await pass(50);
    }
    assert.equal(state.last.code, "staged");
    assert.equal(await stored("following"), xml, "nobody has said yes");
    assert.deepEqual(await actions("staying"), []);
    const approved = await call(`following/metadata/staged/${state.staged.id}/approve`, {
      method: "POST",
      headers: { "if-match": "*" },
    });
    assert.equal(approved.status, 200);
    assert.equal(await stored("following"), rolled);
    state = await (await call("following/metadata/refresh", { method: "POST" })).json();
    assert.deepEqual([state.last.code, state.staged], ["unchanged", null]);
    assert.deepEqual(await actions("following"), [
      "operator metadata.changed",
      "elsewhere metadata.changed",
      "refresh metadata.staged",
    ]);
  });

  async function actions(account) {
    const { audit_events } = await (await call(`${account}/audit-events`)).json();
    return audit_events.map(({ actor, action }) => `${actor} ${action}`);
  }

  const stored = (account) => worker.kv.get(`metadata:${account}`);

  function call(path, { headers, ...options } = {}) {
    return worker.fetch(`/sso/api/v1/accounts/${path}`, {
      ...options,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
    });
  }

  async function fetched(account, url) {
    const response = await call(`${account}/metadata`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url }),
    });
    return [response.status, (await response.json()).code];
  }
});
