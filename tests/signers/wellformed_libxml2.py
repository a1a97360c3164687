"""Writes down which documents libxml2 takes for well-formed: crates/saml-verify/tests/verifier/c14n/libxml2.accepts.

    C14N_DOCUMENTS=$PWD/target/c14n cargo test -p saml-verify --test verifier agrees_with_libxml2
    python3 tests/signers/wellformed_libxml2.py target/c14n

The first command writes `splintered`, documents between NULs; libxml2.accepts has a 1 for each that libxml2 takes
without an error, and a 0 for the others. Needs libxml2, which Debian's xmlsec1 brings along.
"""

import ctypes
import sys
from pathlib import Path

# Entities replaced, no network, no limit of size.
PARSE_OPTIONS = 1 << 1 | 1 << 11 | 1 << 19

# An invalid namespace URI, which XML leaves to the application (XML_WAR_NS_URI).
URI_WARNING = 99


class Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p), ("level", ctypes.c_int)]


xml = ctypes.CDLL("libxml2.so.2")
xml.xmlReadMemory.restype = ctypes.c_void_p


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


def main(documents: Path) -> None:
    splintered = documents.joinpath("splintered").read_bytes().split(b"\0")
    accepted = "".join(str(int(accepts(text))) for text in splintered)
    Path(__file__).parents[2].joinpath("crates/saml-verify/tests/verifier/c14n", "libxml2.accepts").write_text(accepted + "\n")


main(Path(sys.argv[1]))
