"""Signs with the xmlsec1 command line: it fills in a signature template inside the document."""

import subprocess
import tempfile
from pathlib import Path

from document import DS, SAML, SAMLP
from keys import Key

EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGNATURE = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "sha256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "sha512": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
}
DIGEST = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}


def template(
    reference: str, style: str, hash_name: str, prefix_list: str | None = None, canonicalized: bool = True
) -> str:
    """An unsigned ds:Signature for the element whose ID is `reference`; no Transform names a canonicalization if not
    `canonicalized`."""
    d, declaration = ("ds:", f'xmlns:ds="{DS}"') if style == "prefixed" else ("", f'xmlns="{DS}"')
    namespaces = (
        f'<ec:InclusiveNamespaces xmlns:ec="{EXC_C14N}" PrefixList="{prefix_list}"/>' if prefix_list else ""
    )
    canonicalization = f'<{d}Transform Algorithm="{EXC_C14N}">{namespaces}</{d}Transform>' if canonicalized else ""
    return (
        f"<{d}Signature {declaration}><{d}SignedInfo>"
        f'<{d}CanonicalizationMethod Algorithm="{EXC_C14N}">{namespaces}</{d}CanonicalizationMethod>'
        f'<{d}SignatureMethod Algorithm="{SIGNATURE[hash_name]}"/>'
        f'<{d}Reference URI="#{reference}"><{d}Transforms>'
        f'<{d}Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        f"{canonicalization}</{d}Transforms>"
        f'<{d}DigestMethod Algorithm="{DIGEST[hash_name]}"/><{d}DigestValue/></{d}Reference>'
        f"</{d}SignedInfo><{d}SignatureValue/>"
        f"<{d}KeyInfo><{d}X509Data/></{d}KeyInfo></{d}Signature>"
    )


def sign(xml: str, parent: str, key: Key) -> str:
    """Fills in the template directly under the element `parent`, "Assertion" or "Response"."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "in.xml"), Path(folder, "out.xml")
        source.write_text(xml)
        subprocess.run(
            ["xmlsec1", "--sign", "--privkey-pem", f"{key.path},{key.certificate_path}"]
            + ["--id-attr:ID", f"{SAMLP}:Response", "--id-attr:ID", f"{SAML}:Assertion"]
            + ["--node-xpath", f"//*[local-name()='{parent}']/*[local-name()='Signature']"]
            + ["--output", str(output), str(source)],
            check=True,
            capture_output=True,
        )
        return output.read_text()
