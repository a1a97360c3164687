"""Signs with Python's signxml: it replaces a placeholder element by the signature."""

from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner
from signxml.signer import SignatureReference

from document import DS
from keys import Key

PLACEHOLDER = f'<ds:Signature xmlns:ds="{DS}" Id="placeholder"/>'


def sign(xml: str, reference: str, key: Key, hash_name: str, prefixes: list[str] | None = None) -> str:
    """Replaces the placeholder in `xml` by a signature over the element whose ID is `reference`.

    `prefixes` become the PrefixList of SignedInfo's canonicalization.
    """
    signer = XMLSigner(
        signature_algorithm=f"rsa-{hash_name}",
        digest_algorithm=hash_name,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(
        # CDATA sections stay in the file: unwrapping them is the verifier's work.
        etree.fromstring(xml, etree.XMLParser(strip_cdata=False)),
        key=key.path.read_bytes(),
        cert=key.certificate_path.read_text(),
        # In an enveloped signature signxml digests by a Reference's PrefixList without writing it down: give it none.
        reference_uri=[SignatureReference(URI=f"#{reference}", inclusive_ns_prefixes=[])],
        inclusive_ns_prefixes=prefixes,
        id_attribute="ID",
    )
    return etree.tostring(signed, encoding="unicode")
