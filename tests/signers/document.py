"""Unsigned responses: what every signer gets to sign, in the two styles IdPs write.

`prefixed` spells samlp:, saml: and ds:; `default` declares each namespace as the default where it begins.
"""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"

ENTITY_ID = "https://edge.example/sso/acme/metadata"
ACS_URL = "https://edge.example/sso/acme/acs"
REQUEST_ID = "_5f0c7d1e9a2b4c6d8e0f1a2b3c4d5e6f"
NOW = "2026-11-24T10:00:30Z"
ISSUED = "2026-11-24T10:00:00Z"

RESPONSE_ID = "_r-8d1c2a"
ASSERTION_ID = "_a-47e90b"

CLAIMS = {"account_id": ["acme"], "full_name": ["Ada Brenner"], "role": ["developer"]}


@dataclass(frozen=True)
class Response:
    """One response; `values` are XML text, already escaped where the case wants it so."""

    issuer: str
    style: str = "prefixed"
    request_id: str | None = REQUEST_ID
    schema_types: bool = False
    raw_claims: dict[str, list[str]] = field(default_factory=dict)

    def xml(self, in_response: str = "", in_assertion: str = "") -> str:
        """The document, with what is to become a signature after either Issuer."""
        prefixed = self.style == "prefixed"
        p, a = ("samlp:", "saml:") if prefixed else ("", "")
        # Prefixed, every prefix is declared at the top only: the signed element inherits what it uses.
        top = f'xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}"' if prefixed else f'xmlns="{SAMLP}"'
        here = "" if prefixed else f' xmlns="{SAML}"'
        schema = f' xmlns:xs="{XS}" xmlns:xsi="{XSI}"' if self.schema_types else ""
        answers = f' InResponseTo="{self.request_id}"' if self.request_id else ""
        return (
            f'<{p}Response {top}{schema} ID="{RESPONSE_ID}" Version="2.0" IssueInstant="{ISSUED}"'
            f' Destination="{ACS_URL}"{answers}>'
            f"<{a}Issuer{here}>{escape(self.issuer)}</{a}Issuer>{in_response}"
            f'<{p}Status><{p}StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></{p}Status>'
            f'<{a}Assertion{here} ID="{ASSERTION_ID}" Version="2.0" IssueInstant="{ISSUED}">'
            f"<{a}Issuer>{escape(self.issuer)}</{a}Issuer>{in_assertion}"
            f'<{a}Subject><{a}NameID Format="{EMAIL}">ada@acme.example</{a}NameID>'
            f'<{a}SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<{a}SubjectConfirmationData{answers} NotOnOrAfter="2026-11-24T10:05:00Z" Recipient="{ACS_URL}"/>'
            f"</{a}SubjectConfirmation></{a}Subject>"
            f'<{a}Conditions NotBefore="2026-11-24T09:55:00Z" NotOnOrAfter="2026-11-24T11:05:00Z">'
            f"<{a}AudienceRestriction><{a}Audience>{ENTITY_ID}</{a}Audience></{a}AudienceRestriction>"
            f"</{a}Conditions>"
            f'<{a}AuthnStatement AuthnInstant="{ISSUED}" SessionIndex="_s-1"><{a}AuthnContext>'
            f"<{a}AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</{a}AuthnContextClassRef>"
            f"</{a}AuthnContext></{a}AuthnStatement>"
            f"<{a}AttributeStatement>{self._attributes(a)}</{a}AttributeStatement>"
            f"</{a}Assertion></{p}Response>"
        )

    def _attributes(self, a: str) -> str:
        typed = ' xsi:type="xs:string"' if self.schema_types else ""
        claims = {name: [escape(value) for value in values] for name, values in CLAIMS.items()} | self.raw_claims
        return "".join(
            f"<{a}Attribute Name={quoteattr(name)}>"
            + "".join(f"<{a}AttributeValue{typed}>{value}</{a}AttributeValue>" for value in values)
            + f"</{a}Attribute>"
            for name, values in claims.items()
        )


def idp_metadata(issuer: str, *certificates: str) -> str:
    """The IdP's metadata, one signing KeyDescriptor for each certificate (base64 DER)."""
    keys = "".join(
        f'    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n"
        for certificate in certificates
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID={quoteattr(issuer)}>\n'
        f'  <md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">\n{keys}'
        f'    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="https://idp.example/sso"/>\n'
        f"  </md:IDPSSODescriptor>\n</md:EntityDescriptor>\n"
    )
