"""Who gets in by `rolescope serve`: whoever has the token, by a name of this machine, and as many as are allowed."""

from __future__ import annotations

import json
import logging
import re
import shlex
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pyte
import pytest

pytest.importorskip("textual_serve", reason="the extra `serve`: it brings a web server, which nothing else needs")

from aiohttp import WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from tests.support.driving.terminal import COMMAND, environment
from tests.support.driving.waiting import LONG
from tui.web_server import WebServer

if TYPE_CHECKING:
    from pathlib import Path

# It speaks textual-serve's protocol: it starts, and waits until its input ends.
STAND_IN = shlex.join([sys.executable, "-c", "import sys; print('__GANGLION__', flush=True); sys.stdin.buffer.read()"])


@asynccontextmanager
async def running(
    command: str = STAND_IN, host: str = "localhost", **options: Any
) -> AsyncIterator[tuple[WebServer, TestClient[Any, Any]]]:
    server = WebServer(command, host, 8000, **options)
    app = await server._make_app()
    app.on_startup.clear()  # it prints the address
    async with TestClient(TestServer(app)) as client:
        yield server, client


async def status(client: TestClient[Any, Any], path: str, **headers: str) -> int:
    return (await client.get(path, headers=headers)).status


async def test_nothing_but_the_scripts_is_given_without_the_token() -> None:
    async with running() as (server, client):
        token = server._token
        assert server.address == f"http://localhost:8000/?token={token}"
        assert len(token) > 40
        assert token != WebServer(STAND_IN, "localhost", 8000)._token
        wrong = ("", "x", token[:-1], f"{token}x", token.swapcase(), "%00", "\u00e9")
        for path in ("/", "/ws", "/download/1"):
            assert await status(client, path) == 403
            for given in wrong:
                assert await status(client, f"{path}?token={given}") == 403
        for given in wrong[1:]:
            assert await status(client, f"/ws/{given}") == 403
            assert await status(client, f"/ws/{given}?token=") == 403
        assert await status(client, f"/?token={token}") == 200
        assert await status(client, "/static/js/textual.js") == 200
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect("/ws?width=80&height=24")
        async with client.ws_connect(f"/ws/{token}?width=80&height=24"):
            pass


@pytest.mark.parametrize(
    ("bound", "host", "known"),
    [
        ("localhost", "localhost:9000", True),
        ("localhost", "[::1]:8000", True),
        ("localhost", "10.0.0.5:8000", False),
        ("localhost", "elsewhere.example:8000", False),
        ("localhost", "localhost.elsewhere.example", False),
        ("localhost", "ops.example", True),  # allowed by name
        ("0.0.0.0", "10.0.0.5:8000", True),
        ("0.0.0.0", "[fe80::1]:8000", True),
        ("0.0.0.0", "elsewhere.example:8000", False),
        ("0.0.0.0", "10.0.0.5.elsewhere.example", False),
        ("0.0.0.0", f"{socket.gethostname()}:8000", True),
        ("10.0.0.5", "rebound.example", False),
        ("build-host", "build-host:8000", True),
        ("0.0.0.0", 'localhost"><script>', False),
        ("0.0.0.0", "user@localhost", False),
        ("0.0.0.0", "", False),
    ],
)
async def test_the_host_is_checked_wherever_it_listens(bound: str, host: str, known: bool) -> None:
    async with running(host=bound, names=["Ops.Example"]) as (server, client):
        assert await status(client, f"/?token={server._token}", Host=host) == (200 if known else 403)


async def test_the_page_asks_no_other_server_and_no_other_page_drives_it() -> None:
    async with running() as (server, client):
        query = f"?token={server._token}"
        page = await client.get(f"/{query}")
        own = f"{page.url.host}:{page.url.port}"
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert f"ws://{own}" in policy
        text = await page.text()
        assert set(re.findall(r"(?:https?|wss?)://[^\"]+", text)) == {
            f"ws://{own}/ws/{server._token}",
            "http://www.w3.org/2000/svg",
        }
        behind_tls = await client.get(f"/{query}", headers={"X-Forwarded-Proto": "https"})
        assert f"wss://{own}/ws/" in await behind_tls.text()
        assert await status(client, f"/{query}", Origin=f"http://{own}") == 200
        for origin in ("https://elsewhere.example", "null", f"http://{own}0"):
            for path in (f"/{query}", f"/ws/{server._token}", "/static/js/textual.js"):
                assert await status(client, path, Origin=origin) == 403


async def test_no_more_sessions_than_allowed() -> None:
    async with running(sessions=2) as (server, client):
        path = f"/ws/{server._token}?width=80&height=24"
        async with client.ws_connect(path), client.ws_connect(path):
            with pytest.raises(WSServerHandshakeError) as refused:
                await client.ws_connect(path)
            assert refused.value.status == 503
            page = await client.get(f"/?token={server._token}")
            assert page.status == 503
            assert "--sessions" in await page.text()


async def test_a_size_that_is_none_starts_nothing() -> None:
    async with running() as (server, client):
        for size in ("width=0x10&height=5", "width=-1&height=5", "width=99999999&height=5", "width=80&height=5000"):
            assert await status(client, f"/ws/{server._token}?{size}") == 400


async def test_the_token_is_in_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("aiohttp.web.run_app", lambda app, **options: (app.close(), given.update(options)))
    WebServer(STAND_IN, "localhost", 8000).serve()
    assert given["access_log"] is None
    with caplog.at_level(logging.DEBUG):
        async with running() as (server, client):
            await client.get(f"/?token={server._token}")
            async with client.ws_connect(f"/ws/{server._token}?width=80&height=24"):
                pass
    logged = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    said = capfd.readouterr()
    assert server._token not in "".join((*logged, said.out, said.err))


async def test_a_session_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    screen = pyte.Screen(100, 30)
    stream = pyte.ByteStream(screen)
    path = "/ws/{}?width=100&height=30"
    async with (
        running(shlex.join([COMMAND, "--demo"])) as (server, client),
        client.ws_connect(path.format(server._token)) as page,
    ):

        async def until(words: str) -> None:
            while not any(words in line for line in screen.display):
                message = await page.receive(LONG)
                assert message.type is WSMsgType.BINARY, (message, screen.display)
                stream.feed(message.data)

        await until("32 roles")
        # Neither what cannot be parsed nor an absurd size ends the session.
        hostile = "\x1b[1114112u\x1b[97;1:3u\x1b[48;0;0;0;0t\x1b[<0;1;1M\x1b]52;c;cXFx\x07"
        await page.send_str(json.dumps(["stdin", hostile]))
        await page.send_str(json.dumps(["resize", {"width": 10**9, "height": "x"}]))
        await page.send_str(json.dumps(["stdin", "2"]))
        await until("Paste")
