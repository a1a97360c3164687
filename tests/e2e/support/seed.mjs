/** Stores what it is sent, as `wrangler kv bulk put` does: pairs of key and value. */
export default {
  async fetch(request, { ACCOUNTS }) {
    const pairs = await request.json();
    for (let from = 0; from < pairs.length; from += 100) {
      await Promise.all(pairs.slice(from, from + 100).map(([key, value]) => ACCOUNTS.put(key, value)));
    }
    return new Response();
  },
};
