//! A SAML 2.0 service provider for Cloudflare Workers: it verifies an identity provider's Response
//! and makes a session of it.
//!
//! # The pipeline
//!
//! 1. [`form`] takes one `SAMLResponse` out of a posted form, under a cap.
//! 2. [`service`] has settled by then which account it is for: by the address, before any XML.
//! 3. [`xml`] parses the text within [`limits`]: no DTD, no comment, no ID twice.
//! 4. [`saml::receive`] finds the one Assertion on the one path it may stand, and its signatures.
//! 5. [`dsig::verify`] checks each under the account's own keys and gives [`dsig::SignedOctets`].
//! 6. What is encrypted is decrypted in place by [`xmlenc`] and takes steps 3 to 5 again.
//! 7. From here on everything is read from a fresh parse of those octets and from nothing else.
//! 8. [`saml::accept`] holds it to the Web Browser SSO profile at `now`: [`saml::Accepted`].
//! 9. The [`service::Ledger`] takes the assertion, and the request it answers, exactly once.
//! 10. The claims become a user of the account, and the user a session in a signed cookie.
//!
//! Every failure on the way is a named [`error::Refusal`], [`service::Denial`] or
//! [`service::Fault`], and closes.
//!
//! # The floors
//!
//! Imports go down or sideways, never up:
//!
//! | Floor | Modules | Knows |
//! |---|---|---|
//! | 0 | [`error`], [`limits`], [`time`], [`encoding`], [`form`] | plain values |
//! | 1 | [`xml`] | XML, and alone the parser |
//! | 2 | [`c14n`], [`dsig`], [`xmlenc`] | one W3C recommendation each |
//! | 3 | [`saml`] | SAML Core, Bindings, Profiles and Metadata |
//! | 4 | [`service`] | what the product does, over any store and ledger |
//! | 5 | `worker` | Cloudflare: clock, entropy, KV, Durable Objects; wasm32 only |
//!
//! # Where to start reading
//!
//! `saml/message.rs` is steps 3 to 6, `dsig/verify.rs` is where trust begins, `saml/profile.rs`
//! holds the rules in the order of the profile, and `service/login.rs` is the whole login on one
//! page. Rows in comments, such as F5, are those of `docs/threat-model.md`.

#[cfg(all(feature = "legacy-vectors", target_arch = "wasm32"))]
compile_error!(
    "legacy-vectors is for the corpus test alone: the Worker takes no RSA below 2048 bits"
);

pub mod limits;
pub mod service;

#[cfg(target_arch = "wasm32")]
mod worker;
