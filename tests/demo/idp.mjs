/**
 * The demo IdP: `samlp` behind a page that lets you be anyone at the demo company.
 *
 *     node tests/demo/idp.mjs --base-url http://localhost:8787 --account acme [--account newco] [--port 8788]
 */
import express from "express";
import { createServer } from "node:http";
import { parseArgs, promisify } from "node:util";
import { pathToFileURL } from "node:url";
import samlp from "samlp";
import { myApps, pickUser, refusal } from "./pages.mjs";
import { newIdp, samlpOptions, serviceProvider } from "./response.mjs";
import { singleLogout } from "./slo.mjs";
import { USERS } from "./users.mjs";

const COOKIE = "demo_idp_user";

/**
 * Starts an IdP on 127.0.0.1 that knows these service providers.
 *
 * @param {object} options
 * @param {import("./response.mjs").ServiceProvider[]} options.sps
 * @param {number} [options.port] 0, the default, takes a free one
 * @param {boolean} [options.signResponse] also the Response, not the Assertion alone
 * @param {boolean} [options.slo] with single logout, towards those that have an address for it
 * @returns {Promise<{ idp: import("./response.mjs").Idp, url: string, close(): Promise<void> }>}
 */
export async function startIdp({ sps, port = 0, signResponse = false, slo = false }) {
  const app = express();
  const server = createServer(app);
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const idp = newIdp(url);
  route(app, idp, sps, signResponse, slo);
  const close = promisify(server.close.bind(server));
  return {
    idp,
    url,
    close() {
      server.closeAllConnections();
      return close();
    },
  };
}

function route(app, idp, sps, signResponse, slo) {
  const sessions = singleLogout(idp);
  app.use(express.urlencoded({ extended: false }));

  app.get("/metadata", (request, response, next) => {
    const paths = { redirectEndpointPath: "/sso", postEndpointPath: "/sso", logoutEndpointPaths: slo ? { redirect: "/slo" } : {} };
    samlp.metadata({ ...samlpOptions(idp), ...paths })(request, response, next);
  });

  app.get("/", signedIn, (request, response) => {
    response.send(myApps(request.user, sps.map((sp) => sp.account)));
  });

  app.get("/signin", (request, response) => response.send(pickUser(USERS, ownPath(request.query.next))));
  app.post("/signin", (request, response) => {
    response.cookie(COOKIE, request.body.user, { httpOnly: true, sameSite: "lax" });
    response.redirect(303, ownPath(request.body.next));
  });
  app.post("/signout", (request, response) => response.clearCookie(COOKIE).redirect(303, "/"));

  // `samlp` reads an uncompressed request from the query as well, so the POST binding becomes the Redirect binding:
  // what waits for the user to be picked is an address.
  app.post("/sso", (request, response) => response.redirect(303, `/sso?${new URLSearchParams(request.body)}`));
  app.get("/sso", signedIn, async (request, response, next) => {
    const { issuer, assertionConsumerServiceURL: acs } = (await parseRequest(request).catch(() => {})) ?? {};
    const sp = sps.find((known) => known.entityId === issuer);
    if (!sp) return response.status(400).send(refusal("No application here has the Issuer of this request."));
    if (acs && acs !== sp.acs) return response.status(400).send(refusal("The application registered another Reply URL."));
    answer(sp)(request, response, next);
  });

  app.get("/apps/:account", signedIn, (request, response, next) => {
    const sp = sps.find((known) => known.account === request.params.account);
    if (!sp) return response.status(404).send(refusal("There is no such application."));
    answer(sp)(request, response, next);
  });

  app.get("/slo", signedIn, (request, response, next) => {
    sessions.answer(request, response, next, () => void response.clearCookie(COOKIE));
  });
  // As Entra does it: whatever becomes of it, the user sees a page of the IdP.
  app.get("/frame", signedIn, (request, response) => response.send(`<!doctype html><title>Bye</title><iframe src="/slo"></iframe>`));

  const answer = (sp) => (request, response, next) =>
    samlp.auth({
      ...samlpOptions(idp, sp.account),
      signResponse,
      audience: sp.entityId,
      recipient: sp.acs,
      destination: sp.acs,
      sessionIndex: sp.slo && sessions.begin(request.user, sp),
      getPostURL: (audience, request, httpRequest, done) => done(null, sp.acs),
    })(request, response, next);
}

const parseRequest = promisify(samlp.parseRequest);

function signedIn(request, response, next) {
  const [, id] = request.headers.cookie?.match(new RegExp(`\\b${COOKIE}=(\\w+)`)) ?? [];
  request.user = USERS.find((user) => user.id === id);
  if (request.user) return next();
  response.redirect(303, `/signin?next=${encodeURIComponent(request.originalUrl)}`);
}

/** @returns {string} `path` when it stays on this server, else the start page */
const ownPath = (path) => (/^\/(?![/\\])/.test(path ?? "") ? path : "/");

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      "base-url": { type: "string" },
      account: { type: "string", multiple: true },
      port: { type: "string", default: "0" },
    },
  });
  const sps = values.account.map((account) => serviceProvider(values["base-url"], account));
  try {
    const { url } = await startIdp({ sps, port: Number(values.port) });
    // Under `make dev` the parent waits for this message, and when the parent is gone nobody needs an IdP.
    process.send?.({ url });
    process.on("disconnect", () => process.exit());
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
