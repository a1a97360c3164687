/** A product that is a Worker itself. */
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/redirect") return new Response(null, { status: 302, headers: { location: "https://other.example/" } });
    if (pathname === "/socket") return echo();
    const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "__Host-session=x"], ["set-cookie", "b=2"]]);
    return Response.json({ url: request.url, method: request.method, headers: Object.fromEntries(request.headers), body: await request.text() }, { headers });
  },
};

function echo() {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", ({ data }) => server.send(data));
  return new Response(null, { status: 101, webSocket: client });
}
