/** A key with a self-signed X.509 certificate, the kind IdPs publish; RFC 5280 in a page of DER. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const SHA256_WITH_RSA = "2a864886f70d01010b";
const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";

/**
 * @param {string} name the certificate's subject
 * @param {{ bits?: number, curve?: string, days?: number }} [options] RSA of so many bits, or ECDSA on a curve
 * @returns {{ key: string, cert: string }} both as PEM
 */
export function selfSigned(name, { bits = 2048, curve, days = 365 } = {}) {
  const { privateKey, publicKey } = curve
    ? generateKeyPairSync("ec", { namedCurve: curve })
    : generateKeyPairSync("rsa", { modulusLength: bits });
  const algorithm = curve ? sequence(oid(ECDSA_WITH_SHA256)) : sequence(oid(SHA256_WITH_RSA), der(0x05));
  const subject = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));
  const now = Date.now();
  const certificate = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    subject,
    sequence(utcTime(now - 3_600_000), utcTime(now + days * 86_400_000)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", certificate, privateKey);
  const signed = sequence(certificate, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = signed.toString("base64").match(/.{1,64}/g);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = content.length < 0x100 ? Buffer.of(content.length) : Buffer.of(content.length >> 8, content.length);
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, content]);
}

const sequence = (...parts) => der(0x30, ...parts);
const oid = (hex) => der(0x06, Buffer.from(hex, "hex"));
const integer = (octets) => der(0x02, octets);
const utcTime = (ms) => der(0x17, Buffer.from(new Date(ms).toISOString().replace(/^..|[-:T]|\.\d+/g, "")));
