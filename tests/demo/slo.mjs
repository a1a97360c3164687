/** Single logout at the demo IdP: `samlp` does it, once it is told who is signed in where. */
import { randomUUID } from "node:crypto";
import samlp from "samlp";
import { samlpOptions } from "./response.mjs";

const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/**
 * What the IdP remembers of its users' sessions at applications.
 *
 * @param {import("./response.mjs").Idp} idp
 */
export function singleLogout(idp) {
  const participants = new Map();
  const states = new Map();
  const of = (user) => participants.get(user.id) ?? participants.set(user.id, []).get(user.id);

  return {
    /** A session of `user` that begins at `sp`. Returns its SessionIndex. */
    begin(user, sp) {
      const sessionIndex = `_${randomUUID()}`;
      of(user).push({
        serviceProviderId: sp.entityId,
        serviceProviderLogoutURL: sp.slo,
        cert: sp.cert,
        nameId: user.email,
        nameIdFormat: samlpOptions(idp).nameIdentifierFormat,
        sessionIndex,
        binding: REDIRECT,
      });
      return sessionIndex;
    },

    /** Takes LogoutRequests and LogoutResponses; without either, a logout begins here. */
    answer(request, response, next, forget) {
      // What `samlp` looks into in any case.
      request.body ??= {};
      const options = {
        ...samlpOptions(idp),
        deflate: true,
        protocolBinding: REDIRECT,
        store: new States(states),
        sessionParticipants: new Participants(of(request.user)),
        clearIdPSession: (done) => done(forget()),
      };
      samlp.logout(options)(request, response, next);
    },
  };
}

/** What is under way, by the RelayState that it is known by. */
class States {
  #states;

  constructor(states) {
    this.#states = states;
  }

  save(request, state, done) {
    const id = randomUUID();
    this.#states.set(id, state);
    done(null, id);
  }

  load(request, id, options, done = options) {
    const state = this.#states.get(id);
    if (options.destroy) this.#states.delete(id);
    done(null, state);
  }

  update(request, id, state, done) {
    this.#states.set(id, state);
    done(null, id);
  }
}

class Participants {
  #all;

  constructor(all) {
    this.#all = all;
  }

  hasElements() {
    return this.#all.length > 0;
  }

  getFirst(done) {
    done(null, this.#all[0]);
  }

  get(issuer, sessionIndexes, nameId, done) {
    done(null, this.#all[this.#find(issuer, sessionIndexes, nameId)]);
  }

  remove(issuer, sessionIndex, nameId, done) {
    const place = this.#find(issuer, [sessionIndex], nameId);
    done(null, place < 0 ? undefined : this.#all.splice(place, 1)[0]);
  }

  #find(issuer, sessionIndexes, nameId) {
    return this.#all.findIndex(
      (it) => it.serviceProviderId === issuer && sessionIndexes?.includes(it.sessionIndex) && it.nameId === nameId,
    );
  }
}
