//! saml:Subject (Core §2.4): who the assertion is about, and who may present it.

use std::borrow::Cow;

use crate::error::Refusal;
use crate::time::UnixTime;
use crate::xml::element::Element;
use crate::xml::name::{NAME_ID, SUBJECT_CONFIRMATION, SUBJECT_CONFIRMATION_DATA};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// A NameID (Core §2.2.3), exactly as it was signed: no case folding, no trimming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameId {
    /// The identifier; never empty.
    pub value: String,
    /// @Format, a URI.
    pub format: Option<String>,
    /// @NameQualifier.
    pub name_qualifier: Option<String>,
    /// @SPNameQualifier.
    pub sp_name_qualifier: Option<String>,
}

/// A Subject.
#[derive(Debug)]
pub(crate) struct Subject {
    /// `None` where there is no identifier of any kind (Core §2.4.1).
    pub(crate) name_id: Option<NameId>,
    /// The SubjectConfirmationData of every bearer confirmation.
    pub(crate) bearer: Vec<ConfirmationData>,
}

/// SubjectConfirmationData (Core §2.4.1.2).
#[derive(Debug)]
pub(crate) struct ConfirmationData {
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) not_on_or_after: Option<UnixTime>,
    pub(crate) recipient: Option<String>,
    pub(crate) in_response_to: Option<String>,
}

impl Subject {
    pub(crate) fn read(subject: Element<'_>) -> Result<Self, Refusal> {
        let mut parts = subject.sequence()?;
        let name_id = parts.optional(NAME_ID).map(NameId::read).transpose()?;
        let is_first = subject.children().next().is_some_and(|it| it.is(SUBJECT_CONFIRMATION));
        if name_id.is_none() && !is_first {
            // An identifier of another kind, or nothing at all.
            return Err(Refusal::NameIdMissing);
        }
        let mut bearer = Vec::new();
        while let Some(confirmation) = parts.optional(SUBJECT_CONFIRMATION) {
            if confirmation.token("Method").as_deref() == Some(BEARER) {
                let data = confirmation.children_named(SUBJECT_CONFIRMATION_DATA);
                for data in data {
                    bearer.push(ConfirmationData::read(data)?);
                }
            }
        }
        parts.end()?;
        Ok(Self { name_id, bearer })
    }
}

impl NameId {
    pub(crate) fn read(name_id: Element<'_>) -> Result<Self, Refusal> {
        let value = name_id.text()?.into_owned();
        if value.trim().is_empty() {
            return Err(Refusal::NameIdMissing);
        }
        let attribute = |name| name_id.attribute(name).map(str::to_owned);
        Ok(Self {
            value,
            format: name_id.token("Format").map(Cow::into_owned),
            name_qualifier: attribute("NameQualifier"),
            sp_name_qualifier: attribute("SPNameQualifier"),
        })
    }
}

impl ConfirmationData {
    fn read(data: Element<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            not_before: data.time("NotBefore")?,
            not_on_or_after: data.time("NotOnOrAfter")?,
            recipient: data.token("Recipient").map(Cow::into_owned),
            in_response_to: data.token("InResponseTo").map(Cow::into_owned),
        })
    }
}
