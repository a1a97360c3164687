/** What is encrypted in a response: by the npm packages `samlp` and `xml-encryption`, and where these end, by OpenSSL. */
import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { SignedXml } from "xml-crypto";
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
  return xml.replace(assertion, () => sealed("EncryptedAssertion", data));
}

const sealed = (name, data) => `<saml:${name} xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${data}</saml:${name}>`;

/**
 * Encrypts the assertion of a finished response by AES-192-GCM and RSA-OAEP with SHA-384.
 *
 * @param {string} [before] what stands before it in what is encrypted
 */
export function encryptAssertionWithOpenSsl(xml, recipient, before = "") {
  const [assertion] = xml.match(/<saml:Assertion\b.*<\/saml:Assertion>/s);
  return xml.replace(assertion, () => sealed("EncryptedAssertion", encryptedData(before + declaring(assertion), recipient)));
}

/** Encrypts the NameID of a response that nobody has signed yet, and signs its assertion then. */
export function encryptNameId(xml, recipient, idp) {
  const [nameId] = xml.match(/<saml:NameID\b.*<\/saml:NameID>/s);
  return sign(xml.replace(nameId, () => sealed("EncryptedID", encryptedData(declaring(nameId), recipient))), idp, "Assertion");
}

function encryptedData(xml, { cert }) {
  const [key, nonce] = [randomBytes(24), randomBytes(12)];
  const cipher = createCipheriv("aes-192-gcm", key, nonce);
  const ciphertext = Buffer.concat([nonce, cipher.update(xml), cipher.final(), cipher.getAuthTag()]);
  const wrapped = publicEncrypt({ key: cert, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha384" }, key);
  return `<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">
<e:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes192-gcm"/>
<d:KeyInfo xmlns:d="http://www.w3.org/2000/09/xmldsig#"><e:EncryptedKey><e:EncryptionMethod Algorithm="${RSA_OAEP}">
<d:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"/>
<f:MGF xmlns:f="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha384"/>
</e:EncryptionMethod><e:CipherData><e:CipherValue>${wrapped.toString("base64")}</e:CipherValue></e:CipherData></e:EncryptedKey></d:KeyInfo>
<e:CipherData><e:CipherValue>${ciphertext.toString("base64")}</e:CipherValue></e:CipherData></e:EncryptedData>`;
}

/** The fragment with the namespace that it had from around it. */
const declaring = (xml) =>
  xml.includes("xmlns:saml=") ? xml : xml.replace(/^<[\w:]+/, '$& xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"');

/** What is encrypted in a response, in a new Response of another IdP, which signs around it. */
export function wrapped(xml, idp, acs, inResponseTo = "_none") {
  const [encrypted] = xml.match(/<(saml:)?EncryptedAssertion\b.*<\/(saml:)?EncryptedAssertion>/s);
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_wrapped" Version="2.0" IssueInstant="${new Date().toISOString()}"
InResponseTo="${inResponseTo}" Destination="${acs}"><saml:Issuer>${idp.entityId}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${encrypted}</samlp:Response>`;
  return sign(response, idp, "Response");
}

function sign(xml, { key }, element) {
  const signer = new SignedXml({
    privateKey: key,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: "http://www.w3.org/2001/10/xml-exc-c14n#",
    idAttribute: "ID",
  });
  signer.addReference({
    xpath: `//*[local-name(.)='${element}']`,
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2001/10/xml-exc-c14n#"],
  });
  const reference = `//*[local-name(.)='${element}']/*[local-name(.)='Issuer']`;
  signer.computeSignature(xml, { location: { reference, action: "after" } });
  return signer.getSignedXml();
}
