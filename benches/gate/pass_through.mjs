/** The same in JavaScript. */
export default {
  fetch: (request, { ORIGIN_SERVICE }) => ORIGIN_SERVICE.fetch(request),
};
