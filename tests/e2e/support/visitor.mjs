/** A person with a browser: follows a login step by step, with a cookie jar of their own. */
import { inflateRawSync } from "node:zlib";
import { Jar } from "./jar.mjs";

export const SESSION = "__Host-session";

export class Visitor {
  jar = new Jar();

  /** @param {Awaited<ReturnType<typeof import("./worker.mjs").startWorker>>} worker */
  constructor(worker) {
    this.worker = worker;
  }

  async get(path, headers = {}) {
    const response = await this.worker.fetch(path, { headers: { ...headers, cookie: this.jar.header() } });
    this.jar.store(response);
    return response;
  }

  /** Posts what the IdP's page would: a form of another site. */
  postToAcs(account, fields) {
    return this.postFromIdp({ action: `/sso/${account}/acs`, fields });
  }

  /** The same, with the address that the form has; what follows a `#` in it stays in the browser. */
  async postFromIdp({ action, fields }) {
    const response = await this.worker.fetch(action.replace(/#.*/, ""), {
      method: "POST",
      headers: { cookie: this.jar.header({ crossSitePost: true }), origin: "http://127.0.0.1" },
      body: new URLSearchParams(fields),
    });
    this.jar.store(response);
    return response;
  }

  /** Posts a form of one of our own pages, or one that pretends to be. */
  async submit(path, fields, site = "same-origin") {
    const response = await this.worker.fetch(path, {
      method: "POST",
      headers: { cookie: this.jar.header(), "sec-fetch-site": site },
      body: new URLSearchParams(fields),
    });
    this.jar.store(response);
    return response;
  }

  /** Starts a login at the Worker. */
  async startLogin(account, returnTo) {
    const query = returnTo === undefined ? "" : `?${new URLSearchParams({ return_to: returnTo })}`;
    return authnRequest(await this.get(`/sso/${account}/login${query}`));
  }

  get session() {
    return this.jar.value(SESSION);
  }
}

/** Somebody who has signed in to this account. */
export async function signedIn(worker, { account, respond }) {
  const visitor = new Visitor(worker);
  const { id, relayState } = await visitor.startLogin(account);
  await visitor.postToAcs(account, formFields(await respond({ inResponseTo: id }), relayState));
  if (!visitor.session) throw new Error("nobody was signed in");
  return visitor;
}

/**
 * Reads the AuthnRequest in a redirect to the IdP.
 *
 * @returns {{ response: Response, url: URL, xml: string, id: string, relayState: string | null }}
 */
export function authnRequest(response) {
  const url = new URL(response.headers.get("location"));
  const xml = inflateRawSync(Buffer.from(url.searchParams.get("SAMLRequest"), "base64")).toString();
  const [, id] = xml.match(/\bID="([^"]+)"/);
  return { response, url, xml, id, relayState: url.searchParams.get("RelayState") };
}

/** The fields a browser posts for this response. */
export const formFields = (xml, relayState) => ({
  SAMLResponse: Buffer.from(xml).toString("base64"),
  ...(relayState && { RelayState: relayState }),
});
