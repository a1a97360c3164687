//! An RSA key and the certificate that it signs for itself.

use std::fmt::Display;
use std::str::FromStr as _;
use std::time::Duration;

use der::asn1::GeneralizedTime;
use der::pem::{LineEnding, encode_string};
use der::{DateTime, Encode as _};
use getrandom::SysRng;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::signature::Keypair as _;
use rsa::{PrivateKey, pkcs1v15};
use saml_verify::time::UnixTime;
use sha2::Sha256;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{
    Builder as _, CertificateBuilder, {self},
};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use crate::input::{Unreadable, draw};

/// The size that every IdP accepts, and that fits into a secret with its certificate.
const BITS: usize = 2048;

/// Ten years, after which IdPs would warn of the certificate.
const SECONDS: i64 = 3652 * 24 * 60 * 60;

/// PEM of a fresh key as PKCS#8, then of its certificate for `host`.
pub(crate) fn key_and_certificate(host: &str, now: UnixTime) -> Result<String, Unreadable> {
    let failed = |error: &dyn Display| Unreadable(format!("no key: {error}"));
    let key = PrivateKey::new(&mut SysRng, BITS).map_err(|error| failed(&error))?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| failed(&error))?;
    let certificate = certificate(SigningKey::new(key), host, now, &draw()?);
    let certificate = certificate.map_err(|error| failed(&error))?;
    let certificate = encode_string("CERTIFICATE", LineEnding::LF, &certificate);
    Ok(format!("{}{}", *pem, certificate.map_err(|error| failed(&error))?))
}

fn certificate(
    key: SigningKey<Sha256>,
    host: &str,
    now: UnixTime,
    entropy: &[u8; 32],
) -> builder::Result<Vec<u8>> {
    let certificate = CertificateBuilder::new(
        Plain(Name::from_str(&format!("CN={host}"))?),
        SerialNumber::new(entropy.split_at(16).0)?,
        Validity::new(time(now)?, time(now.plus(SECONDS))?),
        SubjectPublicKeyInfo::from_key(&key.verifying_key())?,
    )?;
    Ok(certificate.build::<_, pkcs1v15::Signature>(&key)?.to_der()?)
}

fn time(time: UnixTime) -> der::Result<Time> {
    let seconds = u64::try_from(time.seconds()).unwrap_or_default();
    let time = DateTime::from_unix_duration(Duration::from_secs(seconds))?;
    Ok(Time::GeneralTime(GeneralizedTime::from_date_time(time)))
}

/// A self-issued subject without extensions. IdPs read only the key, and the size of a secret is
/// limited.
struct Plain(Name);

impl BuilderProfile for Plain {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}
