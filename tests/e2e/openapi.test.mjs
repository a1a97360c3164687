/** The admin API does what its description says: schemathesis calls it in every way that the description allows. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { metadata, newIdp } from "../demo/response.mjs";
import { startWorker, withSecrets } from "./support/worker.mjs";

const TOKEN = Buffer.alloc(32, 7).toString("base64url");
const API = "/sso/api/v1";
const METHODS = ["get", "put", "post", "delete", "patch"];
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const description = JSON.parse(await readFile(at("../../src/admin/openapi.json"), "utf8"));
const operations = Object.values(description.paths).flatMap((path) => METHODS.filter((method) => path[method]));

describe("the description of the admin API", () => {
  let worker;
  before(async () => {
    worker = await startWorker(withSecrets({ ADMIN_TOKEN: TOKEN }), { local: true });
    await worker.kv.put("metadata:acme", await metadata(newIdp("http://127.0.0.1:18999")));
  });
  after(() => worker?.close());

  it("is served to whoever has the token", async () => {
    const served = await worker.fetch(`${API}/openapi.json`, { headers: { authorization: `Bearer ${TOKEN}` } });
    assert.deepEqual(await served.json(), description);
    assert.equal((await worker.fetch(`${API}/openapi.json`)).status, 401);
  });

  it("is what schemathesis finds", { timeout: 300_000 }, async () => {
    const run = promisify(execFile)(
      at("../../.tools/python/bin/schemathesis"),
      [
        "--config-file", at("support/schemathesis.toml"),
        // Where it reads the description from its address, it leaves out that one operation.
        "run", at("../../src/admin/openapi.json"),
        "--url", `${worker.baseUrl}${API}`,
        "--header", `Authorization: Bearer ${TOKEN}`,
        "--seed", "1",
        "--max-examples", "5",
        "--generation-database", "none",
        "--no-color",
      ],
      { cwd: at("../../target"), maxBuffer: 16 << 20 },
    );
    const { stdout } = await run.catch((error) => assert.fail(error.stdout || error.message));
    const [, tested] = /Tested: (\d+)/.exec(stdout) ?? [];
    assert.equal(Number(tested), operations.length, stdout);
  });
});
