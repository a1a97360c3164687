//! Every ceiling of the product, each with the reason for its size.

/// Most octets in a posted form, counted before anything of it is decoded (row H7). Responses with
/// 150 groups come in 60 KiB.
pub const FORM_OCTETS: usize = 256 * 1024;

/// Most octets in one message: no form holds more in base64.
pub const MESSAGE_OCTETS: usize = FORM_OCTETS / 4 * 3;

/// Most fields in one posted form. Two are read; IdPs and the browser's extensions add a few.
pub const FORM_FIELDS: usize = 32;

/// Most octets canonicalization may write, counted per document. Escaping and re-declared
/// prefixes let the output outgrow the input; honest messages shrink (row C10).
pub const CANONICAL_OCTETS: usize = 4 * MESSAGE_OCTETS;

/// Most signing keys tried for one IdP. Roll-over needs two; row D10 allows eight.
pub const SIGNING_KEYS: usize = 8;

/// Most certificates and bare keys in the signing KeyDescriptors of one IdP, counted before any is
/// read. Each of SIGNING_KEYS may bring three more, up to the authority that issued it; of all IdPs
/// known here none has more than three in all. Everything that is shown, stored or sent of
/// certificates grows with them.
pub const CERTIFICATES: usize = 4 * SIGNING_KEYS;

/// Most endpoints of one kind, and most NameIDFormats, of one IdP. Federations list up to six, by
/// binding and by version of SAML.
pub const LISTED: usize = 32;

/// Longest Location and longest NameIDFormat of an IdP, in octets. Entra's have up to 100; a
/// request adds a kilobyte to an address, of which browsers and servers take 8 KiB.
pub const LISTED_OCTETS: usize = 2048;

/// Most characters that are shown of a name or an address in metadata. The fields of distinguished
/// names end at 64 each (RFC 5280, appendix A.1).
pub const SHOWN_CHARACTERS: usize = 256;

/// Most octets in a message that comes in a query, before and after inflating. Workers take 16 KiB
/// of address; a LogoutRequest with its signature is near 1 KiB.
pub const REDIRECT_OCTETS: usize = 64 * 1024;

/// Most EncryptedKeys in one message, and most private keys that each is tried with: each try is an
/// RSA operation (row E3).
pub const ENCRYPTED_KEYS: usize = 4;

/// Shortest and longest accepted RSA modulus, in bits. 2048 is today's floor for signatures
/// (NIST SP 800-131A); 8192 is what the `rsa` crate takes (row D5).
pub const RSA_BITS: core::ops::RangeInclusive<u32> =
    if cfg!(saml_verify_legacy_vectors) { 1024..=8192 } else { 2048..=8192 };

/// Largest RelayState kept. Bindings §3.4.3 allows 80 octets; Entra's administrators type whole
/// URLs there, so the cap is that of a path instead.
pub const RELAY_STATE_OCTETS: usize = 1024;

/// Oldest LogoutRequest, in seconds: browsers carry it at once. Keycloak sets NotOnOrAfter one
/// minute away, SimpleSAMLphp five; others set none.
pub const LOGOUT_AGE: i64 = 600;

/// How much XML one document may hold. Row C10: canonicalization and namespace look-up stay linear
/// only while these are small.
#[derive(Clone, Copy, Debug)]
pub struct XmlLimits {
    /// Most octets of source text.
    pub octets: usize,
    /// Most `<`, wherever they stand: the parser reserves a node for each before it reads any.
    pub angle_brackets: usize,
    /// Most `=`, wherever they stand: the parser reserves an attribute for each.
    pub equals_signs: usize,
    /// Most nodes in the tree: elements, runs of text, comments and processing instructions.
    pub nodes: u32,
    /// Deepest nesting of elements.
    pub depth: usize,
    /// Most attributes, namespace declarations included.
    pub attributes: usize,
    /// Most of them on one element.
    pub attributes_of_one: usize,
    /// Most namespace declarations in scope at one element, shadowed ones included.
    pub namespaces_in_scope: usize,
    /// Most namespace declarations in the document.
    pub namespaces: usize,
    /// Most steps that the parser takes to copy namespaces: the square of those in scope, for each
    /// element that declares one.
    pub namespace_steps: usize,
    /// Most elements called Signature, in whatever namespace.
    pub signatures: usize,
    /// Whether comments and processing instructions may stand inside the root element. C14N drops
    /// comments, so a reader that stops at one sees another text than was signed (row B1), and no
    /// IdP writes either.
    pub asides: bool,
    /// Whether the XML declaration may name another encoding than UTF-8, where the text says the
    /// same under either name.
    pub other_labels: bool,
}

/// Limits of a message, which anyone can send. Of all responses known here the largest has 340
/// nodes, 9 attributes on one element and 9 namespaces in scope, and is nine levels deep. A
/// thousand groups, written as wordily as Okta does, have 2 000 nodes, as many namespaces and 3 000
/// attributes. The parser's time grows with the square of one element's attributes and of the
/// namespaces in scope: a hundred thousand steps are as many groups with ten in scope, where Okta
/// has five.
///
/// An element has two `<`, so as many nodes as there may be never have more than twice as many. An
/// `=` in eight octets is denser than distinguished names are (`OU=Staff,`), even without the
/// elements around them. What the parser reserves for both is 3 MB at most, half as much in wasm32.
pub const MESSAGE_XML: XmlLimits = XmlLimits {
    octets: MESSAGE_OCTETS,
    angle_brackets: 10_000,
    equals_signs: MESSAGE_OCTETS / 8,
    nodes: 5_000,
    depth: 64,
    attributes: 5_000,
    attributes_of_one: 24,
    namespaces_in_scope: 24,
    namespaces: 2_500,
    namespace_steps: 100_000,
    signatures: 2,
    asides: false,
    other_labels: false,
};

/// For the canonical form of such a message: larger by its escapes, and with declarations repeated
/// where exclusive C14N wants them, each with its `=`. Nodes are as many as before.
pub const CANONICAL_XML: XmlLimits = XmlLimits {
    octets: CANONICAL_OCTETS,
    equals_signs: MESSAGE_XML.equals_signs + 8_000,
    attributes: MESSAGE_XML.attributes + 8_000,
    namespaces: 8_000,
    namespace_steps: 1_000_000,
    ..MESSAGE_XML
};

/// Most prefixes in one PrefixList: as many as can be in scope. Signers list one or two, and each
/// is looked up at every element (row C10).
pub const PREFIX_LIST: usize = MESSAGE_XML.namespaces_in_scope;

/// For metadata, which an administrator uploads. Federation aggregates reach 2 MiB. The densest
/// known has a `<` in 40 octets, an `=` in 69 and a namespace in 520: twice as much as in 2 MiB of
/// that fits.
pub const METADATA_XML: XmlLimits = XmlLimits {
    octets: 4 * 1024 * 1024,
    angle_brackets: 100_000,
    equals_signs: 64 * 1024,
    nodes: 150_000,
    depth: 64,
    attributes: 64 * 1024,
    attributes_of_one: 64,
    namespaces_in_scope: 64,
    namespaces: 8_000,
    namespace_steps: 200_000,
    signatures: 1_000,
    asides: true,
    other_labels: true,
};

/// For the canonical form of signed metadata, in which an empty element has two tags. Its
/// namespaces, declared once at the root of an aggregate, are declared again in every entity.
pub const CANONICAL_METADATA_XML: XmlLimits = XmlLimits {
    octets: 8 * 1024 * 1024,
    angle_brackets: 2 * METADATA_XML.angle_brackets,
    equals_signs: METADATA_XML.equals_signs + 50_000,
    attributes: METADATA_XML.attributes + 50_000,
    namespaces: 50_000,
    namespace_steps: 10_000_000,
    ..METADATA_XML
};

/// Longest time an assertion is accepted after its IssueInstant, in seconds: one day, for as long
/// its id is remembered (row F5). Entra's live 70 minutes.
pub const ASSERTION_AGE: i64 = 24 * 60 * 60;

/// Largest tolerated difference between the caller's clock and an IdP's, in seconds. Entra advises
/// no more than five minutes.
pub const SKEW: u16 = 300;

/// Longest entity id, in octets (Metadata §2.2.1).
pub const ENTITY_ID_OCTETS: usize = 1024;
