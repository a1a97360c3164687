//! Signatures of the Redirect binding (Bindings §3.4.4.1), over the raw octets of a query.

use crate::dsig::algorithm::{Digest, Sha1, SignatureMethod};
use crate::dsig::key::{TrustedKey, verify_octets};
use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::REDIRECT_OCTETS;
use crate::saml::bindings::incoming::{Carried, one_of};
use crate::saml::bindings::redirect::decode_message;

/// SAMLEncoding (Bindings §3.4.4), for which there is no other value.
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// A message that came in a query, whose signature held under a [`TrustedKey`]. [`Self::verify`] is
/// the only maker:
///
/// ```compile_fail,E0451
/// use saml_verify::saml::{Carried, SignedQuery};
/// let carried = Carried::Request(String::from("<LogoutRequest/>"));
/// let forged = SignedQuery { carried, relay_state: None, uses_sha1: false };
/// ```
#[derive(Debug)]
pub struct SignedQuery {
    carried: Carried,
    relay_state: Option<String>,
    uses_sha1: bool,
}

impl SignedQuery {
    /// Verifies `query`, exactly as it came and without its question mark, under one of `keys`.
    ///
    /// What is verified is cut out of the query and never written anew: there are many ways to
    /// escape a text, and Entra and AD FS sign another one than most. A parameter that could be
    /// read in two ways is refused (row F9).
    pub fn verify(query: &str, keys: &[TrustedKey], sha1: Sha1) -> Result<Self, Refusal> {
        let Parameters { request, response, relay_state, signature } = Parameters::read(query)?;
        let (message, kind) = one_of(request, response)?;
        let (sig_alg, signature) = signature.ok_or(Refusal::SignatureMissing)?;
        let method = SignatureMethod::from_uri(&sig_alg.value, sha1)?;
        let value = base64_decode(&signature.value).map_err(|_| Refusal::SignatureMalformed)?;
        let holds = |relay_state: Option<&str>| {
            let parts = [Some(message.raw), relay_state, Some(sig_alg.raw)];
            let octets = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
            keys.iter().any(|key| verify_octets(key, method, octets.as_bytes(), &value).is_ok())
        };
        // Bindings §3.4.4.1: a RelayState without a value is left out of what is signed. Some sign
        // what they send all the same. Either way the message is the same, and there is no
        // RelayState.
        let is_empty = relay_state.as_ref().is_some_and(|it| it.value.is_empty());
        let sent = relay_state.as_ref().map(|it| it.raw);
        if !(holds(sent) || (is_empty && holds(None))) {
            return Err(Refusal::SignatureInvalid);
        }
        // Only what is authentic is inflated (row H8).
        Ok(Self {
            carried: kind.carried(decode_message(&message.value)?),
            relay_state: relay_state.map(|it| it.value).filter(|it| !it.is_empty()),
            uses_sha1: method.digest() == Digest::Sha1,
        })
    }

    /// Refuses a query without a message.
    pub(crate) fn require_message(query: &str) -> Result<(), Refusal> {
        let Parameters { request, response, .. } = Parameters::read(query)?;
        one_of(request, response).map(drop)
    }

    /// The message in a query without a signature.
    pub(crate) fn unsigned(query: &str) -> Result<Carried, Refusal> {
        let Parameters { request, response, .. } = Parameters::read(query)?;
        let (message, kind) = one_of(request, response)?;
        Ok(kind.carried(decode_message(&message.value)?))
    }

    /// The message.
    pub const fn carried(&self) -> &Carried {
        &self.carried
    }

    /// The RelayState, decoded.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// Whether the signature is made with SHA-1.
    pub const fn uses_sha1(&self) -> bool {
        self.uses_sha1
    }
}

/// A parameter as it stands in the query, name included, and what it says.
struct Parameter<'q> {
    raw: &'q str,
    value: String,
}

struct Parameters<'q> {
    request: Option<Parameter<'q>>,
    response: Option<Parameter<'q>>,
    relay_state: Option<Parameter<'q>>,
    /// SigAlg and Signature.
    signature: Option<(Parameter<'q>, Parameter<'q>)>,
}

impl<'q> Parameters<'q> {
    /// Each parameter at most once, however its name is escaped: another reader could take the
    /// other one (CVE-2025-27773). SigAlg and Signature stand both or neither: half a signature is
    /// none that could hold, and no message without one.
    fn read(query: &'q str) -> Result<Self, Refusal> {
        if query.len() > REDIRECT_OCTETS {
            return Err(Refusal::MessageTooLarge);
        }
        let [mut request, mut response, mut relay_state, mut encoding] = [const { None }; 4];
        let [mut sig_alg, mut signature] = [const { None }; 2];
        for raw in query.split('&') {
            let Some((name, value)) = form_urlencoded::parse(raw.as_bytes()).next() else {
                continue;
            };
            let place = match &*name {
                "SAMLRequest" => &mut request,
                "SAMLResponse" => &mut response,
                "RelayState" => &mut relay_state,
                "SAMLEncoding" => &mut encoding,
                "SigAlg" => &mut sig_alg,
                "Signature" => &mut signature,
                // IdPs add parameters of their own.
                _ => continue,
            };
            let parameter = Parameter { raw, value: value.into_owned() };
            if place.replace(parameter).is_some() {
                return Err(Refusal::ParameterRepeated);
            }
        }
        if encoding.is_some_and(|it: Parameter<'_>| it.value != DEFLATE) {
            return Err(Refusal::SamlEncodingUnsupported);
        }
        let signature = match (sig_alg, signature) {
            (Some(sig_alg), Some(signature)) => Some((sig_alg, signature)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(Refusal::SignatureMalformed),
        };
        Ok(Self { request, response, relay_state, signature })
    }
}
