//! What is not wrong with IdP metadata yet, in words for the person who can mend it.

use thiserror::Error;

use crate::dsig::Certificate;
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
        "the signing certificate \"{subject}\" expired {days} days ago; logins go on until the identity provider changes its key"
    )]
    CertificateExpired {
        /// Distinguished name.
        subject: String,
        /// Whole days since.
        days: i64,
    },
    /// The validity period is about to end.
    #[error(
        "the signing certificate \"{subject}\" expires in {days} days; upload new metadata when the identity provider has a new one"
    )]
    CertificateExpires {
        /// Distinguished name.
        subject: String,
        /// Whole days until then.
        days: i64,
    },
    /// The validity period has not begun.
    #[error("the signing certificate \"{subject}\" is not valid for {days} more days")]
    CertificateNotYetValid {
        /// Distinguished name.
        subject: String,
        /// Whole days until then.
        days: i64,
    },
    /// A certificate that is no X.509.
    #[error("a signing certificate cannot be read and was left out")]
    CertificateUnreadable,
    /// An endpoint that is neither https nor on this machine.
    #[error("the endpoint \"{location}\" is not an https address and was left out")]
    EndpointUnusable {
        /// As the metadata has it.
        location: String,
    },
    /// A key of another kind or size than P-256, P-384 and RSA of 2048 to 8192 bits.
    #[error(
        "the key of the certificate \"{subject}\" is neither RSA of 2048 to 8192 bits nor on P-256 or P-384, and was left out"
    )]
    KeyUnsupported {
        /// Distinguished name.
        subject: String,
    },
    /// There is nowhere to send an AuthnRequest.
    #[error("there is no SingleSignOnService, so logins can only start at the identity provider")]
    NoSingleSignOnService,
    /// Only HTTP-POST is offered for AuthnRequests.
    #[error("SingleSignOnService offers no HTTP-Redirect binding")]
    OnlyPostOffered,
}

impl Warning {
    /// What the dates of `certificate` give reason to say at `now`.
    pub(super) fn of_validity(certificate: &Certificate, now: UnixTime) -> Option<Self> {
        let subject = certificate.subject().to_owned();
        let days_until = |time: UnixTime| time.seconds().saturating_sub(now.seconds()) / DAY;
        if now < certificate.not_before() {
            return Some(Self::CertificateNotYetValid {
                subject,
                days: days_until(certificate.not_before()),
            });
        }
        if now > certificate.not_after() {
            let days = days_until(certificate.not_after()).saturating_neg();
            return Some(Self::CertificateExpired { subject, days });
        }
        let days = days_until(certificate.not_after());
        (days <= NOTICE_DAYS).then_some(Self::CertificateExpires { subject, days })
    }
}
