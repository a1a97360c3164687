/** The ledgers of the Worker, open to SQL: for objects as other releases leave them. */
export class AccountLedger {
  constructor(state) {
    this.sql = state.storage.sql;
  }

  async fetch(request) {
    return Response.json(this.sql.exec(await request.text()).toArray());
  }
}

export default {
  fetch(request, { LEDGER }) {
    const account = new URL(request.url).pathname.slice(1);
    return LEDGER.getByName(account).fetch(request);
  },
};
