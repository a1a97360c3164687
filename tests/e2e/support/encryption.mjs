/** Encrypted assertions, made by the npm packages `samlp` and `xml-encryption`. */
import { promisify } from "node:util";
import { encrypt } from "xml-encryption";

const makeEncryptedData = promisify(encrypt);

export const AES_128_GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
export const AES_256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
export const AES_256_CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
export const TRIPLE_DES = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
export const RSA_OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
export const RSA_1_5 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";

/**
 * Options with which `samlp` encrypts the assertion, by RSA-OAEP with SHA-1; a Response is signed around it.
 *
 * @param {{ cert: string }} recipient
 * @param {string} [encryptionAlgorithm]
 */
export const encryptedTo = ({ cert }, encryptionAlgorithm = AES_256_GCM) => ({
  encryptionCert: cert,
  encryptionPublicKey: cert,
  encryptionAlgorithm,
  disallowEncryptionWithInsecureAlgorithm: false,
  warnOnInsecureEncryptionAlgorithm: false,
});

/**
 * Encrypts the assertion of a finished response, with key transports that `samlp` does not offer.
 *
 * @param {string} xml
 * @param {{ cert: string }} recipient
 * @param {{ keyEncryptionAlgorithm: string, keyEncryptionDigest?: string, keyEncryptionMgf?: string }} transport
 */
export async function encryptAssertion(xml, { cert }, transport) {
  const [assertion] = xml.match(/<saml:Assertion\b.*<\/saml:Assertion>/s);
  const data = await makeEncryptedData(assertion, {
    rsa_pub: cert,
    pem: cert,
    encryptionAlgorithm: AES_256_GCM,
    disallowEncryptionWithInsecureAlgorithm: false,
    warnInsecureAlgorithm: false,
    ...transport,
  });
  const sealed = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${data}</saml:EncryptedAssertion>`;
  return xml.replace(assertion, () => sealed);
}
