//! saml:Assertion (Core §2.3.3), read from [`SignedOctets`](crate::dsig::verify::SignedOctets)
//! alone.

pub(crate) mod attributes;
pub(crate) mod conditions;
pub(crate) mod subject;

use crate::error::Refusal;
use crate::saml::assertion::attributes::Attributes;
use crate::saml::assertion::conditions::Conditions;
use crate::saml::assertion::subject::Subject;
use crate::saml::protocol::{read_issuer, require_version_2};
use crate::time::UnixTime;
use crate::xml::element::Element;
use crate::xml::name::{
    ADVICE, ATTRIBUTE_STATEMENT, AUTHN_CONTEXT, AUTHN_CONTEXT_CLASS_REF, AUTHN_STATEMENT,
    CONDITIONS, ISSUER, SIGNATURE, SUBJECT,
};

/// An authentic Assertion, not yet accepted. Only `saml/response/profile.rs` reads it.
#[derive(Debug)]
pub(crate) struct Assertion {
    pub(crate) id: String,
    pub(crate) issue_instant: UnixTime,
    pub(crate) issuer: String,
    pub(crate) subject: Subject,
    pub(crate) conditions: Conditions,
    /// At least one.
    pub(crate) authn_statements: Vec<AuthnStatement>,
    pub(crate) attributes: Attributes,
}

/// AuthnStatement (Core §2.7.2).
#[derive(Debug)]
pub(crate) struct AuthnStatement {
    pub(crate) authn_instant: Option<UnixTime>,
    pub(crate) session_index: Option<String>,
    pub(crate) session_not_on_or_after: Option<UnixTime>,
    pub(crate) authn_context_class_ref: Option<String>,
}

impl Assertion {
    /// Reads an Assertion in the order of the schema. Profiles §4.1.4.2 makes Subject, Conditions
    /// and AuthnStatement mandatory.
    pub(crate) fn read(assertion: Element<'_>) -> Result<Self, Refusal> {
        require_version_2(assertion)?;
        let mut parts = assertion.sequence()?;
        let issuer = read_issuer(parts.optional(ISSUER).ok_or(Refusal::IssuerMissing)?)?;
        let _ = parts.optional(SIGNATURE);
        let subject = parts.optional(SUBJECT).ok_or(Refusal::SubjectMissing)?;
        let conditions = parts.optional(CONDITIONS).ok_or(Refusal::ConditionsMissing)?;
        if parts.optional(ADVICE).is_some() {
            return Err(Refusal::AdviceForbidden);
        }
        let mut authn_statements = Vec::new();
        let mut attributes = Attributes::default();
        while let Some(statement) = parts.any() {
            if statement.is(AUTHN_STATEMENT) {
                authn_statements.push(AuthnStatement::read(statement)?);
            } else if statement.is(ATTRIBUTE_STATEMENT) {
                attributes.read(statement)?;
            } else if statement.is(SIGNATURE) {
                // The last child, if it is not the second: its place was settled before.
                parts.end()?;
                break;
            } else {
                return Err(Refusal::ElementUnexpected);
            }
        }
        if authn_statements.is_empty() {
            return Err(Refusal::AuthnStatementMissing);
        }
        Ok(Self {
            id: assertion.required_token("ID")?.into_owned(),
            issue_instant: assertion.time("IssueInstant")?.ok_or(Refusal::AttributeMissing)?,
            issuer,
            subject: Subject::read(subject)?,
            conditions: Conditions::read(conditions)?,
            authn_statements,
            attributes,
        })
    }
}

impl AuthnStatement {
    fn read(statement: Element<'_>) -> Result<Self, Refusal> {
        let context = statement.children_named(AUTHN_CONTEXT).next();
        let class = context.and_then(|it| it.children_named(AUTHN_CONTEXT_CLASS_REF).next());
        Ok(Self {
            authn_instant: statement.time("AuthnInstant")?,
            session_index: statement.attribute("SessionIndex").map(str::to_owned),
            session_not_on_or_after: statement.time("SessionNotOnOrAfter")?,
            authn_context_class_ref: class.map(Element::token_text).transpose()?.map(String::from),
        })
    }
}
