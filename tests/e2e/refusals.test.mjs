/** Responses that must not become a session: each has its code in the log and leaves no cookie. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addAccount, GUS } from "./support/accounts.mjs";
import { refused } from "./support/outcomes.mjs";
import { formFields, Visitor } from "./support/visitor.mjs";
import { startWorker } from "./support/worker.mjs";

const HOUR = 3_600_000;
const CHANGED_BYTE = (xml) => xml.replace("Ada Brenner", "Eve Brenner");
const CHANGED_SIGNATURE = (xml) => xml.replace(/(<SignatureValue>)(.)/, (_, tag, letter) => tag + (letter === "A" ? "B" : "A"));

describe("refused", () => {
  let worker, acme, other;
  before(async () => {
    worker = await startWorker();
    acme = await addAccount(worker, "acme");
    other = await addAccount(worker, "other");
  });
  after(() => worker.close());

  const refuses = (code, answer, status) => refused(worker, "acme", answer, code, status);

  /** The same for a response that `options` make wrong. */
  const refusesResponse = (code, options, edit = (xml) => xml) =>
    refuses(code, async (id) => {
      const xml = await acme.respond({ inResponseTo: id, ...options });
      const edited = edit(xml);
      assert.ok(Object.keys(options).length > 0 || edited !== xml, "nothing was broken");
      return edited;
    });

  it("a changed byte", () => refusesResponse("digest_mismatch", {}, CHANGED_BYTE));
  it("a changed signature", () => refusesResponse("signature_invalid", {}, CHANGED_SIGNATURE));
  it("an unsigned response", () => refusesResponse("signature_missing", { signAssertion: false }));

  it("another account's IdP", () =>
    refuses("signature_invalid", (id) =>
      other.respond({ inResponseTo: id, audience: acme.sp.entityId, recipient: acme.sp.acs,
        destination: acme.sp.acs, issuer: acme.idp.entityId })));

  it("another account's response as it is", () =>
    refuses("signature_invalid", (id) => other.respond({ inResponseTo: id })));

  it("another audience", () => refusesResponse("audience_mismatch", { audience: "https://other.example/metadata" }));
  it("another recipient", () => refusesResponse("recipient_mismatch", { recipient: "https://other.example/acs" }));
  it("an expired response", () => refusesResponse("confirmation_expired", { issuedAt: Date.now() - 2 * HOUR }));
  it("one from the future", () => refusesResponse("conditions_not_yet_valid", { issuedAt: Date.now() + HOUR }));

  it("an answer to a request that was never made", () =>
    refusesResponse("in_response_to_unknown", { inResponseTo: "_0123456789abcdef0123456789abcdef" }));

  it("an answer without the cookie of the browser that asked", async () => {
    const { id, relayState } = await new Visitor(worker).startLogin("acme");
    const stranger = new Visitor(worker);
    const fields = formFields(await acme.respond({ inResponseTo: id }), relayState);
    const { response, code } = await worker.logged(() => stranger.postToAcs("acme", fields));
    assert.equal(response.status, 403);
    assert.equal(code, "in_response_to_unknown");
    assert.equal(stranger.session, undefined);
  });

  it("a role that is not listed, naming the claim", async () => {
    const { page } = await refusesResponse("role_not_listed", { user: GUS });
    assert.match(page, /“role”/);
  });

  it("another account's id in the claim", () =>
    refusesResponse("account_mismatch", {
      user: { ...GUS, claims: { account_id: "other", full_name: "Gus", role: "developer" } },
    }));

  it("a body of 5 MB", () =>
    refuses("message_too_large", () => ({ SAMLResponse: "A".repeat(5_000_000) }), 413));

  it("a body without SAMLResponse", () => refuses("response_absent", () => ({ RelayState: "/" }), 400));

  it("two SAMLResponse fields", () =>
    refuses("response_repeated", async (id) => {
      const { SAMLResponse } = formFields(await acme.respond({ inResponseTo: id }));
      return [["SAMLResponse", SAMLResponse], ["SAMLResponse", SAMLResponse]];
    }, 400));

  it("an account without metadata", async () => {
    const { response, code } = await worker.logged(() => new Visitor(worker).get("/sso/nobody/login"));
    assert.equal(code, "sso_not_enabled");
    assert.equal(response.status, 404);
    const xml = await acme.respond();
    const posted = await worker.logged(() => new Visitor(worker).postToAcs("nobody", formFields(xml)));
    assert.equal(posted.code, "sso_not_enabled");
  });

  it("with the same page whichever check of the signature failed", async () => {
    const digest = await refusesResponse("digest_mismatch", {}, CHANGED_BYTE);
    const signature = await refusesResponse("signature_invalid", {}, CHANGED_SIGNATURE);
    assert.equal(digest.page, signature.page);
  });

  it("without a word of the message in the page or the log", async () => {
    const { page } = await refusesResponse("digest_mismatch", {}, CHANGED_BYTE);
    const said = page + worker.lines().join("\n");
    assert.doesNotMatch(said, /Brenner|ada@|<saml|PHNhbW/);
  });
});
