"""Writes down what the xmlsec1 program makes of documents: crates/saml-verify/tests/verifier/c14n/xmlsec1.tsv.

    C14N_DOCUMENTS=$PWD/target/c14n cargo test -p saml-verify --test verifier agrees_with_xmlsec1
    python3 tests/signers/c14n_xmlsec1.py target/c14n

The first command writes NAME.xml and NAME.forms, one form a line: the number of its apex element in document order,
the URI of the method, the PrefixList. xmlsec1 signs all forms of a document at once, one Reference each, and so writes
down a digest of each. Every line of xmlsec1.tsv is NAME, the number of forms, and SHA-256 over their digests.
"""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.sax.saxutils import quoteattr

DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

SIGNATURE = f"""<Signature xmlns="{DSIG}"><SignedInfo>
<CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>
%s</SignedInfo><SignatureValue/></Signature>"""

REFERENCE = f"""<Reference URI=%s><Transforms>
<Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">
<XPath xmlns="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">(//*)[%d]</XPath></Transform>
<Transform Algorithm=%s>%s</Transform>
</Transforms><DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference>
"""


def reference(document: Path, form: str) -> str:
    apex, uri, prefix_list = form.split("\t")
    prefixes = f'<InclusiveNamespaces xmlns="{EXCLUSIVE}" PrefixList="{prefix_list}"/>' if prefix_list else ""
    return REFERENCE % (quoteattr(document.resolve().as_uri()), int(apex) + 1, quoteattr(uri), prefixes)


def forms(document: Path) -> str:
    references = [reference(document, form) for form in document.with_suffix(".forms").read_text().splitlines()]
    with NamedTemporaryFile(suffix=".xml") as template, NamedTemporaryFile() as key:
        Path(template.name).write_text(SIGNATURE % "".join(references))
        Path(key.name).write_bytes(b"any key will do: the digests count")
        command = ["xmlsec1", "--sign", "--enabled-reference-uris", "empty,local", "--hmackey", key.name, template.name]
        signed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    digests = re.findall(rb"<DigestValue>([^<]+)</DigestValue>", signed)
    if len(digests) != len(references):
        raise ValueError(f"{document}: {len(digests)} digests of {len(references)} forms")
    whole = hashlib.sha256(b"".join(map(base64.b64decode, digests)))
    return f"{document.stem}\t{len(digests)}\t{whole.hexdigest()}\n"


def main(documents: Path) -> None:
    lines = [forms(path) for path in sorted(documents.glob("*.xml")) if path.with_suffix(".forms").stat().st_size]
    Path(__file__).parents[2].joinpath("crates/saml-verify/tests/verifier/c14n", "xmlsec1.tsv").write_text("".join(lines))


main(Path(sys.argv[1]))
