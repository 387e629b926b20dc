"""textual-serve's server, restricted to clients that know the address with its token.

Its page makes no request to other servers, and no other web page can use it.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from tui.terminal.driver import LARGEST_SIZE

LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # as given to --host
SESSIONS = 8
STOP_SECONDS = 2.0

# Only what the page contains (styles, two scripts) and what this server provides. The page's template refers to a font
# of Google's.
_ITSELF = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOREIGN_SHEET = re.compile(r"<link\s[^>]*https?://(?:[^>\"]*googleapis)[^>]*>")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer(Server):
    """A server with its own token.

    ``names`` are further host names under which it can be reached, such as a proxy's; ``sessions`` is the maximum
    number of open sessions. `address` is the URL that the operator opens.
    """

    def __init__(
        self, command: str, host: str, port: int, *, names: Collection[str] = (), sessions: int = SESSIONS
    ) -> None:
        super().__init__(command, host, port, title="rolescope")
        self._names = {name.lower() for name in names}
        self._token = secrets.token_urlsafe(32)
        self._most_sessions = sessions
        self._sessions = 0

    @property
    def address(self) -> str:
        host = socket.gethostname() if self.host in EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/?token={self._token}"

    def serve(self, debug: bool = False) -> None:
        """Serve pages until SIGINT or SIGTERM. Raises OSError if the port is not available."""
        # No access log: it would contain the token.
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            access_log=None,
            print=None,
            shutdown_timeout=STOP_SECONDS,
        )

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        # The page's script appends ?width=…&height=… to this address, so the token must be in its path.
        app.router.add_get("/ws/{token}", self.handle_websocket)
        app.middlewares.append(self._check)
        app.on_response_prepare.append(self._add_headers)
        return app

    async def on_startup(self, app: web.Application) -> None:
        print(
            f"Open {self.address}\nWhoever has this address uses this machine's credentials. ctrl+c stops the server.",
            flush=True,
        )

    async def handle_index(self, request: web.Request) -> web.Response:
        self._refuse_one_too_many()
        response = await super().handle_index(request)
        assert isinstance(response, web.Response)
        page = _FOREIGN_SHEET.sub("", response.text or "")
        there = re.sub(r"^http", "ws", self.public_url)
        page = page.replace(f"{there}/ws", f"{_socket(request)}/ws/{self._token}").replace(self.public_url, "")
        response.text = page
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        self._refuse_one_too_many()
        for name, most in zip(("width", "height"), LARGEST_SIZE, strict=True):
            if not re.fullmatch(r"\d{1,4}", value := request.query.get(name, "80")) or int(value) > most:
                raise web.HTTPBadRequest(text=f"{name} is not a valid terminal size.")
        self._sessions += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._sessions -= 1

    def _refuse_one_too_many(self) -> None:
        if self._sessions >= self._most_sessions:
            raise web.HTTPServiceUnavailable(
                text=f"{self._sessions} sessions are open, the most that --sessions allows."
            )

    @web.middleware
    async def _check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Reject requests without the token, and requests that another page makes through a browser.

        Such a page may connect to this machine, and its host name may resolve to this machine's address.
        """
        origin = request.headers.get("Origin")
        if not self._is_ours(request.host) or (origin is not None and urlsplit(origin).netloc != request.host):
            raise web.HTTPForbidden(
                text="The request used a host name that this server does not know, or came from another page."
            )
        if not request.path.startswith("/static/"):  # textual-serve's scripts and styles, which are public
            given = request.match_info.get("token") or request.query.get("token", "")
            if not hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
                raise web.HTTPForbidden(text="The address must contain the token that `rolescope serve` printed.")
        return await handler(request)

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this server.

        Another page can make a host name resolve to this machine's address, but it cannot use the address itself.
        """
        if not _HOST.fullmatch(host):
            return False
        name = urlsplit(f"//{host}").hostname or ""
        if name in LOCAL or name in self._names:
            return True
        if self.host in LOCAL:
            return False
        return name in {self.host.lower(), socket.gethostname().lower(), socket.getfqdn().lower()} or _is_address(name)

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        socket = _socket(request) if self._is_ours(request.host) else ""
        response.headers["Content-Security-Policy"] = _ITSELF.format(socket=socket)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"


def _socket(request: web.Request) -> str:
    """Return the scheme and host of the page's WebSocket. A proxy in front may use TLS."""
    secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
    return f"{'wss' if secure else 'ws'}://{request.host}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
