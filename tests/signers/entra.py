"""A response and federation metadata in the shape of Microsoft Entra ID: the document the benches verify."""

from document import ACS_URL, DS, EMAIL, ENTITY_ID, REQUEST_ID, SAML, SAMLP

TENANT = "7c4e1f0a-93b5-4d2e-8a61-0f5d9b3c2e17"
ISSUER = f"https://sts.windows.net/{TENANT}/"
SSO_URL = f"https://login.microsoftonline.com/{TENANT}/saml2"
ASSERTION_ID = "_3f9b6a70-54d2-4c1e-9d08-2b7e5c3a1f00"
ISSUED = "2026-11-24T10:00:00.412Z"

IDENTITY = "http://schemas.microsoft.com/identity/claims/"
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
METHODS = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/"
CLAIMS = {
    f"{IDENTITY}tenantid": [TENANT],
    f"{IDENTITY}objectidentifier": ["b2d6c8f4-1e3a-4f57-9c0b-6a8d7e5f4c21"],
    f"{IDENTITY}displayname": ["Ada Brenner (Media &amp; Brand)"],
    f"{IDENTITY}identityprovider": [ISSUER],
    "http://schemas.microsoft.com/claims/authnmethodsreferences": [
        f"{METHODS}password",
        "http://schemas.microsoft.com/claims/multipleauthn",
    ],
    f"{XMLSOAP}givenname": ["Ada"],
    f"{XMLSOAP}surname": ["Brenner"],
    f"{XMLSOAP}emailaddress": ["ada.brenner@acme.example"],
    f"{XMLSOAP}name": ["ada.brenner@acme.example"],
    "account_id": ["acme"],
    "full_name": ["Ada Brenner"],
    "role": ["account_administrator"],
}


def response(signature: str) -> str:
    """One line, as Entra sends it, with `signature` after the Assertion's Issuer."""
    attributes = "".join(
        f'<Attribute Name="{name}">'
        + "".join(f"<AttributeValue>{value}</AttributeValue>" for value in values)
        + "</Attribute>"
        for name, values in CLAIMS.items()
    )
    return (
        f'<samlp:Response ID="_5c8d2e91-7b04-4a6f-8f3d-1e9a0c6b7d42" Version="2.0" IssueInstant="{ISSUED}"'
        f' Destination="{ACS_URL}" InResponseTo="{REQUEST_ID}" xmlns:samlp="{SAMLP}">'
        f'<Issuer xmlns="{SAML}">{ISSUER}</Issuer>'
        f'<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f'<Assertion ID="{ASSERTION_ID}" IssueInstant="{ISSUED}" Version="2.0" xmlns="{SAML}">'
        f"<Issuer>{ISSUER}</Issuer>{signature}"
        f'<Subject><NameID Format="{EMAIL}">ada.brenner@acme.example</NameID>'
        f'<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData'
        f' InResponseTo="{REQUEST_ID}" NotOnOrAfter="2026-11-24T11:00:00.287Z" Recipient="{ACS_URL}"/>'
        f"</SubjectConfirmation></Subject>"
        f'<Conditions NotBefore="2026-11-24T09:55:00.287Z" NotOnOrAfter="2026-11-24T11:00:00.287Z">'
        f"<AudienceRestriction><Audience>{ENTITY_ID}</Audience></AudienceRestriction></Conditions>"
        f"<AttributeStatement>{attributes}</AttributeStatement>"
        f'<AuthnStatement AuthnInstant="2026-11-24T07:42:11.000Z" SessionIndex="{ASSERTION_ID}"><AuthnContext>'
        f"<AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef>"
        f"</AuthnContext></AuthnStatement></Assertion></samlp:Response>"
    )


def metadata(*certificates: str) -> str:
    """Federation metadata: a WS-Federation role that is not ours to read, then the IdP's role."""
    keys = "".join(
        f'<KeyDescriptor use="signing"><KeyInfo xmlns="{DS}"><X509Data><X509Certificate>{certificate}'
        f"</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        for certificate in certificates
    )
    endpoints = "".join(
        f'<{service} Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{SSO_URL}"/>'
        for service, binding in [
            ("SingleLogoutService", "HTTP-Redirect"),
            ("SingleSignOnService", "HTTP-Redirect"),
            ("SingleSignOnService", "HTTP-POST"),
        ]
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><EntityDescriptor ID="_0d4f8c36-2b1a-4e97-a5c3-9f6e7d8b0a14"'
        f' entityID="{ISSUER}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
        f'<RoleDescriptor xsi:type="fed:SecurityTokenServiceType"'
        f' protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">{keys}</RoleDescriptor>'
        f'<IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">{keys}{endpoints}</IDPSSODescriptor>'
        f"</EntityDescriptor>"
    )
