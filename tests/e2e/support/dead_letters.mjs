/** Takes what the queue gave up, and posts it as it is to `RECEIVER`. */
export default {
  async queue(batch, { RECEIVER }) {
    for (const { body } of batch.messages) await fetch(RECEIVER, { method: "POST", body });
  },
};
