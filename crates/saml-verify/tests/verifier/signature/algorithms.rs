//! Algorithms and transforms that a Signature may name (rows C4, D2, D3).

use crate::common::Scenario;

/// Rows D2 and D3: every algorithm outside of the list, as the signer itself would name it.
#[test]
fn refuses_other_signature_methods() {
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "",
    ] {
        let scenario = Scenario::valid()
            .in_signed_info("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", uri);
        assert_eq!(scenario.code(), "signature_method_unsupported", "{uri}");
    }
}

/// Row D3: one code for both, which is about SHA-1 and nothing else.
#[test]
fn names_sha1_where_it_refuses_it() {
    for (from, to) in [
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        ),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
    ] {
        assert_eq!(Scenario::valid().in_signed_info(from, to).code(), "sha1_refused", "{to}");
    }
}

#[test]
fn refuses_other_digest_methods() {
    for uri in
        ["http://www.w3.org/2001/04/xmldsig-more#md5", "http://www.w3.org/2001/04/xmlenc#ripemd160"]
    {
        let scenario =
            Scenario::valid().in_signed_info("http://www.w3.org/2001/04/xmlenc#sha256", uri);
        assert_eq!(scenario.code(), "digest_method_unsupported", "{uri}");
    }
}

#[test]
fn refuses_other_canonicalization() {
    let ours = "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
    let other =
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2002/REC-xml-exc-c14n\">";
    let scenario = Scenario::valid().in_signed_info(ours, other);
    assert_eq!(scenario.code(), "canonicalization_unsupported");
}

/// Row C4. The signatures are authentic: a signer that wants such a transform does not get it.
#[test]
fn refuses_other_transforms() {
    let enveloped = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/\
        xmldsig#enveloped-signature\"></ds:Transform>";
    let canonical =
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let xslt =
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform>";
    let xpath = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
        <ds:XPath>/</ds:XPath></ds:Transform>";
    let base64 =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"></ds:Transform>";
    let transforms = format!("{enveloped}{canonical}");
    for other in [
        String::new(),
        canonical.to_owned(),
        format!("{canonical}{enveloped}"),
        format!("{enveloped}{enveloped}"),
        format!("{enveloped}{canonical}{canonical}"),
        format!("{enveloped}{xslt}"),
        format!("{xpath}{canonical}"),
        format!("{enveloped}{xpath}{canonical}"),
        format!("{enveloped}{base64}"),
        format!("{enveloped}<ds:Other></ds:Other>"),
    ] {
        let scenario = Scenario::valid().in_signed_info(&transforms, &other);
        assert_eq!(scenario.code(), "transform_forbidden", "{other}");
    }
}

/// Row C10: every listed prefix is looked up at every element.
#[test]
fn refuses_long_prefix_lists() {
    let with_list = |count: usize, method: &str| {
        let list = "xs ".repeat(count);
        let list = format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
            PrefixList=\"{list}\"></ec:InclusiveNamespaces></ds:{method}>"
        );
        // The last of the two Transforms.
        let end = format!("</ds:{method}>");
        let end = if method == "Transform" { end + "</ds:Transforms>" } else { end };
        let list = if method == "Transform" { list + "</ds:Transforms>" } else { list };
        Scenario::valid().in_signed_info(&end, &list).code()
    };
    assert_eq!(with_list(24, "CanonicalizationMethod"), "accepted");
    assert_eq!(with_list(25, "CanonicalizationMethod"), "canonicalization_unsupported");
    assert_eq!(with_list(24, "Transform"), "accepted");
    assert_eq!(with_list(25, "Transform"), "transform_forbidden");
}
