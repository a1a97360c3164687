"""Makes tests/vectors/redirect.toml: queries of the Redirect binding, signed by `cryptography`.

    target/signers-venv/bin/python tests/signers/sign_redirect.py

Products escape differently, and each signs what it escaped: AD FS and Entra in lower case, others in upper case, some
more than they must. All of it must reach the verifier as it was sent.
"""

import zlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from keys import FOLDER, rsa_key

FILE = Path(__file__).parents[1] / "vectors" / "redirect.toml"
MESSAGE = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_c0ffee" Version="2.0"'
    ' IssueInstant="2026-11-24T10:00:00Z" Destination="https://edge.example/sso/acme/slo">'
    '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml:Issuer>'
    "</samlp:LogoutRequest>"
)
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def upper(text: str) -> str:
    return quote_plus(text)


def lower(text: str) -> str:
    """As .NET's HttpUtility.UrlEncode: lower-case hexadecimal, `+` for a space, `!()*` left alone."""
    escaped = quote_plus(text, safe="!()*")
    parts = escaped.split("%")
    return parts[0] + "".join(f"%{part[:2].lower()}{part[2:]}" for part in parts[1:])


def everything(text: str) -> str:
    return "".join(f"%{octet:02X}" for octet in text.encode())


def sparing(text: str) -> str:
    """No more than `+`, `&`, `%` and `#`, which mean something in a query."""
    return quote(text, safe="/=:?")


@dataclass(frozen=True)
class Case:
    name: str
    method: str = MORE + "rsa-sha256"
    parameter: str = "SAMLRequest"
    relay_state: str | None = None
    escape: object = upper
    sent: str = "{signed}&Signature={signature}"


CASES = [
    Case("upper"),
    Case("upper-relay-state", relay_state="/media?folder=a/b&ü=1"),
    Case("lower", escape=lower),
    Case("lower-relay-state", escape=lower, relay_state="https://app.example.com/a b/(c)?d=é"),
    Case("everything", escape=everything, relay_state="x"),
    Case("sparing", escape=sparing, relay_state="/a"),
    Case("empty-relay-state", relay_state=""),
    Case("response", parameter="SAMLResponse", relay_state="/a", escape=lower),
    Case("sha1", method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    Case("sha384", method=MORE + "rsa-sha384"),
    Case("sha512", method=MORE + "rsa-sha512"),
    Case("pss", method="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
    Case("ecdsa", method=MORE + "ecdsa-sha256"),
    # The order of sending is free; that of signing is not.
    Case("another-order", relay_state="/a", sent="Signature={signature}&{SigAlg}&{RelayState}&{SAML}&lang=de"),
]


def elliptic_key() -> ec.EllipticCurvePrivateKey:
    path = FOLDER / "redirect.p256.pem"
    if not path.exists():
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(*pem))
    return serialization.load_pem_private_key(path.read_bytes(), None)


RSA = serialization.load_pem_private_key(rsa_key("redirect", 2048).path.read_bytes(), None)
P256 = elliptic_key()


def sign(method: str, octets: bytes) -> bytes:
    if "ecdsa" in method:
        r, s = utils.decode_dss_signature(P256.sign(octets, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if method.endswith("MGF1"):
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
        return RSA.sign(octets, scheme, hashes.SHA256())
    return RSA.sign(octets, padding.PKCS1v15(), HASHES[method.rpartition("-")[2]])


def query(case: Case) -> str:
    deflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    message = b64encode(deflated.compress(MESSAGE.encode()) + deflated.flush()).decode()
    parts = {"SAML": f"{case.parameter}={case.escape(message)}"}
    if case.relay_state is not None:
        parts["RelayState"] = f"RelayState={case.escape(case.relay_state)}"
    parts["SigAlg"] = f"SigAlg={case.escape(case.method)}"
    signed = "&".join(parts.values())
    signature = case.escape(b64encode(sign(case.method, signed.encode())).decode())
    return case.sent.format(signed=signed, signature=signature, **parts)


def public(key) -> str:
    spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return b64encode(key.public_key().public_bytes(*spki)).decode()


def main() -> None:
    lines = [
        "# Made by tests/signers/sign_redirect.py.",
        f"message = '{MESSAGE}'",
        f"keys = ['{public(RSA)}', '{public(P256)}']",
    ]
    for case in CASES:
        lines += ["", "[[query]]", f"name = '{case.name}'", f"text = '{query(case)}'"]
        if case.relay_state is not None:
            lines.append(f"relay_state = '{case.relay_state}'")
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
