/** A browser's cookie jar for one host: it keeps the rules that matter to a login across sites. */
export class Jar {
  /** @type {Map<string, { value: string, attributes: Map<string, string> }>} */
  #cookies = new Map();

  /** Takes in every Set-Cookie of a response. */
  store(response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(/;\s*/);
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      const attributes = new Map(rest.map((item) => [item.split("=")[0].toLowerCase(), item.split("=")[1] ?? ""]));
      // A browser drops a __Host- cookie that does not keep the prefix's promise.
      const kept = attributes.has("secure") && attributes.get("path") === "/" && !attributes.has("domain");
      if (name.startsWith("__Host-") && !kept) continue;
      if (attributes.get("max-age") === "0") this.#cookies.delete(name);
      else this.#cookies.set(name, { value: pair.slice(at + 1), attributes });
    }
  }

  /**
   * The Cookie header for a request.
   *
   * @param {{ crossSitePost?: boolean }} [options] a form on another site: only SameSite=None cookies go along
   */
  header({ crossSitePost = false } = {}) {
    const sent = [...this.#cookies].filter(([, { attributes }]) => !crossSitePost || sameSite(attributes) === "none");
    return sent.map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  /** @returns {string | undefined} */
  value(name) {
    return this.#cookies.get(name)?.value;
  }

  /** @returns {Map<string, string> | undefined} by lower-case name */
  attributes(name) {
    return this.#cookies.get(name)?.attributes;
  }

  /** @returns {string[]} */
  get names() {
    return [...this.#cookies.keys()];
  }
}

const sameSite = (attributes) => attributes.get("samesite")?.toLowerCase();
