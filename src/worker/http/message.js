// What Rust has decided about messages, carried out in one step each: a call between the two costs more than most of what is
// done here.

const encoder = new TextEncoder();

/**
 * A request's headers, and before them its method and its address, named as HTTP/2 names what is no header (RFC 9113
 * §8.3).
 *
 * Each is a line: its name in lower case, a comma, which no name can contain, and its value, which contains no line feed
 * (RFC 9110 §5.1, §5.5). Each Set-Cookie has a line of its own. In octets, since a string is passed one character at a time.
 */
export const read = (request) =>
  encoder.encode(`:method,${request.method}\n:url,${request.url}\n${head(request.headers)}`);

function head(headers) {
  let lines = "";
  headers.forEach((value, name) => (lines += `${name},${value}\n`));
  return lines;
}

/**
 * Forwards a request, to a bound service or to its address. Body and socket are the runtime's own streams: none of their
 * octets is read here.
 *
 * `orders` are the lines that orders.rs writes. Returns what `back` returns, which is called once: with an answer, its status
 * and its headers; or else with the error, or with undefined where the headers of the answer took too long.
 */
export async function pass(env, request, orders, back) {
  let answer;
  try {
    const [address, options, timeout, removed, ...lines] = orders.split("\n");
    const headers = new Headers(request.headers);
    if (removed) for (const name of removed.split(",")) headers.delete(name);
    for (const line of lines) {
      const comma = line.indexOf(",");
      headers.set(line.slice(0, comma), line.slice(comma + 1));
    }
    // Redirects are for the browser.
    const init = { method: request.method, headers, redirect: "manual" };
    if (options.includes("body")) init.body = request.body;
    if (options.includes("no-store")) init.cache = "no-store";
    answer = options.includes("service") ? env.ORIGIN_SERVICE.fetch(address, init) : fetch(address, init);
    answer = await (timeout ? within(Number(timeout), answer) : answer);
  } catch (error) {
    answer = error;
  }
  return answer instanceof Response ? back(answer, answer.status, head(answer.headers)) : back(answer, 0, "");
}

/** What `promise` gives, or undefined after so many milliseconds. Cheaper than a race with scheduler.wait(). */
const within = (milliseconds, promise) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    const settle = (act) => (value) => (clearTimeout(timer), act(value));
    promise.then(settle(resolve), settle(reject));
  });
