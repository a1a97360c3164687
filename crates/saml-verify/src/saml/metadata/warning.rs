//! What is not wrong with IdP metadata yet, in words for the person who can mend it.

use thiserror::Error;

use crate::dsig::certificate::Certificate;
use crate::time::UnixTime;

const DAY: i64 = 24 * 60 * 60;

/// How many days ahead an expiry is announced: as long as Entra does.
const NOTICE_DAYS: i64 = 60;

/// One thing to look after. Texts name what the metadata itself says, so they are for its owner.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Warning {
    /// The validity period is over. Logins go on: the key is what is trusted.
    #[error(
        "the signing certificate \"{subject}\" expired {days} days ago; logins go on until the \
        identity provider changes its key"
    )]
    CertificateExpired {
        /// Distinguished name.
        subject: String,
        /// Whole days since.
        days: i64,
    },
    /// The validity period is about to end.
    #[error(
        "the signing certificate \"{subject}\" expires within {days} days; upload new metadata \
        when the identity provider has a new one"
    )]
    CertificateExpires {
        /// Distinguished name.
        subject: String,
        /// Days until then, of which one that has begun counts.
        days: i64,
    },
    /// The validity period has not begun.
    #[error("the signing certificate \"{subject}\" is not valid for {days} more days")]
    CertificateNotYetValid {
        /// Distinguished name.
        subject: String,
        /// Days until then, of which one that has begun counts.
        days: i64,
    },
    /// The certificate of an authority, beside the one that it issued.
    #[error("the certificate \"{subject}\" only issued another one and was left out")]
    CertificateOfAuthority {
        /// Distinguished name.
        subject: String,
    },
    /// A certificate that can be read only in part.
    #[error(
        "a signing certificate is not well-formed; its key is taken, but nobody will be told when \
        it expires"
    )]
    CertificateOdd,
    /// Certificates one behind the other, where there should be one.
    #[error("one X509Certificate holds several certificates; the first is taken")]
    CertificatesInOneElement,
    /// A certificate that is no X.509.
    #[error("a signing certificate cannot be read and was left out")]
    CertificateUnreadable,
    /// An endpoint that is neither https nor on this machine.
    #[error(
        "the endpoint \"{location}\" is not an https address of a plain host name and was left out"
    )]
    EndpointUnusable {
        /// As the metadata has it, as far as it is shown.
        location: String,
    },
    /// An endpoint without Location, or without Binding.
    #[error("a {service} has no {attribute} and was left out")]
    EndpointIncomplete {
        /// The element.
        service: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// A key of another kind or size than P-256, P-384 and RSA of 2048 to 8192 bits.
    #[error(
        "the key of the certificate \"{subject}\" is neither RSA of 2048 to 8192 bits nor on P-256 \
        or P-384, and was left out"
    )]
    KeyUnsupported {
        /// Distinguished name.
        subject: String,
    },
    /// A key of another kind or size, without a certificate around it.
    #[error(
        "a signing key is neither RSA of 2048 to 8192 bits nor on P-256 or P-384, and was left out"
    )]
    BareKeyUnsupported,
    /// validUntil has come.
    #[error(
        "the metadata expired {days} days ago and nobody can sign in; upload it anew from the \
        identity provider"
    )]
    MetadataExpired {
        /// Whole days since.
        days: i64,
    },
    /// validUntil is about to come.
    #[error(
        "the metadata expires within {days} days, and then nobody can sign in; upload it anew \
        before that"
    )]
    MetadataExpires {
        /// Days until then, of which one that has begun counts.
        days: i64,
    },
    /// There is nowhere to send an AuthnRequest.
    #[error("there is no SingleSignOnService, so logins can only start at the identity provider")]
    NoSingleSignOnService,
}

impl Warning {
    /// What the dates of `certificate` give reason to say at `now`.
    pub(crate) fn of_validity(certificate: &Certificate, now: UnixTime) -> Option<Self> {
        let subject = certificate.subject().to_owned();
        if now < certificate.not_before() {
            let days = now.days_until(certificate.not_before());
            return Some(Self::CertificateNotYetValid { subject, days });
        }
        if now > certificate.not_after() {
            let days = days_between(certificate.not_after(), now);
            return Some(Self::CertificateExpired { subject, days });
        }
        let days = now.days_until(certificate.not_after());
        (days <= NOTICE_DAYS).then_some(Self::CertificateExpires { subject, days })
    }

    /// What validUntil gives reason to say at `now`.
    pub(crate) fn of_valid_until(until: UnixTime, now: UnixTime) -> Option<Self> {
        if now >= until {
            return Some(Self::MetadataExpired { days: days_between(until, now) });
        }
        let days = now.days_until(until);
        (days <= NOTICE_DAYS).then_some(Self::MetadataExpires { days })
    }
}

/// Whole days that have passed.
const fn days_between(earlier: UnixTime, later: UnixTime) -> i64 {
    later.seconds().saturating_sub(earlier.seconds()) / DAY
}
