/** The verifier that docs/origin.md has for Node, with `jose`. */
import { behindTheGate } from "./support/behind_the_gate.mjs";
import { verifies } from "./support/tokens.mjs";
import { nodeOrigin } from "./support/verifiers.mjs";

const claim = (name) => `ERR_JWT_CLAIM_VALIDATION_FAILED ${name}`;

verifies("Node", nodeOrigin, {
  aud: claim("aud"),
  "no aud": claim("aud"),
  iss: claim("iss"),
  "no iss": claim("iss"),
  "no account": claim("account"),
  exp: "ERR_JWT_EXPIRED exp",
  nbf: claim("nbf"),
  "no exp": claim("exp"),
  none: "ERR_JOSE_ALG_NOT_ALLOWED",
  "none under our kid": "ERR_JOSE_ALG_NOT_ALLOWED",
  HS256: "ERR_JOSE_ALG_NOT_ALLOWED",
  "foreign kid": "ERR_JWKS_NO_MATCHING_KEY",
  signature: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  "none at all": "ERR_JWS_INVALID",
});

behindTheGate("Node", nodeOrigin);
