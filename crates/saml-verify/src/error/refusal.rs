//! Why a message is refused, each rule with a stable code. The file is one table, with a variant
//! for each rule.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

/// Why a message was refused: one violated rule. `Display` says the rule in words and never holds
/// text from the message, so it may be logged and shown; [`Refusal::code`] never changes. A minor
/// version may add variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    // Malformed
    /// A required XML attribute is absent.
    #[error("a required attribute is missing")]
    AttributeMissing,
    /// Not base64 with the standard alphabet and padding.
    #[error("the text is not base64")]
    Base64Malformed,
    /// A comment stands inside the root element: where text is cut at comments, names change
    /// (row B1).
    #[error("a comment stands inside the message")]
    CommentForbidden,
    /// Not raw DEFLATE (Bindings §3.4.4.1).
    #[error("the message is not deflated")]
    DeflateMalformed,
    /// The schema requires an element that is absent.
    #[error("a required element is missing")]
    ElementMissing,
    /// An element stands where the schema has no place for it, or stands there twice.
    #[error("an element stands where none is allowed")]
    ElementUnexpected,
    /// EncryptedData is not of the shape that XML Encryption §3 gives.
    #[error("the encrypted element is not of the required shape")]
    EncryptionMalformed,
    /// A form has more fields than [`crate::limits::FORM_FIELDS`].
    #[error("the form has too many fields")]
    FormFieldCount,
    /// The body is not `application/x-www-form-urlencoded`.
    #[error("the body is not a form")]
    FormMalformed,
    /// Two elements share one ID, so a Reference could mean either (row C6).
    #[error("two elements share an ID")]
    IdDuplicate,
    /// An ID attribute in a foreign namespace, which look-up by local name would find (row B4).
    #[error("an ID attribute belongs to a foreign namespace")]
    IdForbidden,
    /// A processing instruction stands inside the root element.
    #[error("a processing instruction stands inside the message")]
    InstructionForbidden,
    /// A query with neither SAMLRequest nor SAMLResponse.
    #[error("there is neither a SAMLRequest nor a SAMLResponse")]
    MessageAbsent,
    /// A query with both SAMLRequest and SAMLResponse (row F9).
    #[error("there are both a SAMLRequest and a SAMLResponse")]
    MessageAmbiguous,
    /// A relative namespace URI, on which C14N must fail (row C1).
    #[error("a namespace is not an absolute URI")]
    NamespaceRelative,
    /// Not UTF-8; metadata may also be UTF-16 with a byte order mark.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// Neither a LogoutRequest in SAMLRequest nor a LogoutResponse in SAMLResponse.
    #[error("the message is not one of single logout")]
    NotALogoutMessage,
    /// A parameter stands in a query, or a field in a form, more than once (row F9).
    #[error("a parameter is repeated")]
    ParameterRepeated,
    /// More than one RelayState field (row F10).
    #[error("there is more than one RelayState field")]
    RelayStateRepeated,
    /// More than one SAMLResponse field (row F10).
    #[error("there is more than one SAMLResponse field")]
    ResponseRepeated,
    /// No SAMLResponse field.
    #[error("there is no SAMLResponse field")]
    ResponseAbsent,
    /// Text stands between elements, or elements inside text.
    #[error("text and elements are mixed")]
    TextUnexpected,
    /// Not an `xs:dateTime`.
    #[error("a time is not an xs:dateTime")]
    TimeMalformed,
    /// An `xs:dateTime` in another zone than UTC (Core §1.3.3).
    #[error("a time is not in UTC")]
    TimeNotUtc,
    /// Not well-formed XML 1.0 with namespaces.
    #[error("the message is not well-formed XML at line {line}, column {column}")]
    XmlMalformed {
        /// Line, counted from 1.
        line: u32,
        /// Column in characters, counted from 1.
        column: u32,
    },

    // Too large
    /// Canonicalization wrote more than [`crate::limits`] allows.
    #[error("the canonical form is too large")]
    CanonicalFormTooLarge,
    /// No EncryptedKey, or more than [`crate::limits::ENCRYPTED_KEYS`] (row E3).
    #[error("the encrypted element must have one to four encrypted keys")]
    EncryptedKeyCount,
    /// More octets than [`crate::limits`] allows.
    #[error("the message is too large")]
    MessageTooLarge,
    /// Elements are nested too deeply.
    #[error("elements are nested too deeply")]
    XmlTooDeep,
    /// One element has too many attributes.
    #[error("an element has too many attributes")]
    XmlTooManyAttributes,
    /// Too many namespace declarations.
    #[error("there are too many namespace declarations")]
    XmlTooManyNamespaces,
    /// Too many nodes.
    #[error("there are too many nodes")]
    XmlTooManyNodes,

    // Unsupported
    /// The assertion is encrypted, and the service provider has no private key.
    #[error("the assertion is encrypted, but this service has no key to decrypt it")]
    AssertionEncrypted,
    /// A CanonicalizationMethod outside of the list.
    #[error("the canonicalization method is not supported")]
    CanonicalizationUnsupported,
    /// AES-CBC in a Response that is not signed: guesses at the plaintext would be answered
    /// (row E2).
    #[error("AES-CBC is only taken inside a signed response")]
    CbcWithoutSignature,
    /// An EncryptionMethod outside of the list, Triple DES among them.
    #[error("the encryption method is not supported")]
    DataEncryptionUnsupported,
    /// A DigestMethod outside of the list.
    #[error("the digest method is not supported")]
    DigestMethodUnsupported,
    /// A document type declaration (row B6).
    #[error("the document has a document type declaration")]
    DtdForbidden,
    /// A key transport outside of the list, RSAES-PKCS1-v1_5 among them (row E2).
    #[error("the key transport method is not supported")]
    KeyTransportUnsupported,
    /// A LogoutRequest names its subject in an EncryptedID, which may not or cannot be decrypted
    /// here.
    #[error("the name identifier of a logout is encrypted")]
    NameIdEncrypted,
    /// RSA-OAEP with one hash for the label and another for MGF1, which WebCrypto cannot do
    /// (row E5).
    #[error("the key transport uses two different hashes")]
    OaepDigestsDiffer,
    /// SAMLEncoding is another one than DEFLATE (Bindings §3.4.4).
    #[error("the message is encoded otherwise than by DEFLATE")]
    SamlEncodingUnsupported,
    /// RSA with SHA-1, or SHA-1 as the digest, where the account does not take it (row D3).
    #[error("the signature is made with SHA-1, which is taken only until allow_sha1_until")]
    Sha1Refused,
    /// A SignatureMethod outside of the list: HMAC and everything unknown (row D2).
    #[error("the signature method is not supported")]
    SignatureMethodUnsupported,
    /// The XML declaration names an encoding other than UTF-8 (row B8); metadata may name one that
    /// makes no difference.
    #[error("the XML declaration names another encoding than UTF-8")]
    XmlEncodingUnsupported,
    /// The XML declaration names a version other than 1.0 (row B8).
    #[error("the XML declaration names another version than 1.0")]
    XmlVersionUnsupported,

    // Signature
    /// Canonicalization wrote nothing: the golden-response attack (row C1).
    #[error("the canonical form is empty")]
    CanonicalFormEmpty,
    /// The decryption failed, for whatever reason (row E2).
    #[error("the assertion cannot be decrypted")]
    DecryptionFailed,
    /// DigestValue is not the digest of the element: it was changed after signing.
    #[error("the signed element was changed")]
    DigestMismatch,
    /// A decrypted assertion carries no signature itself, where accounts share Reply URL and entity
    /// id (row E2).
    #[error("the encrypted assertion is not signed itself")]
    EncryptedAssertionUnsigned,
    /// SignedInfo has no Reference, or several (row A6).
    #[error("the signature must have exactly one Reference")]
    ReferenceCount,
    /// The Reference does not name the element that holds the Signature (Core §5.4.2, rows A1 and
    /// C5).
    #[error("the signature does not cover the element that holds it")]
    ReferenceNotParent,
    /// SignatureValue fails under every trusted key.
    #[error("no trusted key verifies the signature")]
    SignatureInvalid,
    /// Signature is not of the shape that Core §5.4 and XML-DSig give (rows C3, C7).
    #[error("the signature is not of the required shape")]
    SignatureMalformed,
    /// A Signature outside of Response and Assertion (row A4).
    #[error("a signature stands where none is allowed")]
    SignatureMisplaced,
    /// Neither the Response nor the Assertion is signed.
    #[error("neither the response nor the assertion is signed")]
    SignatureMissing,
    /// Transforms other than enveloped-signature and at most one C14N, in this order (row C4).
    #[error("the signature uses a transform that is not allowed")]
    TransformForbidden,

    // Profile
    /// Advice can carry donor assertions (row A4).
    #[error("the assertion has an Advice")]
    AdviceForbidden,
    /// Not exactly one Assertion in the whole document (row A2).
    #[error("there must be exactly one assertion")]
    AssertionCount,
    /// `now` is a day or more after IssueInstant. Used assertion ids are remembered for a day, so
    /// older ones could be replayed (row F5).
    #[error("the assertion was issued more than a day ago")]
    AssertionTooOld,
    /// An AudienceRestriction does not name the service provider's entity id (Core §2.5.1.4).
    #[error("the audience is another service")]
    AudienceMismatch,
    /// No AudienceRestriction (Profiles §4.1.4.2).
    #[error("the assertion names no audience")]
    AudienceMissing,
    /// No AuthnStatement (Profiles §4.1.4.2).
    #[error("the assertion has no authentication statement")]
    AuthnStatementMissing,
    /// The user signed in before the request was made that asked for a fresh sign-in.
    #[error("the user has not signed in since the request was made")]
    AuthnTooOld,
    /// A condition that is not understood, which makes the assertion indeterminate (Core §2.5.1).
    #[error("the assertion has an unknown condition")]
    ConditionUnknown,
    /// `now` is not before Conditions/@NotOnOrAfter (Core §2.5.1.2).
    #[error("the assertion has expired")]
    ConditionsExpired,
    /// No Conditions (Profiles §4.1.4.2).
    #[error("the assertion has no conditions")]
    ConditionsMissing,
    /// `now` is before Conditions/@NotBefore (Core §2.5.1.2).
    #[error("the assertion is not valid yet")]
    ConditionsNotYetValid,
    /// `now` is not before SubjectConfirmationData/@NotOnOrAfter (Profiles §4.1.4.3).
    #[error("the subject confirmation has expired")]
    ConfirmationExpired,
    /// No bearer SubjectConfirmation with its data (Profiles §4.1.4.2).
    #[error("the subject has no bearer confirmation")]
    ConfirmationMissing,
    /// SubjectConfirmationData has NotBefore, which the profile forbids (Profiles §4.1.4.2).
    #[error("the subject confirmation has a NotBefore")]
    ConfirmationNotBefore,
    /// SubjectConfirmationData has no NotOnOrAfter (Profiles §4.1.4.2).
    #[error("the subject confirmation has no expiry")]
    ConfirmationWithoutExpiry,
    /// Response/@Destination is not the expected ACS URL (Bindings §3.5.5.2).
    #[error("the destination is another address")]
    DestinationMismatch,
    /// A signed Response without Destination (Bindings §3.5.5.2).
    #[error("the signed response names no destination")]
    DestinationMissing,
    /// Extensions with elements can carry donor documents (row A4).
    #[error("the response has extensions")]
    ExtensionsForbidden,
    /// Response and SubjectConfirmationData answer different requests.
    #[error("response and assertion answer different requests")]
    InResponseToMismatch,
    /// The response answers no request, and unsolicited ones are not accepted here.
    #[error("the response answers no request")]
    InResponseToMissing,
    /// The response answers a request that this browser does not have outstanding (row F3).
    #[error("the response answers an unknown request")]
    InResponseToUnknown,
    /// Issuer has a Format other than entity (Profiles §4.1.4.2).
    #[error("the issuer has a wrong format")]
    IssuerFormat,
    /// `now` is before IssueInstant.
    #[error("the assertion was issued in the future")]
    IssuedInFuture,
    /// An Issuer that is not the account's IdP.
    #[error("the issuer is another identity provider")]
    IssuerMismatch,
    /// The Assertion, or a signed Response, has no Issuer (Profiles §4.1.4.2).
    #[error("there is no issuer")]
    IssuerMissing,
    /// A LogoutRequest is older than it may be, or its NotOnOrAfter has come.
    #[error("the request to log out has expired")]
    LogoutExpired,
    /// No NameID, or an empty one.
    #[error("the subject has no name identifier")]
    NameIdMissing,
    /// The EncryptedID of a LogoutRequest names a user without a session (row E2).
    #[error("the encrypted name identifier of a logout names no user who is signed in")]
    NameIdUnknown,
    /// The root element is not a samlp:Response.
    #[error("the message is not a SAML response")]
    NotAResponse,
    /// SubjectConfirmationData/@Recipient is not the expected ACS URL (Profiles §4.1.4.3).
    #[error("the recipient is another address")]
    RecipientMismatch,
    /// SubjectConfirmationData has no Recipient (Profiles §4.1.4.2).
    #[error("the subject confirmation names no recipient")]
    RecipientMissing,
    /// `now` is not before SessionNotOnOrAfter (Core §2.7.2).
    #[error("the session at the identity provider has ended")]
    SessionExpired,
    /// The IdP reports a failure (Core §3.2.2.2).
    #[error("the identity provider reports a failure")]
    StatusNotSuccess,
    /// The Assertion has no Subject (Profiles §4.1.4.2).
    #[error("the assertion has no subject")]
    SubjectMissing,
    /// Version is not 2.0 (Core §2.3.3, §3.2.2).
    #[error("the SAML version is not 2.0")]
    VersionUnsupported,

    // Once only
    /// The assertion was used before (Profiles §4.1.4.5).
    #[error("the assertion was used before")]
    AssertionReplayed,
    /// The LogoutRequest was used before.
    #[error("the request to log out was used before")]
    LogoutReplayed,
    /// The request was answered before.
    #[error("the request was answered before")]
    RequestUsed,

    // Metadata
    /// More than [`crate::limits::CERTIFICATES`] certificates and bare keys for signing.
    #[error("the metadata has too many signing certificates")]
    CertificateCount,
    /// A signing certificate is not X.509 in DER.
    #[error("a signing certificate cannot be read")]
    CertificateMalformed,
    /// More than [`crate::limits::LISTED`] endpoints of one kind.
    #[error("the metadata has too many endpoints of one kind")]
    EndpointCount,
    /// Several SAML 2.0 IdPs fit, and nothing says which one is meant.
    #[error("the metadata describes several identity providers, and it must be said which")]
    EntityAmbiguous,
    /// The entity id is empty or longer than 1024 octets (Metadata §2.2.1).
    #[error("the entity id cannot be used")]
    EntityIdInvalid,
    /// The entity id has `{tenantid}` in it: Entra's `common` endpoint stands for no tenant in
    /// particular.
    #[error("the metadata is for any tenant; download that of your own tenant")]
    EntityIdPlaceholder,
    /// No EntityDescriptor has the entity id that was asked for.
    #[error("the metadata does not describe this identity provider")]
    EntityUnknown,
    /// No IDPSSODescriptor for SAML 2.0.
    #[error("the metadata describes no SAML 2.0 identity provider")]
    IdpRoleMissing,
    /// The entity has several IDPSSODescriptors for SAML 2.0, whose keys and endpoints may differ.
    #[error("the metadata describes the identity provider more than once; cut one description out")]
    IdpRoleRepeated,
    /// `now` is not before validUntil (Metadata §2.3.1).
    #[error("the metadata has expired")]
    MetadataExpired,
    /// The root element carries no Signature, although a key is pinned for it.
    #[error("the metadata is not signed")]
    MetadataUnsigned,
    /// More than [`crate::limits::LISTED`] NameIDFormats.
    #[error("the metadata has too many NameID formats")]
    NameIdFormatCount,
    /// The root element is no SAML metadata.
    #[error("the document is not SAML metadata")]
    NotMetadata,
    /// More than [`crate::limits::SIGNING_KEYS`] signing keys.
    #[error("the metadata has too many signing keys")]
    SigningKeyCount,
    /// No signing key at all (row G5).
    #[error("the metadata has no signing key")]
    SigningKeyMissing,
    /// Every signing key is of an unsupported kind or size (row D5).
    #[error("no signing key is of a supported kind and size")]
    SigningKeyUnsupported,
}

impl Refusal {
    /// Every code, in the order of the variants.
    pub const CODES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

    /// The stable snake_case name of the rule, for logs, metrics and vectors.
    pub fn code(self) -> &'static str {
        self.into()
    }
}
