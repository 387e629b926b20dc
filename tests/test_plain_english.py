"""The sentences and docstrings of all packages, and the manual, avoid the project's old private dialect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PACKAGES = ("iam", "diagnostics", "screens", "tui")
PAGES = ("README.md", "docs/extending.md", "docs/manual")

BANNED = re.compile(
    r"\b("
    r"told|besides|whole|mend|mended|conspicuous|anew|any more|for good|half done|"
    r"comes? in|lets? in|put in|taken away|hangs? on|is there|are there already|stands?|"
    r"whose it is|knows? no|nobody knows|as wanted|in the place of|gone on with|go on with|"
    r"takes back|takes? (?:it|this|that|them) back|taken back|taking back|set back|leave away|held against|goes with|"
    r"yours to (?:say|decide)|gets? at|nobody can (?:see|judge)|ask a trail|where it lies"
    r")\b",
    re.IGNORECASE,
)

_EXPRESSION = re.compile(r"\\b|\(\?")
"""What a regular expression has, which finds words of other people's texts."""


def found(text: str) -> list[str]:
    """Return the banned words of a text. Names in backticks are code."""
    return [match[0] for match in BANNED.finditer(re.sub(r"`+[^`]*`+", "", text))]


def modules(places: tuple[str, ...]) -> list[Path]:
    """Return the modules of files and folders."""
    paths = [ROOT / place for place in places]
    return sorted(each for path in paths for each in (path.rglob("*.py") if path.is_dir() else [path]))


def strings(module: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield the line and text of each string literal, and whether it is a docstring."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value, id(node) in docstrings


@pytest.mark.parametrize("package", PACKAGES)
def test_sentences_and_docstrings_are_plain(package: str) -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}: {', '.join(found(text))}: {text[:80]!r}"
        for path in modules((package,))
        for line, text, docstring in strings(path)
        if (docstring or not _EXPRESSION.search(text)) and found(text)
    ] == []


@pytest.mark.parametrize("place", PAGES)
def test_the_manual_is_plain(place: str) -> None:
    path = ROOT / place
    pages = sorted(path.rglob("*.md")) if path.is_dir() else [path]
    assert pages
    assert [
        f"{page.name}:{number}: {', '.join(found(line))}: {line[:80]!r}"
        for page in pages
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1)
        if found(line)
    ] == []


def test_a_banned_word_is_found_but_not_in_code() -> None:
    assert found("X IS THERE, and nobody told it") == ["IS THERE", "told"]
    assert found("``told`` gives the values") == []
