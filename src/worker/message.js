// What Rust has decided about messages, carried out in one step each: a step between the two costs more than most of
// what is done here.

const encoder = new TextEncoder();

/**
 * A request's headers, and before them its method and its address, named as HTTP/2 names what is no header (RFC 9113
 * §8.3).
 *
 * Each is a line: its name in lower case, a comma, which no name can hold, and its value, which holds no line feed (RFC
 * 9110 §5.1, §5.5). Each Set-Cookie has a line of its own. In octets, since a string goes over one character at a time.
 */
export const read = (request) =>
  encoder.encode(`:method,${request.method}\n:url,${request.url}\n${head(request.headers)}`);

function head(headers) {
  let lines = "";
  headers.forEach((value, name) => (lines += `${name},${value}\n`));
  return lines;
}

/**
 * Sends a request on, to a bound service or to wherever its address leads. Body and socket are the runtime's own streams: none of their octets comes by here.
 *
 * `orders` are lines: the address, the names of headers that stay behind, divided by commas, and headers to set, as
 * {@link read} writes them. `patience` is in milliseconds, or undefined where there is no end to it. Ends as `back` does,
 * which is called once: with an answer, its status and its headers; or else with the error, or with undefined where the
 * answer's head took too long, and nothing more.
 */
export async function pass(env, request, orders, isService, hasBody, noStore, patience, back) {
  let answer;
  try {
    const [address, dropped, ...lines] = orders.split("\n");
    const headers = new Headers(request.headers);
    if (dropped) for (const name of dropped.split(",")) headers.delete(name);
    for (const line of lines) {
      const comma = line.indexOf(",");
      headers.set(line.slice(0, comma), line.slice(comma + 1));
    }
    // Redirects are the browser's business.
    const init = { method: request.method, headers, redirect: "manual" };
    if (hasBody) init.body = request.body;
    if (noStore) init.cache = "no-store";
    answer = isService ? env.ORIGIN_SERVICE.fetch(address, init) : fetch(address, init);
    // Nobody waits longer than for the answer: the runtime ends what is left with the request.
    answer = await (patience === undefined ? answer : Promise.race([answer, scheduler.wait(patience)]));
  } catch (error) {
    answer = error;
  }
  return answer instanceof Response ? back(answer, answer.status, head(answer.headers)) : back(answer, 0, "");
}
