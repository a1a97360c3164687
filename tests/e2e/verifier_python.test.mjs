/** The verifier that docs/origin.md has for Python, with PyJWT, in the demo origin. */
import { behindTheGate } from "./support/behind_the_gate.mjs";
import { verifies } from "./support/tokens.mjs";
import { pythonOrigin } from "./support/verifiers.mjs";

verifies("Python", pythonOrigin, {
  aud: "InvalidAudienceError",
  "no aud": "MissingRequiredClaimError",
  iss: "InvalidIssuerError",
  "no iss": "MissingRequiredClaimError",
  "no account": "MissingRequiredClaimError",
  exp: "ExpiredSignatureError",
  nbf: "ImmatureSignatureError",
  "no exp": "MissingRequiredClaimError",
  none: "PyJWKClientError",
  "none under our kid": "InvalidAlgorithmError",
  HS256: "InvalidAlgorithmError",
  "foreign kid": "PyJWKClientError",
  signature: "InvalidSignatureError",
  "none at all": "DecodeError",
});

behindTheGate("Python", pythonOrigin);
