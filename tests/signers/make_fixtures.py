"""Makes tests/vectors/{xmlsec1,enveloped_only,signxml,entra}: responses signed by programs we did not write.

    python -m venv target/signers-venv && target/signers-venv/bin/pip install -r tests/signers/requirements.txt
    target/signers-venv/bin/python tests/signers/make_fixtures.py        (needs the xmlsec1 program)
    target/signers-venv/bin/python tests/signers/make_fixtures.py xmlsec1 entra        (these alone)

Every NAME.xml has a NAME.toml that says how to verify it and what must come out.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import entra
import sign_signxml
import sign_xmlsec1
from document import ACS_URL, ASSERTION_ID, ENTITY_ID, NOW, REQUEST_ID, RESPONSE_ID, Response, idp_metadata
from keys import Key, rsa_key

VECTORS = Path(__file__).parents[1] / "vectors"
XMLSEC1_PROGRAM = subprocess.run(["xmlsec1", "--version"], check=True, capture_output=True, text=True).stdout.strip()
SIGNXML_PROGRAM = f"signxml {version('signxml')}"

# Text that canonicalization must carry over exactly; each value is XML as it stands in the file.
AWKWARD = {
    "ampersand": ["R&amp;D &lt;research&gt; &quot;x&quot; &apos;y&apos;"],
    "names": ["Žofia Ångström", "王小明", "עדה", "🦀"],
    "lines": ["first\nsecond\n\n\tindented &#13; return"],
    "cdata": ["<![CDATA[a < b && c > d]]>", "before <![CDATA[<inside>]]> after", "]]&gt;"],
    "empty": ["", " "],
    'quoted "name" & <more>\t\n': ["value"],
}


@dataclass(frozen=True)
class Case:
    """One fixture: what is signed, how, and what a verifier must say."""

    name: str
    note: str
    signed: tuple[str, ...] = ("assertion",)
    bits: int = 2048
    hash_name: str = "sha256"
    prefix_list: str | None = None
    canonicalized: bool = True
    response: dict = field(default_factory=dict)
    signing_key: str | None = None
    expect: str = "accepted"


XMLSEC1 = [
    Case("assertion", "signed Assertion, every prefix inherited from the Response"),
    Case("response", "signed Response", signed=("response",)),
    Case("both", "signed Assertion inside a signed Response", signed=("assertion", "response")),
    Case("assertion-sha384-rsa3072", "", bits=3072, hash_name="sha384"),
    Case("response-sha512-rsa4096", "", signed=("response",), bits=4096, hash_name="sha512"),
    Case("assertion-default-namespaces", "no prefix anywhere", response={"style": "default"}),
    Case("both-default-namespaces-sha512", "", signed=("assertion", "response"), hash_name="sha512",
         response={"style": "default"}),
    Case("assertion-prefix-list-xs", "xs and xsi come from the Response; PrefixList keeps xs, which only a QName in a value uses",
         prefix_list="xs", response={"schema_types": True}),
    Case("assertion-schema-types", "the same without PrefixList: xs is not in the signed octets",
         response={"schema_types": True}),
    Case("assertion-awkward-values", "entities, non-ASCII, line breaks, CDATA", response={"raw_claims": AWKWARD}),
    Case("assertion-unsolicited", "IdP-initiated: answers no request", response={"request_id": None}),
    Case("assertion-other-key", "signed by a key that is not in the metadata", signing_key="stranger",
         expect="signature_invalid"),
    Case("assertion-sha1", "RSA-SHA1", hash_name="sha1", expect="sha1_refused"),
]

# No Transform but enveloped-signature: what is left is canonicalized by C14N 1.0.
ENVELOPED_ONLY = [
    Case("assertion", "signed Assertion, prefixes and schema types inherited", canonicalized=False,
         response={"schema_types": True}),
    Case("assertion-default-namespaces", "no prefix anywhere", canonicalized=False, response={"style": "default"}),
    Case("both-awkward-values", "signed Assertion inside a signed Response", canonicalized=False,
         signed=("assertion", "response"), response={"raw_claims": AWKWARD}),
]

SIGNXML = [
    Case("assertion", "signed Assertion"),
    Case("response-sha384", "signed Response", signed=("response",), hash_name="sha384"),
    Case("both-sha512-rsa4096", "", signed=("assertion", "response"), bits=4096, hash_name="sha512"),
    Case("assertion-prefix-list-xs", "PrefixList on SignedInfo and not on the Reference", prefix_list="xs",
         response={"schema_types": True}),
    Case("response-awkward-values-rsa3072", "entities, non-ASCII, line breaks, CDATA", signed=("response",), bits=3072,
         response={"raw_claims": AWKWARD, "style": "default"}),
]


def with_xmlsec1(case: Case, response: Response, key: Key) -> str:
    def template(part: str, reference: str) -> str:
        used = part in case.signed
        return sign_xmlsec1.template(reference, response.style, case.hash_name, case.prefix_list, case.canonicalized) if used else ""

    xml = response.xml(template("response", RESPONSE_ID), template("assertion", ASSERTION_ID))
    for part in case.signed:
        xml = sign_xmlsec1.sign(xml, part.capitalize(), key)
    return xml


def with_signxml(case: Case, response: Response, key: Key) -> str:
    reference = {"response": RESPONSE_ID, "assertion": ASSERTION_ID}
    xml = response.xml()
    for part in case.signed:
        prefixes = [case.prefix_list] if case.prefix_list else None
        xml = sign_signxml.sign(after_issuer(xml, part), reference[part], key, case.hash_name, prefixes)
    return xml


def after_issuer(xml: str, part: str) -> str:
    """Puts the placeholder after the Issuer of the Response (the first in the document) or the Assertion."""
    issuers = [match.end() for match in re.finditer("</(saml:)?Issuer>", xml)]
    at = issuers[0] if part == "response" else issuers[1]
    return xml[:at] + sign_signxml.PLACEHOLDER + xml[at:]


def make(signer: str, program: str, cases: list[Case], sign) -> None:
    folder = VECTORS / signer
    issuer = f"https://{signer}.idp.example/metadata"
    for case in cases:
        published = rsa_key(f"{signer}-rsa{case.bits}", case.bits)
        key = rsa_key(case.signing_key, case.bits) if case.signing_key else published
        metadata = f"idp-rsa{case.bits}.metadata"
        response = Response(issuer, **case.response)
        write(folder, metadata + ".xml", idp_metadata(issuer, published.certificate))
        write(folder, case.name + ".xml", sign(case, response, key))
        write(folder, case.name + ".toml", facts(metadata + ".xml", response.request_id, case.expect, program, case.note))


def make_entra() -> None:
    folder = VECTORS / "entra"
    active, coming = rsa_key("entra-active", 2048), rsa_key("entra-next", 2048)
    template = sign_xmlsec1.template(entra.ASSERTION_ID, "default", "sha256")
    xml = sign_xmlsec1.sign(entra.response(template), "Assertion", active)
    for name, note, keys in [
        ("assertion", "twelve claims, 5 KB", [active]),
        ("assertion-second-key", "during a key change: signed by the second of two published keys", [coming, active]),
    ]:
        write(folder, f"{name}.metadata.xml", entra.metadata(*[key.certificate for key in keys]))
        write(folder, f"{name}.xml", xml)
        write(folder, f"{name}.toml", facts(f"{name}.metadata.xml", REQUEST_ID, "accepted", XMLSEC1_PROGRAM, note))


def facts(metadata: str, request_id: str | None, expect: str, source: str, note: str) -> str:
    """How to verify a fixture and what must come out, as TOML."""
    values = {
        "metadata": metadata,
        "entity_id": ENTITY_ID,
        "acs_url": ACS_URL,
        "request_id": request_id,
        "now": NOW,
        "expect": expect,
        "source": source,
        "note": note,
    }
    # A JSON string of these plain values is a TOML string.
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items() if value)


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, newline="")


if __name__ == "__main__":
    folders = {
        "xmlsec1": lambda: make("xmlsec1", XMLSEC1_PROGRAM, XMLSEC1, with_xmlsec1),
        "enveloped_only": lambda: make("enveloped_only", XMLSEC1_PROGRAM, ENVELOPED_ONLY, with_xmlsec1),
        "signxml": lambda: make("signxml", SIGNXML_PROGRAM, SIGNXML, with_signxml),
        "entra": make_entra,
    }
    for name in sys.argv[1:] or folders:
        folders[name]()
