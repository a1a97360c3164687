"""The demo product in Python: an origin that believes nothing but the identity token.

    python tests/demo/origin.py --gate http://localhost:8787 [--port 8790]

Its verifier is the one in docs/origin.md. It prints its address, and ends with its standard input.
"""

import argparse
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt

PAGE = Path(__file__).parents[2] / "docs" / "origin.md"


def verifier(gate: str):
    """`who_is` of the page, for this gate."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    module = {}
    exec(code.replace("https://app.example.com", gate), module)
    return module["who_is"]


class Product(BaseHTTPRequestHandler):
    """Answers everything with who asks, or with why nobody does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        try:
            status, body = 200, self.server.who_is(self.headers)
        except jwt.PyJWTError as error:
            status, body = 401, {"error": type(error).__name__}
        octets = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_):
        """Says nothing: a request's headers hold the token."""


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as a gate under load opens."""

    daemon_threads = True
    request_queue_size = 128


def main():
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gate", required=True)
    parser.add_argument("--port", type=int, default=8790)
    arguments = parser.parse_args()
    server = Server(("127.0.0.1", arguments.port), Product)
    server.who_is = verifier(arguments.gate)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
