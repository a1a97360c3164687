/**
 * Fresh secrets for a Worker on this machine: those of `saml-edge keygen --admin-token`, without the time to build it.
 *
 *     node tests/demo/secrets.mjs FILE     adds to a dotenv file the secrets that it lacks; the others stay
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { selfSigned } from "./certificate.mjs";

const DAYS = 3652;

const random = () => randomBytes(32).toString("base64url");
const signing = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }).d;
const identity = ({ key, cert }) => key + cert;

/** What makes each secret, by name. */
export const SECRETS = {
  SESSION_KEYS: () => `${random()},${random()}`,
  TOKEN_KEYS: () => `${signing()},${signing()}`,
  SP_KEYS: () => identity(selfSigned("localhost", { days: DAYS })),
  ADMIN_TOKEN: random,
};

if (import.meta.filename === process.argv[1]) addTo(process.argv[2]);

function addTo(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const missing = Object.keys(SECRETS).filter((name) => !(name in parseEnv(text)));
  if (missing.length === 0) return;
  console.error(`set-up: adding ${missing.join(", ")} for this machine to ${file}`);
  const lines = missing.map((name) => `${name}='${SECRETS[name]()}'\n`);
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  appendFileSync(file, end + lines.join(""), { mode: 0o600 });
}
