//! The AuthnRequest that starts a login here (Core §3.4.1, Profiles §4.1.4.1).

use crate::time::UnixTime;
use crate::xml::name::{SAML, SAMLP};
use crate::xml::write::{Markup, element, text};

/// Identifies the POST binding (Bindings §3.5.1).
pub(super) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// Identifies the Redirect binding (Bindings §3.4.1).
pub(super) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// A request to be written.
#[derive(Debug)]
pub struct AuthnRequest<'a> {
    /// ID: an NCName that nobody can guess (Core §1.3.4). Entra refuses a leading digit.
    pub id: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// The endpoint of the IdP that the request goes to.
    pub destination: &'a str,
    /// Where the Response is to be posted.
    pub acs_url: &'a str,
    /// IssueInstant.
    pub issued: UnixTime,
    /// What is asked for beyond an answer.
    pub wishes: Wishes<'a>,
}

/// What a request may ask for. By default nothing: a RequestedAuthnContext or a NameIDPolicy makes
/// IdPs refuse users whom they could sign in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// ForceAuthn: the user must prove anew who they are.
    pub force_authn: bool,
    /// IsPassive: the IdP must not show itself.
    pub is_passive: bool,
    /// NameIDPolicy/@Format.
    pub name_id_format: Option<&'a str>,
    /// AuthnContextClassRefs of which one must be met exactly; any will do where empty.
    pub authn_context: &'a [String],
}

impl AuthnRequest<'_> {
    /// The document, or `None` where `issued` has no `xs:dateTime`.
    pub fn to_xml(&self) -> Option<String> {
        let issued = self.issued.to_xml()?;
        let mut attributes = vec![
            ("xmlns:samlp", SAMLP),
            ("xmlns:saml", SAML),
            ("ID", self.id),
            ("Version", "2.0"),
            ("IssueInstant", &issued),
            ("Destination", self.destination),
        ];
        let flags =
            [("ForceAuthn", self.wishes.force_authn), ("IsPassive", self.wishes.is_passive)];
        attributes
            .extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name, "true")));
        attributes.extend([
            ("AssertionConsumerServiceURL", self.acs_url),
            ("ProtocolBinding", HTTP_POST),
        ]);
        let mut children = vec![element("saml:Issuer", &[], &[text(self.issuer)])];
        children.extend(self.wishes.name_id_policy());
        children.extend(self.wishes.requested_authn_context());
        Some(element("samlp:AuthnRequest", &attributes, &children).into_document())
    }
}

impl Wishes<'_> {
    /// Core §3.4.1.1: AllowCreate is best true, and must not stand beside a transient Format.
    fn name_id_policy(&self) -> Option<Markup> {
        let format = self.name_id_format?;
        let mut attributes = vec![("Format", format)];
        if format != TRANSIENT {
            attributes.push(("AllowCreate", "true"));
        }
        Some(element("samlp:NameIDPolicy", &attributes, &[]))
    }

    /// Entra takes no Comparison but `exact`.
    fn requested_authn_context(&self) -> Option<Markup> {
        let class = |class: &String| element("saml:AuthnContextClassRef", &[], &[text(class)]);
        let classes: Vec<_> = self.authn_context.iter().map(class).collect();
        let attributes = [("Comparison", "exact")];
        (!classes.is_empty()).then(|| element("samlp:RequestedAuthnContext", &attributes, &classes))
    }
}
