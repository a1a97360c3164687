//! What each refusal is about, a row a refusal.

use crate::error::refusal::Refusal;

/// What a [`Refusal`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its family.
    pub kind: Kind,
    /// The step of verification that it belongs to.
    pub step: Step,
}

/// Which family a [`Refusal`] belongs to, for the answer to the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not readable as what it claims to be.
    Malformed,
    /// Over a limit.
    TooLarge,
    /// Readable, but needs a feature that is not supported.
    Unsupported,
    /// Readable, but not to be trusted.
    Untrusted,
    /// The IdP metadata is at fault, not the message.
    Metadata,
}

/// A step of verification. A refusal that can come of several steps belongs to the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The IdP's metadata, before any message.
    Metadata,
    /// The message as form, text, XML and Response.
    Message,
    /// The Status of the Response.
    Status,
    /// The one Assertion.
    Assertion,
    /// What is encrypted.
    Encryption,
    /// Signatures and the keys that they hold under.
    Signature,
    /// Destination of the Response.
    Destination,
    /// Issuer of Response and Assertion.
    Issuer,
    /// What the Assertion must and must not have.
    Contents,
    /// Recipient and the rest of the subject's confirmation.
    Recipient,
    /// The AuthnRequest that is answered.
    Request,
    /// Every time that is compared with now.
    Time,
    /// Audience of the Assertion.
    Audience,
    /// Use of the message for the first time.
    Once,
    /// Messages of single logout; no step of a sign-in.
    Logout,
}

impl Rule {
    const METADATA: Self = Self { kind: Kind::Metadata, step: Step::Metadata };

    const fn malformed(step: Step) -> Self {
        Self { kind: Kind::Malformed, step }
    }

    const fn too_large(step: Step) -> Self {
        Self { kind: Kind::TooLarge, step }
    }

    const fn unsupported(step: Step) -> Self {
        Self { kind: Kind::Unsupported, step }
    }

    const fn untrusted(step: Step) -> Self {
        Self { kind: Kind::Untrusted, step }
    }
}

impl Refusal {
    /// The family of this refusal.
    pub const fn kind(self) -> Kind {
        self.rule().kind
    }

    /// What this refusal is about.
    pub const fn rule(self) -> Rule {
        match self {
            // Malformed
            Self::AttributeMissing => Rule::malformed(Step::Message),
            Self::Base64Malformed => Rule::malformed(Step::Message),
            Self::CommentForbidden => Rule::malformed(Step::Message),
            Self::DeflateMalformed => Rule::malformed(Step::Logout),
            Self::ElementMissing => Rule::malformed(Step::Message),
            Self::ElementUnexpected => Rule::malformed(Step::Message),
            Self::EncryptionMalformed => Rule::malformed(Step::Encryption),
            Self::FormFieldCount => Rule::malformed(Step::Message),
            Self::FormMalformed => Rule::malformed(Step::Message),
            Self::IdDuplicate => Rule::malformed(Step::Message),
            Self::IdForbidden => Rule::malformed(Step::Message),
            Self::InstructionForbidden => Rule::malformed(Step::Message),
            Self::MessageAbsent => Rule::malformed(Step::Logout),
            Self::MessageAmbiguous => Rule::malformed(Step::Logout),
            Self::NamespaceRelative => Rule::malformed(Step::Message),
            Self::NotUtf8 => Rule::malformed(Step::Message),
            Self::NotALogoutMessage => Rule::malformed(Step::Logout),
            Self::ParameterRepeated => Rule::malformed(Step::Logout),
            Self::RelayStateRepeated => Rule::malformed(Step::Message),
            Self::ResponseRepeated => Rule::malformed(Step::Message),
            Self::ResponseAbsent => Rule::malformed(Step::Message),
            Self::TextUnexpected => Rule::malformed(Step::Message),
            Self::TimeMalformed => Rule::malformed(Step::Message),
            Self::TimeNotUtc => Rule::malformed(Step::Message),
            Self::XmlMalformed { .. } => Rule::malformed(Step::Message),
            // Too large
            Self::CanonicalFormTooLarge => Rule::too_large(Step::Signature),
            Self::EncryptedKeyCount => Rule::too_large(Step::Encryption),
            Self::MessageTooLarge => Rule::too_large(Step::Message),
            Self::XmlTooDeep => Rule::too_large(Step::Message),
            Self::XmlTooManyAttributes => Rule::too_large(Step::Message),
            Self::XmlTooManyNamespaces => Rule::too_large(Step::Message),
            Self::XmlTooManyNodes => Rule::too_large(Step::Message),
            // Unsupported
            Self::AssertionEncrypted => Rule::unsupported(Step::Encryption),
            Self::CanonicalizationUnsupported => Rule::unsupported(Step::Signature),
            Self::CbcWithoutSignature => Rule::unsupported(Step::Encryption),
            Self::DataEncryptionUnsupported => Rule::unsupported(Step::Encryption),
            Self::DigestMethodUnsupported => Rule::unsupported(Step::Signature),
            Self::DtdForbidden => Rule::unsupported(Step::Message),
            Self::KeyTransportUnsupported => Rule::unsupported(Step::Encryption),
            Self::NameIdEncrypted => Rule::unsupported(Step::Logout),
            Self::OaepDigestsDiffer => Rule::unsupported(Step::Encryption),
            Self::SamlEncodingUnsupported => Rule::unsupported(Step::Logout),
            Self::Sha1Refused => Rule::unsupported(Step::Signature),
            Self::SignatureMethodUnsupported => Rule::unsupported(Step::Signature),
            Self::XmlEncodingUnsupported => Rule::unsupported(Step::Message),
            Self::XmlVersionUnsupported => Rule::unsupported(Step::Message),
            // Signature
            Self::CanonicalFormEmpty => Rule::untrusted(Step::Signature),
            Self::DecryptionFailed => Rule::untrusted(Step::Encryption),
            Self::DigestMismatch => Rule::untrusted(Step::Signature),
            Self::EncryptedAssertionUnsigned => Rule::untrusted(Step::Encryption),
            Self::ReferenceCount => Rule::untrusted(Step::Signature),
            Self::ReferenceNotParent => Rule::untrusted(Step::Signature),
            Self::SignatureInvalid => Rule::untrusted(Step::Signature),
            Self::SignatureMalformed => Rule::untrusted(Step::Signature),
            Self::SignatureMisplaced => Rule::untrusted(Step::Message),
            Self::SignatureMissing => Rule::untrusted(Step::Signature),
            Self::TransformForbidden => Rule::untrusted(Step::Signature),
            // Profile
            Self::AdviceForbidden => Rule::untrusted(Step::Contents),
            Self::AssertionCount => Rule::untrusted(Step::Assertion),
            Self::AssertionTooOld => Rule::untrusted(Step::Time),
            Self::AudienceMismatch => Rule::untrusted(Step::Audience),
            Self::AudienceMissing => Rule::untrusted(Step::Audience),
            Self::AuthnStatementMissing => Rule::untrusted(Step::Contents),
            Self::AuthnTooOld => Rule::untrusted(Step::Time),
            Self::ConditionUnknown => Rule::untrusted(Step::Contents),
            Self::ConditionsExpired => Rule::untrusted(Step::Time),
            Self::ConditionsMissing => Rule::untrusted(Step::Contents),
            Self::ConditionsNotYetValid => Rule::untrusted(Step::Time),
            Self::ConfirmationExpired => Rule::untrusted(Step::Time),
            Self::ConfirmationMissing => Rule::untrusted(Step::Recipient),
            Self::ConfirmationNotBefore => Rule::untrusted(Step::Recipient),
            Self::ConfirmationWithoutExpiry => Rule::untrusted(Step::Recipient),
            Self::DestinationMismatch => Rule::untrusted(Step::Destination),
            Self::DestinationMissing => Rule::untrusted(Step::Destination),
            Self::ExtensionsForbidden => Rule::untrusted(Step::Message),
            Self::InResponseToMismatch => Rule::untrusted(Step::Request),
            Self::InResponseToMissing => Rule::untrusted(Step::Request),
            Self::InResponseToUnknown => Rule::untrusted(Step::Request),
            Self::IssuerFormat => Rule::untrusted(Step::Issuer),
            Self::IssuedInFuture => Rule::untrusted(Step::Time),
            Self::IssuerMismatch => Rule::untrusted(Step::Issuer),
            Self::IssuerMissing => Rule::untrusted(Step::Issuer),
            Self::LogoutExpired => Rule::untrusted(Step::Logout),
            Self::NameIdMissing => Rule::untrusted(Step::Contents),
            Self::NameIdUnknown => Rule::untrusted(Step::Logout),
            Self::NotAResponse => Rule::untrusted(Step::Message),
            Self::RecipientMismatch => Rule::untrusted(Step::Recipient),
            Self::RecipientMissing => Rule::untrusted(Step::Recipient),
            Self::SessionExpired => Rule::untrusted(Step::Time),
            Self::StatusNotSuccess => Rule::untrusted(Step::Status),
            Self::SubjectMissing => Rule::untrusted(Step::Contents),
            Self::VersionUnsupported => Rule::untrusted(Step::Message),
            // Once only
            Self::AssertionReplayed => Rule::untrusted(Step::Once),
            Self::LogoutReplayed => Rule::untrusted(Step::Logout),
            Self::RequestUsed => Rule::untrusted(Step::Once),
            // Metadata
            Self::CertificateCount => Rule::METADATA,
            Self::CertificateMalformed => Rule::METADATA,
            Self::EndpointCount => Rule::METADATA,
            Self::EntityAmbiguous => Rule::METADATA,
            Self::EntityIdInvalid => Rule::METADATA,
            Self::EntityIdPlaceholder => Rule::METADATA,
            Self::EntityUnknown => Rule::METADATA,
            Self::IdpRoleMissing => Rule::METADATA,
            Self::IdpRoleRepeated => Rule::METADATA,
            Self::MetadataExpired => Rule::METADATA,
            Self::MetadataUnsigned => Rule::METADATA,
            Self::NameIdFormatCount => Rule::METADATA,
            Self::NotMetadata => Rule::METADATA,
            Self::SigningKeyCount => Rule::METADATA,
            Self::SigningKeyMissing => Rule::METADATA,
            Self::SigningKeyUnsupported => Rule::METADATA,
        }
    }
}
