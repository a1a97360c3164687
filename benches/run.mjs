/**
 * All benches in one run, in alternating rounds, so that the ratios hold on a machine that is busy with other things.
 *
 *     node benches/run.mjs        prints a table, writes target/bench.json
 *
 * It expects what `make bench` builds first: build/, target/bench-wasm/ and benches/gate/pass_through/build/. xmlsec1_us is left out where
 * libxmlsec1's headers are missing.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { certificate, median, RESPONSE } from "./entra.mjs";
import { gate } from "./gate/bench.mjs";
import { microseconds, nodeSaml } from "./node_saml.mjs";

const ROUNDS = 12;
const root = new URL("../", import.meta.url);
const run = (program, ...args) => execFileSync(program, args, { cwd: root, encoding: "utf8" });
mkdirSync(new URL("target/bench/", root), { recursive: true });

const contenders = [native("verify"), native("c14n"), wasm(), await node(), await xmlsec1()].filter(Boolean);
// Last: the others are compiled first, which may take minutes.
const gated = await gate();
const rounds = [];
try {
  for (let round = 0; round < ROUNDS; round++) {
    const figures = {};
    for (const contender of [...contenders, gated]) Object.assign(figures, await contender());
    rounds.push(figures);
  }
} finally {
  await gated.close();
}

const result = {};
for (const name of Object.keys(rounds[0])) {
  result[name] = Number(median(rounds.map((figures) => figures[name])).toFixed(2));
}
const module = readFileSync(new URL("build/index_bg.wasm", root));
result.wasm_bytes = module.length;
result.wasm_gzip_bytes = gzipSync(module, { level: 9 }).length;

writeFileSync(new URL("target/bench.json", root), JSON.stringify(result, null, 2) + "\n");
print(result);

/** A Rust bench, built by cargo and then run without it. */
function native(name) {
  const messages = run("cargo", "bench", "--bench", name, "--no-run", "--message-format=json");
  const { executable } = messages
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .find((message) => message.target?.name === name && message.executable);
  return () => JSON.parse(run(executable, "--bench", "--json"));
}

/** The same code compiled to wasm, in this process. */
function wasm() {
  const { verify_iterations, rsa_iterations } = createRequire(root)("./target/bench-wasm/");
  const time = (iterations, count) => {
    const samples = Array.from({ length: count }, () => {
      const start = performance.now();
      iterations(1);
      return (performance.now() - start) * 1000;
    });
    return median(samples);
  };
  // V8 compiles wasm twice: the first calls run what it made in a hurry.
  time(verify_iterations, 500);
  time(rsa_iterations, 500);
  return () => ({ wasm_us: time(verify_iterations, 200), rsa_wasm_us: time(rsa_iterations, 200) });
}

async function node() {
  const validate = await nodeSaml();
  await microseconds(validate, 300);
  return async () => ({ node_saml_us: await microseconds(validate, 50) });
}

async function xmlsec1() {
  let flags;
  try {
    flags = run("pkg-config", "--cflags", "--libs", "xmlsec1-openssl").trim().split(/\s+/);
  } catch {
    console.log("xmlsec1_us skipped: libxmlsec1-dev is not installed");
    return undefined;
  }
  run("cc", "-O2", "-Wall", "benches/xmlsec1.c", "-o", "target/bench/xmlsec1", ...flags);
  writeFileSync(new URL("target/bench/idp.pem", root), await certificate());
  return () => JSON.parse(run("target/bench/xmlsec1", RESPONSE, "target/bench/idp.pem", "500"));
}

function print(figures) {
  const row = (label, value) => console.log(`${label.padEnd(44)} ${value.padStart(10)}`);
  const us = (value) => (value === undefined ? "–" : `${value.toFixed(0)} µs`);
  row("verify one 5 KB response, native", us(figures.native_us));
  row("  its RSA step", us(figures.rsa_native_us));
  row("verify one 5 KB response, wasm", us(figures.wasm_us));
  row("  its RSA step", us(figures.rsa_wasm_us));
  row("a whole login over fakes, native", us(figures.login_us));
  row("refuse the dearest hostile message, native", us(figures.hostile_max_us));
  row("refuse what is read, against such a login", `${figures.heavy_max_ratio.toFixed(2)}×`);
  row("read the dearest metadata, native", us(figures.metadata_max_us));
  row("  a KiB of 4 KiB, without RSA", `${figures.us_per_kib_of_4.toFixed(1)} µs`);
  row("  a KiB of 180 KiB, without RSA", `${figures.us_per_kib_of_180.toFixed(1)} µs`);
  row("C14N of 192 KiB against 16 KiB, for a KiB", `${figures.c14n_growth_max.toFixed(1)}×`);
  row("node-saml", us(figures.node_saml_us));
  row("libxmlsec1, parse and signature only", us(figures.xmlsec1_us));
  row("wasm module", `${(figures.wasm_bytes / 1024).toFixed(0)} KB`);
  row("  gzipped", `${(figures.wasm_gzip_bytes / 1024).toFixed(0)} KB`);
  row("wasm against node-saml", `${(figures.node_saml_us / figures.wasm_us).toFixed(1)}×`);
  row("gate: requests a second", figures.gate_rps.toFixed(0));
  row("  of what a bare Worker in Rust passes", `${figures.gate_of_rust.toFixed(2)}×`);
  row("  of what one in JavaScript passes", `${figures.gate_of_js.toFixed(2)}×`);
  row("  CPU of a request", us(figures.gate_cpu_us));
  row("  CPU of the bare Worker in Rust", us(figures.rust_cpu_us));
  row("  CPU of the one in JavaScript", us(figures.js_cpu_us));
  row("  half are answered within", us(figures.gate_latency_us));
  row("  by the bare Worker in Rust", us(figures.rust_latency_us));
  if (figures.xmlsec1_us) row("native against libxmlsec1", `${(figures.xmlsec1_us / figures.native_us).toFixed(1)}×`);
}
