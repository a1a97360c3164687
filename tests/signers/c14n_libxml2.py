"""Writes down what libxml2 makes of documents: tests/c14n_oracles/libxml2.tsv and libxml2.accepts.

    C14N_DOCUMENTS=target/c14n cargo test --test c14n_oracles libxml2
    python3 tests/signers/c14n_libxml2.py target/c14n

The first command writes NAME.xml and NAME.forms, one form a line: the number of its apex element in document order,
the URI of the method, the PrefixList. Each line of libxml2.tsv is NAME, the number of forms, and SHA-256 over all of
them, each with its length in front. It also writes `splintered`, documents between NULs; libxml2.accepts has a 1 for
each that libxml2 takes without an error, and a 0 for the others. Needs libxml2, which Debian's xmlsec1 brings along.
"""

import ctypes
import hashlib
import sys
from pathlib import Path

MODES = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": 0,
    "http://www.w3.org/2001/10/xml-exc-c14n#": 1,
    "http://www.w3.org/2006/12/xml-c14n11": 2,
}
# Entities replaced, no network, no limit of size.
PARSE_OPTIONS = 1 << 1 | 1 << 11 | 1 << 19
SUBTREE = "((//*)[{0}]/descendant-or-self::node() | ((//*)[{0}]//. | (//*)[{0}])/@* | ((//*)[{0}]//. | (//*)[{0}])/namespace::*)[not(self::comment())]"


# An invalid namespace URI, which XML leaves to the application (XML_WAR_NS_URI).
URI_WARNING = 99


class Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p), ("level", ctypes.c_int)]


class XPathObject(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("nodes", ctypes.c_void_p)]


xml = ctypes.CDLL("libxml2.so.2")
for function in ("xmlReadMemory", "xmlXPathNewContext"):
    getattr(xml, function).restype = ctypes.c_void_p
xml.xmlXPathEval.restype = ctypes.POINTER(XPathObject)
xml.xmlFree = ctypes.CFUNCTYPE(None, ctypes.c_void_p).in_dll(xml, "xmlFree")


def canonical(document: int, apex: int, uri: str, prefix_list: list[str]) -> bytes:
    context = ctypes.c_void_p(xml.xmlXPathNewContext(ctypes.c_void_p(document)))
    found = xml.xmlXPathEval(SUBTREE.format(apex + 1).encode(), context)
    prefixes = (ctypes.c_char_p * (len(prefix_list) + 1))(*(prefix.encode() for prefix in prefix_list), None)
    octets = ctypes.c_void_p()
    length = xml.xmlC14NDocDumpMemory(
        ctypes.c_void_p(document), ctypes.c_void_p(found.contents.nodes), MODES[uri], prefixes, 0, ctypes.byref(octets)
    )
    if length < 0:
        raise ValueError(f"libxml2 refuses element {apex}, {uri}")
    form = ctypes.string_at(octets, length)
    xml.xmlFree(octets)
    xml.xmlXPathFreeObject(found)
    xml.xmlXPathFreeContext(context)
    return form


def accepts(text: bytes) -> bool:
    complaints = []

    @ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Error))
    def hear(_, error):
        if error.contents.level >= 2 and error.contents.code != URI_WARNING:
            complaints.append(error.contents.code)

    xml.xmlSetStructuredErrorFunc(None, hear)
    document = xml.xmlReadMemory(text, len(text), None, b"UTF-8", PARSE_OPTIONS)
    xml.xmlFreeDoc(ctypes.c_void_p(document))
    xml.xmlSetStructuredErrorFunc(None, None)
    return bool(document) and not complaints


def forms(path: Path) -> str:
    text = path.read_bytes()
    document = xml.xmlReadMemory(text, len(text), None, None, PARSE_OPTIONS)
    digest, count = hashlib.sha256(), 0
    for line in path.with_suffix(".forms").read_text().splitlines():
        apex, uri, prefix_list = line.split("\t")
        form = canonical(document, int(apex), uri, prefix_list.split())
        digest.update(len(form).to_bytes(8, "big") + form)
        count += 1
    xml.xmlFreeDoc(ctypes.c_void_p(document))
    return f"{path.stem}\t{count}\t{digest.hexdigest()}\n"


def main(documents: Path) -> None:
    oracles = Path(__file__).parents[1] / "c14n_oracles"
    oracles.joinpath("libxml2.tsv").write_text("".join(map(forms, sorted(documents.glob("*.xml")))))
    splintered = documents.joinpath("splintered").read_bytes().split(b"\0")
    oracles.joinpath("libxml2.accepts").write_text("".join(str(int(accepts(text))) for text in splintered) + "\n")


main(Path(sys.argv[1]))
