//! The messages of single logout: one passing LogoutRequest and one LogoutResponse of the test IdP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_verify::internals::encoding::deflate;

use crate::common::{METADATA, Scenario, sign_octets};
use crate::fakes::Octets;
use crate::support::form::fields;
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const COMPANION: &str = "__Host-saml_user";

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

pub(crate) const ENTRA: &str = "https://sts.windows.net/7c4e1f0a/";

pub(crate) const REQUEST: &str = "<samlp:LogoutRequest \
    xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    Destination=\"https://edge.example/sso/acme/slo\" ID=\"_logout\" \
    IssueInstant=\"2026-11-24T09:59:30Z\" NotOnOrAfter=\"2026-11-24T10:04:30Z\" Version=\"2.0\">\
    <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata\
    </saml:Issuer><saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
    ada@acme.example</saml:NameID><samlp:SessionIndex>_session</samlp:SessionIndex>\
    </samlp:LogoutRequest>";

/// What that request says of its user, in the canonical form.
pub(crate) const NAME_ID: &str = "<saml:NameID \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">ada@acme.example</saml:NameID>";

pub(crate) const RESPONSE: &str = "<samlp:LogoutResponse \
    xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    Destination=\"https://edge.example/sso/acme/slo\" ID=\"_answer\" InResponseTo=\"_ours\" \
    IssueInstant=\"2026-11-24T09:59:30Z\" Version=\"2.0\"><saml:Issuer \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata\
    </saml:Issuer><samlp:Status><samlp:StatusCode \
    Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>\
    </samlp:LogoutResponse>";

/// The test IdP with endpoints for single logout.
pub(crate) fn metadata(endpoints: &str) -> String {
    METADATA.replace("<NameIDFormat>", &format!("{endpoints}<NameIDFormat>"))
}

pub(crate) fn endpoint(binding: &str, others: &str) -> String {
    format!(
        "<SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
         Location=\"https://idp.example/slo\"{others}/>"
    )
}

/// Ada is signed in to `acme`, whose IdP has `endpoints`.
pub(crate) fn signed_in(endpoints: &str) -> World {
    let world = World::new();
    world.add("acme", &metadata(endpoints), None);
    sign_in(world)
}

pub(crate) fn sign_in(mut world: World) -> World {
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

pub(crate) fn parameters(parameter: &str, xml: &str, relay_state: Option<&str>) -> String {
    let message = STANDARD.encode(deflate(xml.as_bytes()));
    let state = relay_state.map(|state| ("RelayState", state));
    let all: Vec<_> = [(parameter, &*message)].into_iter().chain(state).collect();
    fields(&all)
}

pub(crate) fn query(parameter: &str, xml: &str, relay_state: Option<&str>) -> String {
    let signed = format!(
        "{}&{}",
        parameters(parameter, xml, relay_state),
        fields(&[("SigAlg", RSA_SHA256)])
    );
    let value = STANDARD.encode(sign_octets(signed.as_bytes()));
    format!("{signed}&{}", fields(&[("Signature", &value)]))
}

/// The browser as the IdP sends it here by a link or a redirect.
pub(crate) fn redirected(world: &mut World, query: &str) -> Seen {
    world.get(&format!("/sso/acme/slo?{query}"))
}

/// The same in a frame of the IdP, where none of our cookies come along.
pub(crate) fn framed(world: &mut World, query: &str) -> Seen {
    world.send("GET", &format!("/sso/acme/slo?{query}"), None, "", Octets::of(""))
}

pub(crate) fn asked(world: &mut World, xml: &str) -> Seen {
    redirected(world, &query("SAMLRequest", xml, None))
}

pub(crate) fn signed(xml: &str, id: &str, scenario: &Scenario) -> String {
    let issuer_end = "</saml:Issuer>";
    let signature = scenario.signature_over(xml, id);
    xml.replacen(issuer_end, &format!("{issuer_end}{signature}"), 1)
}

pub(crate) fn posted(world: &mut World, xml: &str) -> Seen {
    world.post_to("/sso/acme/slo", &fields(&[("SAMLRequest", &STANDARD.encode(xml))]))
}

pub(crate) fn sessions(world: &World) -> usize {
    world.ledger.sessions().len()
}

/// The code of a refusal that changed nothing.
pub(crate) fn refusal(world: &World, seen: &Seen) -> String {
    assert_eq!(seen.headers("set-cookie").count(), 0);
    assert_eq!(seen.header("location"), "");
    assert_eq!(sessions(world), 1, "{:?}", seen.log);
    assert!(seen.answer.body.contains("We could not sign you out"));
    assert_eq!(seen.logged("event"), "logout_refused");
    seen.logged("code")
}

/// The message in an address, which must be signed or not.
pub(crate) fn message(location: &str, parameter: &str) -> String {
    let (_, query) = location.split_once('?').expect("a query");
    let (name, value) = form_urlencoded::parse(query.as_bytes()).next().expect("a parameter");
    assert_eq!(name, parameter);
    saml_verify::internals::decode_message(&value).expect("a message")
}
