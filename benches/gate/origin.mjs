/** An origin that costs next to nothing, so that what stands in front of it is what counts. */
const BODY = "x".repeat(1024);

export default {
  fetch: () => new Response(BODY, { headers: { "content-type": "text/plain", "cache-control": "private" } }),
};
