"""An IdP made of pysaml2: a task as JSON on stdin, the answer as JSON on stdout.

`{"idp": …}` asks for the IdP's metadata. With `sp`, the address and certificate of our metadata, pysaml2 fetches it and
verifies its signature. With `query`, a redirect's raw query, the AuthnRequest in it is answered.
"""

import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256


def configuration(idp: dict, folder: Path, metadata: dict) -> IdPConfig:
    """The IdP as pysaml2 wants it told, with its key and certificate in files."""
    files = {"key_file": idp["key"], "cert_file": idp["cert"]}
    for name, pem in files.items():
        (folder / name).write_text(pem)
    return IdPConfig().load(
        {
            "entityid": idp["entity_id"],
            "xmlsec_binary": shutil.which("xmlsec1"),
            **{name: str(folder / name) for name in files},
            "encryption_keypairs": [{name: str(folder / name) for name in files}],
            "metadata": metadata,
            "service": {
                "idp": {
                    "endpoints": {"single_sign_on_service": [(idp["sso_url"], BINDING_HTTP_REDIRECT)]},
                    "want_authn_requests_signed": idp.get("want_authn_requests_signed", False),
                    "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_BASIC}},
                }
            },
        }
    )


def load(task: dict, folder: Path) -> Server:
    """An IdP that knows the SP by its own metadata alone."""
    certificate = folder / "sp.crt"
    certificate.write_text(task["sp"]["cert"])
    remote = {"url": task["sp"]["url"], "cert": str(certificate)}
    return Server(config=configuration(task["idp"], folder, {"remote": [remote]}))


def describe(server: Server) -> dict:
    """What pysaml2 has understood of the SP."""
    [entity_id] = server.metadata.keys()
    [source] = server.metadata.metadata.values()
    store = server.metadata
    return {
        "entity_id": entity_id,
        "signed": source.signed(),
        "acs": [it["location"] for it in store.assertion_consumer_service(entity_id, BINDING_HTTP_POST)],
        "signing": len(store.certs(entity_id, "spsso", "signing")),
        "encryption": len(store.certs(entity_id, "spsso", "encryption")),
        "name_id_formats": [it["text"] for it in store[entity_id]["spsso_descriptor"][0].get("name_id_format", [])],
        "requested": store.attribute_requirement(entity_id) or {},
    }


def respond(server: Server, task: dict) -> dict:
    """Answers the AuthnRequest in `query` for `user`, at the address that the SP's metadata gives."""
    query = {name: value for name, [value] in parse_qs(task["query"]).items()}
    request = server.parse_authn_request(
        query["SAMLRequest"],
        BINDING_HTTP_REDIRECT,
        relay_state=query.get("RelayState"),
        sigalg=query.get("SigAlg"),
        signature=query.get("Signature"),
    )
    to = server.response_args(request.message, [BINDING_HTTP_POST])
    user = task["user"]
    response = server.create_authn_response(
        identity=user["claims"],
        in_response_to=to["in_response_to"],
        destination=to["destination"],
        sp_entity_id=to["sp_entity_id"],
        name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=user["email"]),
        authn={"class_ref": PASSWORD, "authn_auth": task["idp"]["entity_id"]},
        sign_response=task.get("sign_response", False),
        sign_assertion=task.get("sign_assertion", True),
        encrypt_assertion=task.get("encrypt_assertion", False),
        sign_alg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
    )
    return {"destination": to["destination"], "response": str(response)}


def answer(task: dict, folder: Path) -> dict:
    """What `task` asks for."""
    if "sp" not in task:
        return {"metadata": str(entity_descriptor(configuration(task["idp"], folder, {})))}
    server = load(task, folder)
    return {"sp": describe(server), **(respond(server, task) if "query" in task else {})}


if __name__ == "__main__":
    logging.disable()
    with tempfile.TemporaryDirectory() as name:
        json.dump(answer(json.load(sys.stdin), Path(name)), sys.stdout)
