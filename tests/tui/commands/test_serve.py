"""``rolescope serve``: what it runs for each visitor; read-only unless asked."""

from __future__ import annotations

import shlex
import sys
import types

import pytest

from tui.arguments.parser import build_parser
from tui.cli import main
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
    made: list[tuple[object, ...]] = []

    class Server:
        def __init__(self, command: str, host: str, port: int, *, names: list[str], sessions: int) -> None:
            made.append((host, port, names, sessions))

        def serve(self) -> None: ...

    module = types.ModuleType("tui.web_server")
    module.WebServer = Server  # type: ignore[attr-defined]
    module.LOCAL = ("localhost",)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tui.web_server", module)
    assert main(["serve", "--demo"]) == 0
    assert not capsys.readouterr().err
    other = ["--host", "0.0.0.0", "--port", "80", "--allow-host", "ops.example", "--sessions", "2"]
    assert main(["serve", "--demo", *other]) == 0
    assert "not encrypted" in capsys.readouterr().err
    assert main(["serve", "--demo", "--sessions", "0"]) == 2
    assert made == [("localhost", 8000, [], 8), ("0.0.0.0", 80, ["ops.example"], 2)]


def test_without_the_extra_the_way_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "tui.web_server", raising=False)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert main(["serve", "--demo"]) == 2
    assert "rolescope[serve]" in capsys.readouterr().err
