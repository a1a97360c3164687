/** The response every bench verifies, and what they share. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const file = (name) => fileURLToPath(new URL(`../tests/vectors/entra/${name}`, import.meta.url));

export const RESPONSE = file("assertion.xml");
export const NOW = Date.parse("2026-11-24T10:00:30Z");

/** @returns {Promise<string>} the IdP's certificate as PEM */
export async function certificate() {
  const metadata = await readFile(file("assertion.metadata.xml"), "utf8");
  const [, base64] = metadata.match(/<X509Certificate>([^<]+)</);
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** @param {number[]} samples */
export function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
