/** SimpleSAMLphp as an IdP: Debian's package behind PHP's own web server, with a configuration made for one test. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { selfSigned } from "../../demo/certificate.mjs";
import { start, stop } from "../../demo/processes.mjs";
import { USERS } from "../../demo/users.mjs";
import { Jar } from "./jar.mjs";

const program = fileURLToPath(new URL("../../../.tools/simplesamlphp", import.meta.url));
const HOSTED = "saml20-idp-hosted.php";
const STARTED = /Development Server \((http:[^)]+)\) started/;

/** What the administrator adds to an SP's entry, so that users get the four claims of `account`; the guide says the same. */
export const claimsFor = (account) => ({
  "simplesaml.nameidattribute": "mail",
  authproc: {
    10: { class: "core:AttributeAdd", account_id: account },
    20: { class: "core:AttributeMap", displayName: "full_name", title: "role" },
  },
});

/** Starts an IdP on 127.0.0.1 at which the users of the demo company sign in, each with the id for a password. */
export async function startSimpleSamlPhp() {
  const folder = await mkdtemp(join(tmpdir(), "saml-edge-"));
  await configure(folder);
  const env = { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: folder };
  // A cache of compiled files would hide for two seconds what a test changes in the configuration.
  const options = ["-d", "opcache.enable=0", "-S", "127.0.0.1:0", "-t", `${program}/www`];
  const server = start("php", options, { env });
  const said = [];
  server.stdout.resume();
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stderr).on("line", (line) => {
      said.push(line);
      const [, address] = line.match(STARTED) ?? [];
      if (address) resolve(address);
    });
    server.on("error", reject).on("exit", () => reject(new Error(`PHP did not start:\n${said.join("\n")}`)));
  });

  const sps = [];
  const publish = () => fetch(`${url}/saml2/idp/metadata.php`);
  return {
    /** The page at which it publishes its metadata. */
    publish,

    /** The metadata it publishes. */
    metadata: async () => (await publish()).text(),

    /**
     * Registers an SP.
     *
     * @param {string} metadata the SP's
     * @param {object} settings what the administrator adds to the entry that comes of it
     */
    async register(metadata, settings) {
      sps.push([metadata, settings]);
      await writeFile(`${folder}/sps.json`, JSON.stringify(sps));
    },

    /**
     * Writes an SP's entry by hand, as an administrator does who has copied its values.
     *
     * @param {string} entityId
     * @param {object} entry
     */
    enter: (entityId, entry) => writeFile(`${folder}/entered.json`, JSON.stringify({ [entityId]: entry })),

    /** Publishes its next key beside the one it signs with. */
    announceNextKey: () => writeFile(`${folder}/${HOSTED}`, hosted("current", "next")),

    /** Has only its next key from now on. */
    changeKey: () => writeFile(`${folder}/${HOSTED}`, hosted("next")),

    /** Where a login of `entityId` starts at the IdP. */
    startAddress(entityId, relayState) {
      const query = { spentityid: entityId, ...(relayState && { RelayState: relayState }) };
      return new URL(`${url}/saml2/idp/SSOService.php?${new URLSearchParams(query)}`);
    },

    /** Where a logout starts at the IdP, and the page it ends at. */
    logoutAddress() {
      return new URL(`${url}/saml2/idp/initSLO.php?${new URLSearchParams({ RelayState: this.goodbye })}`);
    },
    goodbye: "https://goodbye.example/",

    async close() {
      await stop(server);
      await rm(folder, { recursive: true });
    },
  };
}

/** A browser at the IdP. */
export class IdpVisitor {
  jar = new Jar();

  /**
   * Goes to an address, signs in where it is asked to, and takes what the last page posts to the SP.
   *
   * @param {URL} url
   * @param {{ id: string }} [user] whoever is signed in there already, when nobody is given
   * @param {URLSearchParams} [request] what is posted to the address
   * @returns {Promise<{ action: string, fields: Record<string, string>, asked: boolean }>}
   */
  async signIn(url, user, request) {
    let page = await this.#load(url, request);
    const asked = "password" in page.fields;
    if (asked) {
      const answers = { ...page.fields, username: user.id, password: user.id };
      page = await this.#load(new URL(page.action, page.url), new URLSearchParams(answers));
    }
    if (!page.fields.SAMLResponse) throw new Error(`no response at ${page.url}:\n${page.text}`);
    const { SAMLResponse, RelayState } = page.fields;
    return { action: page.action, fields: { SAMLResponse, ...(RelayState && { RelayState }) }, asked };
  }

  /**
   * Goes to an address of the IdP and on to wherever it leads, until it leads elsewhere.
   *
   * @param {URL} url
   * @returns {Promise<URL>}
   */
  async leave(url) {
    const response = await this.#fetch(url);
    const location = response.headers.get("location");
    if (!location) throw new Error(`no way on from ${url}:\n${await response.text()}`);
    const next = new URL(location, url);
    return next.origin === url.origin ? this.leave(next) : next;
  }

  async #fetch(url, body) {
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      body,
      headers: { cookie: this.jar.header() },
      redirect: "manual",
    });
    this.jar.store(response);
    return response;
  }

  async #load(url, body) {
    const response = await this.#fetch(url, body);
    const location = response.headers.get("location");
    if (location) return this.#load(new URL(location, url));
    const text = await response.text();
    return { url, text, ...formOf(text) };
  }
}

/**
 * The form on a page.
 *
 * @returns {{ action: string, fields: Record<string, string> }}
 */
export function formOf(html) {
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => [attribute(tag, "name"), attribute(tag, "value")]);
  const [form] = html.match(/<form\b[^>]*>/) ?? [""];
  return { action: attribute(form, "action"), fields: Object.fromEntries(inputs) };
}

const attribute = (tag, name) =>
  (tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "").replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (_, decimal, hex, word) =>
    word ? { amp: "&", lt: "<", gt: ">", quot: '"' }[word] : String.fromCodePoint(decimal ?? `0x${hex}`),
  );

async function configure(folder) {
  const users = USERS.map(({ id, name, role, email }) => [
    `${id}:${id}`,
    { uid: id, mail: email, displayName: name, title: role },
  ]);
  await mkdir(`${folder}/sessions`);
  for (const name of ["current", "next"]) {
    const { key, cert } = selfSigned("simplesamlphp.example");
    await writeFile(`${folder}/${name}.pem`, key);
    await writeFile(`${folder}/${name}.crt`, cert);
  }
  const files = {
    "sps.json": "[]",
    "entered.json": "{}",
    "config.php": php("config", {
      baseurlpath: "/",
      certdir: folder,
      loggingdir: folder,
      datadir: folder,
      tempdir: folder,
      metadatadir: folder,
      secretsalt: "made for one test",
      "auth.adminpassword": "made for one test",
      "technicalcontact_email": "it@acme.example",
      "logging.handler": "stderr",
      "enable.saml20-idp": true,
      "module.enable": { core: true, exampleauth: true, saml: true },
      // Plain http on loopback keeps no cookie that is marked secure.
      "session.cookie.secure": false,
      "session.cookie.samesite": "Lax",
      "session.phpsession.savepath": `${folder}/sessions`,
      "store.type": "phpsession",
      // Where a logout may end.
      "trusted.url.domains": ["goodbye.example"],
    }),
    "authsources.php": php("config", { people: { 0: "exampleauth:UserPass", ...Object.fromEntries(users) } }),
    [HOSTED]: hosted("current"),
    "saml20-sp-remote.php": SP_REMOTE,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(`${folder}/${name}`, content);
}

/** The IdP with the key of this name, and the next one if it is known already. */
function hosted(name, next) {
  const idp = { host: "__DEFAULT__", auth: "people", privatekey: `${name}.pem`, certificate: `${name}.crt` };
  const announced = next && { new_privatekey: `${next}.pem`, new_certificate: `${next}.crt` };
  return php("metadata", { "__DYNAMIC:1__": { ...idp, ...announced } });
}

const php = (name, value) => `<?php $${name} = json_decode(<<<'JSON'\n${JSON.stringify(value)}\nJSON, true);\n`;

// What its page "XML to SimpleSAMLphp metadata converter" does, and pasting the result in.
const SP_REMOTE = `<?php
foreach (json_decode(file_get_contents(__DIR__ . '/sps.json'), true) as [$document, $settings]) {
    foreach (\\SimpleSAML\\Metadata\\SAMLParser::parseDescriptorsString($document) as $entityId => $entity) {
        $metadata[$entityId] = $settings + $entity->getMetadata20SP();
    }
}
foreach (json_decode(file_get_contents(__DIR__ . '/entered.json'), true) as $entityId => $entry) {
    $metadata[$entityId] = $entry;
}
`;
