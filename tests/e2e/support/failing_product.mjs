/** A product that is down at `/down`, silent at `/slow`, and closed to Ada and most others at `/billing/`. */
import { once } from "node:events";
import { createServer } from "node:http";

export async function startFailingProduct() {
  const server = createServer(({ url }, response) => {
    // As Cloudflare answers for an origin that takes no connection.
    if (url === "/down") response.writeHead(521).end();
    else if (url !== "/slow") response.setHeader("content-type", "text/html").end("<h1>The product</h1>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    vars: {
      ORIGIN: `http://127.0.0.1:${server.address().port}`,
      ORIGIN_TIMEOUT_SECONDS: "1",
      PATH_ROLES: "/billing/* = finance",
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
