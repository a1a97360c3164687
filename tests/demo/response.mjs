/** Signed responses and metadata, made by the npm package `samlp`: an IdP library that others wrote. */
import samlp from "samlp";
import { selfSigned } from "./certificate.mjs";
import { claims } from "./users.mjs";

const EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/**
 * @typedef {{ entityId: string, ssoUrl: string, key: string, cert: string }} Idp
 * @typedef {{ account: string, entityId: string, acs: string }} ServiceProvider
 */

/**
 * An IdP: a name, an address, a fresh key.
 *
 * @param {string} origin where it answers, or would
 * @param {Parameters<typeof selfSigned>[1]} [key]
 * @returns {Idp}
 */
export function newIdp(origin, key) {
  return { entityId: `${origin}/metadata`, ssoUrl: `${origin}/sso`, ...selfSigned(new URL(origin).host, key) };
}

/**
 * What the Worker calls itself towards the IdP of `account`.
 *
 * @returns {ServiceProvider}
 */
export function serviceProvider(baseUrl, account) {
  const own = `${baseUrl}/sso/${account}`;
  return { account, entityId: `${own}/metadata`, acs: `${own}/acs` };
}

/** The options `samlp` takes for this IdP, in its own words. */
export function samlpOptions(idp, account) {
  return {
    issuer: idp.entityId,
    key: idp.key,
    cert: idp.cert,
    signatureAlgorithm: "rsa-sha256",
    digestAlgorithm: "sha256",
    profileMapper: profileMapper(account),
    nameIdentifierFormat: EMAIL_ADDRESS,
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    lifetimeInSeconds: 600,
  };
}

function profileMapper(account) {
  function mapper(user) {
    return {
      getClaims: () => user.claims ?? claims(user, account),
      getNameIdentifier: () => ({ nameIdentifier: user.email }),
    };
  }
  // The claims that samlp lists in the metadata: none, our Worker names what it reads.
  mapper.prototype.metadata = [];
  return mapper;
}

/**
 * The IdP's metadata document, without a server.
 *
 * @param {Idp} idp
 * @returns {Promise<string>}
 */
export function metadata(idp) {
  const { protocol, host, pathname } = new URL(idp.ssoUrl);
  const options = { ...samlpOptions(idp), redirectEndpointPath: pathname, postEndpointPath: pathname };
  const request = { protocol: protocol.slice(0, -1), headers: { host } };
  return new Promise((resolve) => {
    samlp.metadata({ ...options, logoutEndpointPaths: {} })(request, { set() {}, send: resolve });
  });
}

/**
 * A signed response as XML. What is not given is right: pass one thing to make one thing wrong.
 *
 * @param {Idp} idp
 * @param {ServiceProvider} sp
 * @param {object} options
 * @param {{ email: string, name?: string, role?: string, claims?: object }} options.user
 * @param {string} [options.inResponseTo]
 * @param {string} [options.audience]
 * @param {string} [options.recipient]
 * @param {string} [options.destination]
 * @param {string} [options.issuer]
 * @param {number} [options.issuedAt] milliseconds
 * @param {boolean} [options.signAssertion] default true
 * @param {boolean} [options.signResponse] default false
 * @returns {Promise<string>}
 */
export function signedResponse(idp, sp, { user, issuedAt, ...overrides }) {
  const options = {
    ...samlpOptions(idp, sp.account),
    audience: sp.entityId,
    recipient: sp.acs,
    destination: sp.acs,
    ...overrides,
  };
  return at(issuedAt, () => {
    const { promise, resolve, reject } = Promise.withResolvers();
    samlp.getSamlResponse(options, user, (error, xml) => (error ? reject(error) : resolve(xml)));
    return promise;
  });
}

/** `samlp` asks the clock for every time in the assertion, and does so before `make` returns. */
function at(time, make) {
  if (time === undefined) return make();
  const { now } = Date;
  Date.now = () => time;
  try {
    return make();
  } finally {
    Date.now = now;
  }
}
