"""IAM Identity Center's OIDC service, as far as a sign-in by a device's code needs it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CODE = "CNRY-CODE"
TOKEN = "canary-sso-token"
LINK = f"https://device.sso.us-east-1.amazonaws.com/?user_code={CODE}"


@dataclass
class SsoServer:
    """``errors`` are answered one after another to the questions for a token, before it is given. What is asked at
    ``portal`` is answered by a captive portal."""

    url: str
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    portal: str = ""

    def answer(self, path: str) -> tuple[int, dict[str, object]]:
        self.asked.append(path)
        if path == "/client/register":
            ends = int(time.time()) + 90 * 86400
            return 200, {"clientId": "canary-client", "clientSecret": "canary-secret", "clientSecretExpiresAt": ends}
        if path == "/device_authorization":
            return 200, {
                "deviceCode": "canary-device",
                "userCode": CODE,
                "verificationUri": LINK.partition("?")[0],
                "verificationUriComplete": LINK,
                "expiresIn": 600,
                "interval": 1,
            }
        if self.errors:
            error = self.errors.pop(0)
            return 400, {"__type": error, "error": error, "error_description": "as the test wants it"}
        return 200, {"accessToken": TOKEN, "refreshToken": "canary-refresh", "expiresIn": 28800, "tokenType": "Bearer"}


@contextmanager
def sso_server() -> Iterator[SsoServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = given.answer(self.path)
            content = b"<html>Log in</html>" if self.path == given.portal else json.dumps(answer).encode()
            self.send_response(status)
            if status != 200:
                self.send_header("x-amzn-ErrorType", str(answer["__type"]))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the test's standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    given = SsoServer(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield given
    finally:
        server.shutdown()
        server.server_close()
