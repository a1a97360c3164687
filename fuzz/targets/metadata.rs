//! Whatever metadata is taken has a key and usable endpoints (rows G5, H6).

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    let Ok(metadata) = IdpMetadata::parse(text) else { return };
    assert!(!metadata.signing_keys().is_empty() && !metadata.entity_id().is_empty());
    for endpoint in [metadata.single_sign_on_services(), metadata.single_logout_services()].concat()
    {
        assert!(matches!(endpoint.location.url().scheme(), "https" | "http"));
    }
    for warning in metadata.warnings(UnixTime::from_seconds(1_795_514_430)) {
        let _ = warning.to_string();
    }
    let keys = metadata.signing_keys().iter().map(ToString::to_string);
    assert!(keys.count() <= saml_verify::limits::SIGNING_KEYS);
});
