//! What a person is told to look after.

use saml_verify::saml::{Binding, IdpMetadata, Warning};
use saml_verify::time::UnixTime;

use super::with;
use crate::common::{METADATA, NOW};

const DAY: i64 = 24 * 60 * 60;

fn texts(idp: &IdpMetadata, now: UnixTime) -> Vec<String> {
    idp.warnings(now).iter().map(ToString::to_string).collect()
}

/// Row H6: these addresses end up in redirects and forms.
#[test]
fn leaves_out_endpoints_that_are_not_https() {
    for location in [
        "http://idp.example/sso",
        "javascript:alert(1)",
        "/sso",
        "https:",
        "data:text/html,x",
        "https://idp\u{feff}K.example/sso",
        "https://idp.example;script-src/sso",
        "https://idp.example,other.example/sso",
        "https://*/sso",
        "https://'none'/sso",
    ] {
        let idp = with("https://idp.example/sso", location).expect("usable metadata");
        assert_eq!(idp.single_sign_on_service(Binding::HttpRedirect), None, "{location}");
        let unusable = Warning::EndpointUnusable { location: location.to_owned() };
        let expected = [unusable.clone(), unusable, Warning::NoSingleSignOnService];
        assert_eq!(idp.warnings(NOW), expected);
    }
    for location in ["https://idp_1.example:8443/sso", "https://[2001:db8::1]/sso"] {
        let idp = with("https://idp.example/sso", location).expect("usable metadata");
        assert!(idp.single_sign_on_service(Binding::HttpRedirect).is_some(), "{location}");
    }
    for location in ["http://localhost:7000/sso", "http://127.0.0.1:7000/sso", "http://[::1]/sso"] {
        let idp = with("https://idp.example/sso", location).expect("usable metadata");
        assert!(idp.single_sign_on_service(Binding::HttpRedirect).is_some(), "{location}");
    }
    let answer = "Location=\"https://idp.example/sso\" ResponseLocation=\"javascript:alert(1)\"";
    let idp = with("Location=\"https://idp.example/sso\"", answer).expect("usable metadata");
    assert!(idp.single_sign_on_services().iter().all(|it| it.response_location.is_none()));
    assert_eq!(idp.warnings(NOW).len(), 2);
}

/// An endpoint that no sign-in needs does not keep an IdP out.
#[test]
fn leaves_out_endpoints_that_lack_something() {
    let logout = |attributes: &str| format!("<SingleLogoutService{attributes}/><NameIDFormat>");
    let binding = " Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"";
    let location = " Location=\"https://idp.example/out\"";
    for (attributes, missing) in [
        (binding.to_owned(), "Location"),
        (format!("{binding} Location=\"\""), "Location"),
        (location.to_owned(), "Binding"),
    ] {
        let idp = with("<NameIDFormat>", &logout(&attributes)).expect("usable metadata");
        assert_eq!(idp.single_logout_services(), []);
        let said = format!("a SingleLogoutService has no {missing} and was left out");
        assert_eq!(texts(&idp, NOW), [said]);
    }
    let other = " Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\"";
    let idp = with("<NameIDFormat>", &logout(other)).expect("usable metadata");
    assert_eq!(idp.warnings(NOW), []);
}

#[test]
fn says_when_a_certificate_expires() {
    let idp = IdpMetadata::parse(METADATA).expect("usable metadata");
    let end = idp.certificates()[0].not_after();
    let begin = idp.certificates()[0].not_before();
    assert!(texts(&idp, end.plus(-61 * DAY)).is_empty());
    assert_eq!(
        texts(&idp, end.plus(-12 * DAY)),
        ["the signing certificate \"CN=idp.example\" expires within 12 days; upload new \
            metadata when the identity provider has a new one"]
    );
    assert_eq!(
        texts(&idp, end.plus(2 * DAY)),
        ["the signing certificate \"CN=idp.example\" expired 2 days ago; logins go on until the \
            identity provider changes its key"]
    );
    assert_eq!(
        texts(&idp, begin.plus(-3 * DAY)),
        ["the signing certificate \"CN=idp.example\" is not valid for 3 more days"]
    );
}

#[test]
fn says_when_the_metadata_expires() {
    let idp = with("entityID=", "validUntil=\"2027-06-01T00:00:00Z\" entityID=");
    let idp = idp.expect("usable metadata");
    let until = idp.valid_until().expect("a time");
    assert!(texts(&idp, until.plus(-61 * DAY)).is_empty());
    assert_eq!(
        texts(&idp, until.plus(-5 * DAY)),
        ["the metadata expires within 5 days, and then nobody can sign in; upload it anew \
            before that"]
    );
    assert_eq!(idp.warnings(until.plus(-1)), [Warning::MetadataExpires { days: 1 }]);
    assert_eq!(idp.warnings(until), [Warning::MetadataExpired { days: 0 }]);
    assert_eq!(
        texts(&idp, until.plus(3 * DAY)),
        ["the metadata expired 3 days ago and nobody can sign in; upload it anew from the \
            identity provider"]
    );
}
