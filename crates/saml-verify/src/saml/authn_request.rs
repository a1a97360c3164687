//! The AuthnRequest that starts a sign-in at the service provider (Core §3.4.1, Profiles §4.1.4.1).

use crate::saml::bindings::outgoing::MessageHead;
use crate::saml::metadata::endpoint::HTTP_POST;
use crate::xml::write::{Markup, element, text};

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// An AuthnRequest to be written (Core §3.4.1).
#[derive(Debug)]
pub struct AuthnRequest<'a> {
    /// Issuer, Destination, ID and IssueInstant.
    pub head: MessageHead<'a>,
    /// AssertionConsumerServiceURL: where the Response is to be posted.
    pub acs_url: &'a str,
    /// Optional demands on the IdP.
    pub wishes: Wishes<'a>,
}

/// Optional demands of an AuthnRequest; none by default. With a RequestedAuthnContext or a
/// NameIDPolicy some IdPs refuse users whom they could sign in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// ForceAuthn: the IdP must authenticate the user anew.
    pub force_authn: bool,
    /// IsPassive: the IdP must not show a page.
    pub is_passive: bool,
    /// NameIDPolicy/@Format.
    pub name_id_format: Option<&'a str>,
    /// AuthnContextClassRefs of which one must be met exactly; any will do where empty.
    pub authn_context: &'a [String],
}

impl AuthnRequest<'_> {
    /// The document, or `None` where IssueInstant is outside of the years that `xs:dateTime` can
    /// express.
    pub fn to_xml(&self) -> Option<String> {
        let Self { head, acs_url, wishes } = self;
        let flags = [("ForceAuthn", wishes.force_authn), ("IsPassive", wishes.is_passive)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (name, "true"));
        let acs = [("AssertionConsumerServiceURL", *acs_url), ("ProtocolBinding", HTTP_POST)];
        let attributes: Vec<_> = flags.chain(acs).collect();
        let children = wishes.name_id_policy().into_iter().chain(wishes.requested_authn_context());
        head.document("samlp:AuthnRequest", &attributes, children.collect())
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
