//! One IdP, at one moment, and all that it has ever signed.

#[path = "../../tests/common/said.rs"]
pub mod said;

use std::sync::LazyLock;

use said::Said;
use saml_verify::dsig::Sha1;
use saml_verify::error::Refusal;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};
use saml_verify::time::UnixTime;

/// 2026-11-24T10:00:30Z
pub const NOW: UnixTime = UnixTime::from_seconds(1_795_514_430);

static IDP: LazyLock<IdpMetadata> = LazyLock::new(|| {
    let metadata = include_str!("../../tests/vectors/xmlsec1/idp-rsa2048.metadata.xml");
    IdpMetadata::parse(metadata).expect("usable metadata")
});

/// What the genuine responses say, each of them a seed too.
pub static TRUTHS: LazyLock<Vec<Said>> = LazyLock::new(|| {
    let genuine = [
        include_str!("../../tests/vectors/xmlsec1/assertion.xml"),
        include_str!("../../tests/vectors/xmlsec1/assertion-awkward-values.xml"),
        include_str!("../../tests/vectors/xmlsec1/assertion-default-namespaces.xml"),
        include_str!("../../tests/vectors/xmlsec1/assertion-prefix-list-xs.xml"),
        include_str!("../../tests/vectors/xmlsec1/assertion-schema-types.xml"),
        include_str!("../../tests/vectors/xmlsec1/assertion-unsolicited.xml"),
        include_str!("../../tests/vectors/xmlsec1/both.xml"),
        include_str!("../../tests/vectors/xmlsec1/both-default-namespaces-sha512.xml"),
        include_str!("../../tests/vectors/xmlsec1/response.xml"),
    ];
    genuine.map(|xml| inspect(xml).expect("genuine")).to_vec()
});

/// What the account expects.
pub fn expected() -> Expected<'static> {
    Expected {
        entity_id: "https://edge.example/sso/acme/metadata",
        acs_url: "https://edge.example/sso/acme/acs",
        idp: &IDP,
        requests: Requests::Any,
        skew: Skew::default(),
        sha1: Sha1::Refused,
        nameless: false,
    }
}

/// What an accepted response says.
pub fn inspect(xml: &str) -> Result<Said, Refusal> {
    said::inspect(xml, &expected(), NOW)
}
