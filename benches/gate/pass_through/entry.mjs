import { WorkerEntrypoint } from "cloudflare:workers";
import * as rust from "./index.js";

export default class extends WorkerEntrypoint {
  fetch(request) {
    return rust.fetch(request, this.env, this.ctx);
  }
}
