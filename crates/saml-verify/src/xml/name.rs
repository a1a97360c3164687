//! Expanded names (Namespaces in XML §2.1) of everything that is read here, and their URIs.

/// A namespace URI and a local name. Elements are only ever matched by both (row B5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name<'t> {
    /// Namespace URI; empty for none.
    pub namespace: &'t str,
    /// Local part.
    pub local: &'t str,
}

/// XML-DSig.
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What XML-DSig 1.1 added.
pub const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
/// Exclusive C14N, both the algorithm's family and the namespace of InclusiveNamespaces.
pub const EC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// SAML metadata.
pub const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// SAML assertions.
pub const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML protocol messages.
pub const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// XML Encryption.
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// XML Encryption 1.1.
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
/// The reserved namespace of the prefix `xml`.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

const fn ds(local: &str) -> Name<'_> {
    Name { namespace: DS, local }
}
const fn dsig11(local: &str) -> Name<'_> {
    Name { namespace: DSIG11, local }
}
const fn md(local: &str) -> Name<'_> {
    Name { namespace: MD, local }
}
const fn saml(local: &str) -> Name<'_> {
    Name { namespace: SAML, local }
}
const fn samlp(local: &str) -> Name<'_> {
    Name { namespace: SAMLP, local }
}

const fn xenc(local: &str) -> Name<'_> {
    Name { namespace: XENC, local }
}
const fn xenc11(local: &str) -> Name<'_> {
    Name { namespace: XENC11, local }
}

macro_rules! names {
    ($($constant:ident = $of:ident $local:literal;)*) => {
        $(#[doc = concat!("`", stringify!($of), ":", $local, "`")]
        pub const $constant: Name<'static> = $of($local);)*
    };
}

names! {
    CANONICALIZATION_METHOD = ds "CanonicalizationMethod";
    DIGEST_METHOD = ds "DigestMethod";
    DIGEST_VALUE = ds "DigestValue";
    EXPONENT = ds "Exponent";
    KEY_INFO = ds "KeyInfo";
    KEY_VALUE = ds "KeyValue";
    MODULUS = ds "Modulus";
    REFERENCE = ds "Reference";
    RSA_KEY_VALUE = ds "RSAKeyValue";
    SIGNATURE = ds "Signature";
    SIGNATURE_METHOD = ds "SignatureMethod";
    SIGNATURE_VALUE = ds "SignatureValue";
    SIGNED_INFO = ds "SignedInfo";
    TRANSFORM = ds "Transform";
    TRANSFORMS = ds "Transforms";
    X509_CERTIFICATE = ds "X509Certificate";
    X509_DATA = ds "X509Data";

    DER_ENCODED_KEY_VALUE = dsig11 "DEREncodedKeyValue";
    EC_KEY_VALUE = dsig11 "ECKeyValue";
    NAMED_CURVE = dsig11 "NamedCurve";
    PUBLIC_KEY = dsig11 "PublicKey";

    ENTITIES_DESCRIPTOR = md "EntitiesDescriptor";
    ENTITY_DESCRIPTOR = md "EntityDescriptor";
    IDP_SSO_DESCRIPTOR = md "IDPSSODescriptor";
    KEY_DESCRIPTOR = md "KeyDescriptor";
    NAME_ID_FORMAT = md "NameIDFormat";
    SINGLE_LOGOUT_SERVICE = md "SingleLogoutService";
    SINGLE_SIGN_ON_SERVICE = md "SingleSignOnService";

    ADVICE = saml "Advice";
    ASSERTION = saml "Assertion";
    ATTRIBUTE = saml "Attribute";
    ATTRIBUTE_STATEMENT = saml "AttributeStatement";
    ATTRIBUTE_VALUE = saml "AttributeValue";
    AUDIENCE = saml "Audience";
    AUDIENCE_RESTRICTION = saml "AudienceRestriction";
    AUTHN_CONTEXT = saml "AuthnContext";
    AUTHN_CONTEXT_CLASS_REF = saml "AuthnContextClassRef";
    AUTHN_STATEMENT = saml "AuthnStatement";
    CONDITIONS = saml "Conditions";
    ENCRYPTED_ASSERTION = saml "EncryptedAssertion";
    ENCRYPTED_ID = saml "EncryptedID";
    ISSUER = saml "Issuer";
    NAME_ID = saml "NameID";
    ONE_TIME_USE = saml "OneTimeUse";
    PROXY_RESTRICTION = saml "ProxyRestriction";
    SUBJECT = saml "Subject";
    SUBJECT_CONFIRMATION = saml "SubjectConfirmation";
    SUBJECT_CONFIRMATION_DATA = saml "SubjectConfirmationData";

    EXTENSIONS = samlp "Extensions";
    LOGOUT_REQUEST = samlp "LogoutRequest";
    LOGOUT_RESPONSE = samlp "LogoutResponse";
    RESPONSE = samlp "Response";
    SESSION_INDEX = samlp "SessionIndex";
    STATUS = samlp "Status";
    STATUS_CODE = samlp "StatusCode";
    STATUS_MESSAGE = samlp "StatusMessage";

    CIPHER_DATA = xenc "CipherData";
    CIPHER_VALUE = xenc "CipherValue";
    ENCRYPTED_DATA = xenc "EncryptedData";
    ENCRYPTED_KEY = xenc "EncryptedKey";
    ENCRYPTION_METHOD = xenc "EncryptionMethod";
    OAEP_PARAMS = xenc "OAEPparams";
    MGF = xenc11 "MGF";
}

/// `ec:InclusiveNamespaces`
pub const INCLUSIVE_NAMESPACES: Name<'static> =
    Name { namespace: EC, local: "InclusiveNamespaces" };
