//! What an AuthnRequest asks for, how it travels, and how it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::{Pkcs1v15Sign, PublicKey};
use saml_verify::dsig::{Certificate, Sha1, TrustedKey};
use saml_verify::internals::name::SIGNATURE;
use saml_verify::internals::{Document, Signature, verify_signature};
use saml_verify::limits::MESSAGE_XML;
use sha2::{Digest as _, Sha256};

use crate::common::{METADATA, Scenario, public_key};
use crate::support::config::{SP_KEY, sp_certificate};
use crate::support::form::{answering, form};
use crate::support::seen::Seen;
use crate::support::world::World;

const SIGNED: &str = r#"{"signed_requests":true}"#;

/// The test IdP's metadata with the POST binding alone.
fn post_only() -> String {
    METADATA.replace("bindings:HTTP-Redirect", "bindings:SOAP")
}

fn wanting_signed(metadata: &str) -> String {
    metadata.replace("<IDPSSODescriptor", "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\"")
}

/// `acme` as a login of it begins.
fn started(mut world: World, metadata: &str, settings: &str) -> Seen {
    world.add("acme", metadata, Some(settings));
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.logged("event"), "login_started", "{:?}", seen.log);
    seen
}

/// IdPs compare Destination as text, and the browser goes to that very address.
#[test]
fn a_request_names_the_endpoint_as_the_metadata_does() {
    for address in ["https://IDP.example:443/sso", "https://idp.example:443", "https://Idp.Example"]
    {
        let metadata = METADATA.replace("https://idp.example/sso", address);
        for metadata in [metadata.clone(), metadata.replace("HTTP-Redirect", "SOAP")] {
            let seen = started(World::new(), &metadata, "{}");
            let xml = seen.request_xml();
            assert!(xml.contains(&format!(" Destination=\"{address}\"")), "{xml}");
            match seen.headers("location").next() {
                Some(to) => assert!(to.starts_with(&format!("{address}?SAMLRequest=")), "{to}"),
                None => assert!(seen.answer.body.contains(&format!("action=\"{address}\""))),
            }
        }
    }
}

fn sp_public_key() -> PublicKey {
    public_key(SP_KEY)
}

/// Holds the signature in Location against the raw octets in front of it.
fn holds(location: &str) -> bool {
    let (_, query) = location.split_once("SAMLRequest=").expect("a request");
    let (octets, signature) = query.split_once("&Signature=").expect("a signature");
    let octets = format!("SAMLRequest={octets}");
    let sig_alg = "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256";
    assert!(octets.ends_with(sig_alg), "{octets}");
    let signature = signature.split('&').next().expect("a value");
    let signature: String =
        form_urlencoded::parse(signature.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    let signature = STANDARD.decode(signature).expect("base64");
    let scheme = Pkcs1v15Sign::new::<Sha256>();
    sp_public_key().verify(scheme, &Sha256::digest(octets), &signature).is_ok()
}

/// The ID of the element that our own verifier, under the key of the published certificate, finds
/// to be signed: the root, whole.
pub(crate) fn signed_part(xml: &str) -> Result<String, &'static str> {
    let document = Document::parse(xml, &MESSAGE_XML).map_err(|refusal| refusal.code())?;
    let signature = document.root().children_named(SIGNATURE).next().ok_or("no signature")?;
    let signature = Signature::read(signature).map_err(|refusal| refusal.code())?;
    let certificate = sp_certificate();
    assert!(xml.contains(&format!("<ds:X509Certificate>{certificate}</ds:X509Certificate>")));
    let certificate = Certificate::from_der(&STANDARD.decode(certificate).expect("base64"));
    let key: TrustedKey = certificate.expect("readable").key().expect("strong").clone();
    let octets = verify_signature(&signature, &[key], Sha1::Refused, &MESSAGE_XML)
        .map_err(|refusal| refusal.code())?;
    let document = octets.document().map_err(|refusal| refusal.code())?;
    let id = document.root().attribute("ID").expect("an ID").to_owned();
    Ok(id)
}

#[test]
fn asks_for_nothing_by_default() {
    let xml = started(World::new(), METADATA, "{}").request_xml();
    for wish in ["ForceAuthn", "IsPassive", "NameIDPolicy", "RequestedAuthnContext", "Subject"] {
        assert!(!xml.contains(wish), "{wish}: {xml}");
    }
}

#[test]
fn asks_for_what_the_settings_say() {
    let settings = r#"{"force_authn":true,"is_passive":true,
        "name_id_format":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "authn_context":["urn:a:b","https://refeds.org/profile/mfa?a&b"]}"#;
    let xml = started(World::new(), METADATA, settings).request_xml();
    let attributes = "Destination=\"https://idp.example/sso\" ForceAuthn=\"true\" \
                      IsPassive=\"true\" AssertionConsumerServiceURL=";
    assert!(xml.contains(attributes), "{xml}");
    let children = "</saml:Issuer><samlp:NameIDPolicy \
        Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" AllowCreate=\"true\">\
        </samlp:NameIDPolicy><samlp:RequestedAuthnContext Comparison=\"exact\">\
        <saml:AuthnContextClassRef>urn:a:b</saml:AuthnContextClassRef><saml:AuthnContextClassRef>\
        https://refeds.org/profile/mfa?a&amp;b</saml:AuthnContextClassRef>\
        </samlp:RequestedAuthnContext></samlp:AuthnRequest>";
    assert!(xml.ends_with(children), "{xml}");
}

/// Core §3.4.1.1.
#[test]
fn leaves_allow_create_out_beside_transient() {
    let settings = r#"{"name_id_format":"urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}"#;
    let xml = started(World::new(), METADATA, settings).request_xml();
    assert!(xml.contains("nameid-format:transient\"></samlp:NameIDPolicy>"), "{xml}");
}

#[test]
fn signs_the_very_octets_of_a_redirect() {
    for (metadata, settings) in [(METADATA, SIGNED), (&wanting_signed(METADATA), "{}")] {
        let seen = started(World::with_sp_key("{}"), metadata, settings);
        assert_eq!(seen.answer.status, 302);
        let location = seen.header("location");
        assert!(holds(location));
        assert!(!holds(&location.replace("SAMLRequest=A", "SAMLRequest=B")));
        assert!(!seen.request_xml().contains("Signature"));
    }
}

#[test]
fn posts_where_the_idp_takes_nothing_else() {
    let seen = started(World::new(), &post_only(), "{}");
    assert_eq!(seen.answer.status, 200);
    assert_eq!(seen.header("location"), "");
    assert!(seen.answer.body.contains("<form action=\"https://idp.example/sso\" method=\"post\">"));
    let xml = seen.request_xml();
    assert!(xml.starts_with("<samlp:AuthnRequest ") && !xml.contains("Signature"), "{xml}");
}

#[test]
fn signs_inside_of_a_posted_request() {
    for (metadata, settings) in [(post_only(), SIGNED), (wanting_signed(&post_only()), "{}")] {
        let seen = started(World::with_sp_key("{}"), &metadata, settings);
        let xml = seen.request_xml();
        // Core §3.2.1: behind the Issuer, in front of all else.
        assert!(xml.contains("</saml:Issuer><ds:Signature "), "{xml}");
        assert_eq!(signed_part(&xml), Ok(seen.request_id()));
        let moved = xml.replace("https://edge.example/sso/acme/acs", "https://evil.example/acs");
        assert_eq!(signed_part(&moved), Err("digest_mismatch"));
    }
}

/// A key without certificate signs all the same: the IdP may know the key from elsewhere.
#[test]
fn signs_without_a_certificate() {
    let world = World::with_sp_key("{}");
    let world =
        World { config: crate::support::config::config_with(&[("SP_KEYS", SP_KEY)]), ..world };
    let xml = started(world, &post_only(), SIGNED).request_xml();
    assert!(xml.contains("</ds:SignatureValue></ds:Signature></samlp:AuthnRequest>"), "{xml}");
}

/// Never unsigned where a signature is asked for.
#[test]
fn starts_nothing_without_the_key_to_sign_with() {
    for (metadata, settings) in [
        (METADATA.to_owned(), SIGNED),
        (wanting_signed(METADATA), "{}"),
        (post_only(), SIGNED),
        (wanting_signed(&post_only()), "{}"),
    ] {
        let mut world = World::new();
        world.add("acme", &metadata, Some(settings));
        let seen = world.get("/sso/acme/login");
        assert_eq!((seen.answer.status, &*seen.refusal()), (500, "sp_key_missing"));
        assert!(seen.answer.body.contains("Operators can set SP_KEYS."), "{}", seen.answer.body);
        assert_eq!(world.pending(), 0);
        let upgraded = world.post("acme", &form(&Scenario::unsolicited()));
        assert_eq!(upgraded.refusal(), "sp_key_missing");
    }
}

#[test]
fn signs_a_user_in_who_was_posted_to_the_idp() {
    let mut world = World::with_sp_key(SIGNED);
    world.add("acme", &post_only(), Some(SIGNED));
    let id = world.get("/sso/acme/login?return_to=/media").request_id();
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!((seen.answer.status, seen.header("location")), (303, "/media"));
}

/// Row H6: the one script is named by its hash, and what the page holds is escaped.
#[test]
fn the_page_that_posts_runs_its_one_script_and_no_other() {
    let metadata = post_only().replace(
        "Location=\"https://idp.example/sso\"",
        "Location=\"https://idp.example/sso?a=&quot;&gt;&lt;script&gt;&amp;b='\"",
    );
    let seen = started(World::new(), &metadata, "{}");
    let body = &seen.answer.body;
    let (before, rest) = body.split_once("<script>").expect("a script");
    let (script, after) = rest.split_once("</script>").expect("its end");
    assert!(!before.contains("<script") && !after.contains("<script"), "{body}");
    let source = format!("script-src 'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
    let policy = seen.header("content-security-policy");
    assert!(policy.contains(&source) && policy.contains("form-action https:;"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(seen.header("cache-control"), "private, no-store");
    // Without scripts a button does it.
    assert!(body.contains("<button>Continue</button>\n</form>"), "{body}");
    let local = post_only().replace("https://idp.example/sso", "http://localhost:7000/sso");
    let seen = started(World::new(), &local, "{}");
    assert!(seen.header("content-security-policy").contains("form-action http: https:;"));
}

/// Core §3.4.1: an IdP that passes over ForceAuthn is not believed.
#[test]
fn holds_the_idp_to_force_authn() {
    let force = r#"{"force_authn":true}"#;
    let instant = |to: &str| {
        let to = format!("AuthnInstant=\"{to}\"");
        move |it: Scenario| it.in_assertion("AuthnInstant=\"2026-11-24T09:59:00Z\"", &to)
    };
    // One minute of skew before the request, and not a second more.
    let mut world = World::with_settings(force);
    assert_eq!(world.sign_in(instant("2026-11-24T09:59:00Z")).answer.status, 303);
    let mut world = World::with_settings(force);
    assert_eq!(world.sign_in(instant("2026-11-24T09:58:59Z")).refusal(), "authn_too_old");
    assert!(world.ledger.assertions().is_empty());
    let mut world = World::with_settings(force);
    let without = |it: Scenario| it.in_assertion("AuthnInstant=\"2026-11-24T09:59:00Z\" ", "");
    assert_eq!(world.sign_in(without).refusal(), "authn_too_old");
    // Without the setting it may be as old as the IdP likes.
    for old in ["2026-11-24T09:58:59Z", "2026-11-20T08:00:00Z"] {
        assert_eq!(World::new().sign_in(instant(old)).answer.status, 303);
    }
}
