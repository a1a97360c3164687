/** A ledger that cannot start, as when its storage is gone. */
import { DurableObject } from "cloudflare:workers";

export class AccountLedger extends DurableObject {
  constructor(state, env) {
    super(state, env);
    throw new Error("the ledger's storage is gone");
  }
}

export default {};
