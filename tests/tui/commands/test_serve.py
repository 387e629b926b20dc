"""``rolescope serve``: what it runs for each visitor; read-only unless asked."""

from __future__ import annotations

import re
import shlex
import sys
import types

import pytest

from tui.cli import build_parser, main
from tui.commands import serve


def _command(*arguments: str) -> list[str]:
    return shlex.split(serve.command_line(build_parser().parse_args(["serve", *arguments])))


def test_the_account_is_passed_on_whatever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/bin/rolescope"])
    assert _command("--demo", "--as", "carla")[1:] == ["/bin/rolescope", "--as", "carla", "--demo"]
    assert _command("--profile", "a b; c", "--region", "eu-west-1")[2:] == [
        "--profile",
        "a b; c",
        "--region",
        "eu-west-1",
    ]
    assert _command("--endpoint-url", "http://x")[2:] == ["--endpoint-url", "http://x"]


def test_nothing_is_changed_unless_asked() -> None:
    assert "--write" not in _command("--profile", "prod")
    assert "--write" in _command("--profile", "prod", "--write")


def test_it_listens_on_this_machine_alone_unless_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[object, ...]] = []

    class Server:
        def __init__(self, command: str, host: str, port: int, title: str) -> None:
            seen.append((host, port))

        def serve(self) -> None: ...

    module = types.ModuleType("tui.web_server")
    module.LocalServer = Server  # type: ignore[attr-defined]
    module.LOCAL = ("localhost",)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tui.web_server", module)
    assert main(["serve", "--demo"]) == 0
    assert not capsys.readouterr().err
    assert main(["serve", "--demo", "--host", "0.0.0.0", "--port", "80"]) == 0
    assert "nobody is asked" in capsys.readouterr().err
    assert seen == [("localhost", 8000), ("0.0.0.0", 80)]


async def test_the_page_asks_no_other_server_and_no_other_page_drives_it() -> None:
    pytest.importorskip("textual_serve", reason="the extra `serve`: it brings a web server, which nothing else needs")
    from aiohttp.test_utils import TestClient, TestServer

    from tui.web_server import LocalServer

    app = await LocalServer("true", "localhost", 8000, title="rolescope")._make_app()
    app.on_startup.clear()  # it prints
    async with TestClient(TestServer(app)) as client:
        page = await client.get("/")
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "ws://localhost:8000" in policy
        assert set(re.findall(r"https?://[^\"/]+", await page.text())) == {"http://localhost:8000", "http://www.w3.org"}
        own = f"http://{page.url.host}:{page.url.port}"
        assert (await client.get("/", headers={"Origin": own})).status == 200
        for headers in (
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Host": "elsewhere.example:8000"},
        ):
            for path in ("/", "/ws", "/static/js/textual.js"):
                assert (await client.get(path, headers=headers)).status == 403, headers


def test_without_the_extra_the_way_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "tui.web_server", raising=False)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert main(["serve", "--demo"]) == 2
    assert "rolescope[serve]" in capsys.readouterr().err
