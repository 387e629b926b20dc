"""textual-serve's server, kept to itself: the page asks no other server for anything, and no other page drives it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

LOCAL = ("localhost", "127.0.0.1", "::1")

# What the page has in itself (styles, two scripts), and what this server gives. Its template names a font of Google's.
_ITSELF = (
    "default-src 'none'; script-src {here} 'unsafe-inline'; style-src {here} 'unsafe-inline'; img-src {here} data:; "
    "font-src {here} data:; connect-src {here} {socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOREIGN_SHEET = re.compile(r"<link\s[^>]*https?://(?:[^>\"]*googleapis)[^>]*>")


class LocalServer(Server):
    """Who reaches it is whoever sits at this machine, by the names that it listens on."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._refuse_others)
        app.on_response_prepare.append(self._say_what_may_be_asked)
        return app

    async def handle_index(self, request: web.Request) -> web.Response:
        response = await super().handle_index(request)
        assert isinstance(response, web.Response)
        response.text = _FOREIGN_SHEET.sub("", response.text or "")
        return response

    @web.middleware
    async def _refuse_others(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """A page of another site may open a connection to this machine in the browser that shows it, and its name may
        come to mean this machine's address: neither is who started the server."""
        origin = request.headers.get("Origin")
        asked = urlsplit(f"//{request.host}").hostname
        if (origin is not None and urlsplit(origin).netloc != request.host) or (
            self.host in LOCAL and asked not in LOCAL
        ):
            raise web.HTTPForbidden(text="This page was asked for by another.")
        return await handler(request)

    async def _say_what_may_be_asked(self, _: web.Request, response: web.StreamResponse) -> None:
        here = f"'self' {self.public_url}"
        socket = re.sub(r"^http", "ws", self.public_url)
        response.headers["Content-Security-Policy"] = _ITSELF.format(here=here, socket=socket)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
