/** `.make/wasm-features`, which `make test` runs over the Worker, lets nothing through that a Worker may not use. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { root } from "./support/worker.mjs";

const PLAIN = `(import "a" "x" (func)) (import "a" "y" (func))`;

const folder = mkdtempSync(join(tmpdir(), "saml-edge-"));
after(() => rmSync(folder, { recursive: true }));

/** Whether the check lets a module pass that is assembled with this feature. */
function passes(text, feature) {
  const [source, file] = [`${folder}/module.wat`, `${folder}/module.wasm`];
  writeFileSync(source, `(module ${text})`);
  const assembled = run("wasm-as", "--mvp-features", `--enable-${feature}`, source, "-o", file);
  assert.equal(assembled.status, 0, assembled.stderr);
  return run(`${root}.make/wasm-features`, file).status === 0;
}

const run = (program, ...args) => spawnSync(program, args, { cwd: root, encoding: "utf8" });

it("takes what worker-build names", () => {
  assert.ok(passes(PLAIN, "mutable-globals"));
  assert.ok(passes(`(func (result i32) (i32.extend8_s (i32.const 1)))`, "sign-ext"));
});

it("refuses instructions, types and encodings beyond that", () => {
  assert.ok(!passes(`(func (result v128) (i32x4.splat (i32.const 1)))`, "simd"));
  assert.ok(!passes(`(memory 1 1 shared)`, "threads"));
  assert.ok(!passes(`(func $f (return_call $f))`, "tail-call"));
  assert.ok(!passes(PLAIN, "compact-imports"));
});
