"""Values that Python printed, read by several workers at a time."""

from __future__ import annotations

import ast
import gc
import inspect
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diagnostics.text.read.layout.python_literals import NotALiteralError, read_literal

ROOT = Path(__file__).parents[5]
LONG = f"{'[' * 12}{', '.join(repr({'eventName': [number, None, b'']}) for number in range(60))}{']' * 12}"


@pytest.mark.parametrize("text", ["{'a': [1, None, True, 'é', b'', (2.5, {3})]}", "''", "-1"])
def test_a_literal_is_read(text: str) -> None:
    assert repr(read_literal(text)) == text


@pytest.mark.parametrize("text", ["", "{'a': <object>}", "open('x')", "{'a':", "['" + "(" * 500, "-" * 9_000 + "1"])
def test_anything_else_is_no_literal(text: str) -> None:
    with pytest.raises(NotALiteralError):
        read_literal(text)


@pytest.fixture
def _switches_while_parsing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other threads run whenever objects are collected, thus also while Python builds a tree (CPython gh-106905)."""
    monkeypatch.setattr(ast, "parse", inspect.unwrap(ast.parse))  # without the lock of tests/conftest.py

    def switch(phase: str, info: object) -> None:
        time.sleep(0)

    before = gc.get_threshold()
    gc.callbacks.append(switch)
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(switch)


@pytest.mark.usefixtures("_switches_while_parsing")
def test_several_workers_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diagnostics.text.read.layout.python_literals._TRIES", 1)
    with ThreadPoolExecutor(4) as workers:
        texts = [LONG, "[1, [2, {3: 4}]]"] * 50
        assert list(workers.map(read_literal, texts)) == [*map(read_literal, texts)]


def test_what_another_library_disturbed_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read, tries = ast.literal_eval, []

    def disturbed(text: str) -> object:
        tries.append(text)
        if len(tries) < 3:
            raise SystemError("AST constructor recursion depth mismatch (before=159, after=142)")
        return read(text)

    monkeypatch.setattr(ast, "literal_eval", disturbed)
    assert read_literal("[1]") == [1] and len(tries) == 3
    monkeypatch.setattr(ast, "literal_eval", lambda text: disturbed(tries.clear() or text))
    with pytest.raises(NotALiteralError):
        read_literal("[1]")


def test_python_is_parsed_nowhere_else() -> None:
    users = {
        path.name
        for package in ("iam", "diagnostics", "screens", "tui")
        for path in (ROOT / package).rglob("*.py")
        if any(line.strip().startswith(("import ast", "from ast")) for line in path.read_text("utf-8").splitlines())
    }
    assert users == {"python_literals.py"}
