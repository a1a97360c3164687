//! The text of a message, by what its signature covers.

use crate::dsig::signature::Signature;
use crate::dsig::verify::{SignedOctets, verify_signature};
use crate::error::Refusal;
use crate::limits::{CANONICAL_XML, MESSAGE_XML};
use crate::saml::bindings::incoming::{Carried, Incoming, Kind};
use crate::saml::bindings::signed_query::SignedQuery;
use crate::saml::logout::expected::ExpectedLogout;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{ISSUER, SIGNATURE};

/// The text of a message, by what is known of it.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) kind: Kind,
    text: Text,
    pub(super) is_signed: bool,
    pub(super) uses_sha1: bool,
}

#[derive(Debug)]
enum Text {
    /// As it came in a query, or without a signature.
    Whole(String),
    /// What an enveloped signature covers.
    Octets(SignedOctets),
}

impl Verified {
    /// Verifies the signature of a message, if it has one: one that is there must hold.
    pub(super) fn of(
        message: &Incoming<'_>,
        expected: &ExpectedLogout<'_>,
    ) -> Result<Self, Refusal> {
        let (keys, sha1) = (expected.idp.signing_keys(), expected.sha1);
        let whole = |carried: &Carried, is_signed, uses_sha1| {
            let (kind, xml) = match carried {
                Carried::Request(xml) => (Kind::Request, xml),
                Carried::Response(xml) => (Kind::Response, xml),
            };
            Self {
                kind,
                text: Text::Whole(with_line_feeds(xml).into_owned()),
                is_signed,
                uses_sha1,
            }
        };
        let carried = match message {
            Incoming::Query(query) => match SignedQuery::verify(query, keys, sha1) {
                Ok(signed) => return Ok(whole(signed.carried(), true, signed.uses_sha1())),
                Err(Refusal::SignatureMissing) => SignedQuery::unsigned(query)?,
                Err(refusal) => return Err(refusal),
            },
            Incoming::Form(form) => form.carried.clone(),
        };
        let unsigned = whole(&carried, false, false);
        let Text::Whole(text) = &unsigned.text else { return Ok(unsigned) };
        let Some(octets) = verify_enveloped(text, expected)? else { return Ok(unsigned) };
        let uses_sha1 = octets.uses_sha1();
        Ok(Self { text: Text::Octets(octets), is_signed: true, uses_sha1, ..unsigned })
    }

    /// The message with an encrypted element replaced by what it decrypts to.
    pub(super) fn with_decrypted(
        self,
        replace: impl FnOnce(&str) -> Result<String, Refusal>,
    ) -> Result<Self, Refusal> {
        Ok(Self { text: self.text.map(replace)?, ..self })
    }

    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(Element<'_>, &Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        match &self.text {
            Text::Whole(text) => read(Document::parse(text, &MESSAGE_XML)?.root(), self),
            Text::Octets(octets) => read(octets.document()?.root(), self),
        }
    }
}

impl Text {
    fn map(self, change: impl FnOnce(&str) -> Result<String, Refusal>) -> Result<Self, Refusal> {
        Ok(match self {
            Self::Whole(text) => Self::Whole(change(&text)?),
            Self::Octets(octets) => Self::Octets(octets.with_decrypted(change)?),
        })
    }
}

/// Verifies the one signature that the schema has a place for. A Signature anywhere else is
/// refused, since it could have one thing verified and another read (row A4).
fn verify_enveloped(
    text: &str,
    expected: &ExpectedLogout<'_>,
) -> Result<Option<SignedOctets>, Refusal> {
    let document = Document::parse(text, &MESSAGE_XML)?;
    let root = document.root();
    let mut parts = root.sequence()?;
    let _ = parts.optional(ISSUER);
    let signature = parts.optional(SIGNATURE);
    let signatures = root.descendants().filter(|it| it.is(SIGNATURE)).count();
    if signatures != usize::from(signature.is_some()) {
        return Err(Refusal::SignatureMisplaced);
    }
    let Some(signature) = signature else { return Ok(None) };
    let signature = Signature::read(signature)?;
    verify_signature(&signature, expected.idp.signing_keys(), expected.sha1, &CANONICAL_XML)
        .map(Some)
}
