"""What docs/extending.md names exists, and its examples still fit the files that they change."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}
DESIGNED = {
    *("A form of message", "A cause", "A program", "A condition operator", "A step", "A fix"),
    *("A lint rule", "A review rule", "An escalation", "A read call", "A write call", "A key"),
}
_PATH = re.compile(r"(?<![\w/.])(?:iam|diagnostics|screens|tui|tests|docs)/[\w./]*\w/?")


def hunks(section: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each hunk of the section's diffs: the file, and the lines with their marks."""
    for diff in re.findall(r"^```diff\n(.*?)^```$", section, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\+\+\+ ", diff, flags=re.MULTILINE)[1:]:
            file, _, body = part.partition("\n")
            for hunk in re.split(r"^@@\n", body, flags=re.MULTILINE)[1:]:
                yield file, hunk.splitlines()


def changed(text: str, hunk: list[str]) -> str:
    """Return the file's text with the hunk applied; a hunk without context goes to the end."""
    before = [line[1:] for line in hunk if not line.startswith("+")]
    after = [line[1:] for line in hunk if not line.startswith("-")]
    if not before:
        return text + "\n".join(after) + "\n"
    old = "\n" + "\n".join(before) + "\n"
    assert old in f"\n{text}", f"the file no longer contains {old}"
    return f"\n{text}".replace(old, "\n" + "\n".join(after) + "\n", 1)[1:]


def test_every_extension_has_its_section() -> None:
    assert set(SECTIONS) == DESIGNED
    assert "docs/extending.md" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("title", SECTIONS)
def test_an_example_fits_its_files(title: str) -> None:
    texts: dict[str, str] = {}
    for file, hunk in hunks(SECTIONS[title]):
        texts[file] = changed(texts.get(file) or (ROOT / file).read_text("utf-8"), hunk)
    assert texts
    for file, text in texts.items():
        if file.endswith(".py"):
            ast.parse(text, file)
        else:
            assert all(json.loads(line) for line in text.splitlines())


def test_every_file_and_test_that_is_named_exists() -> None:
    named = set(_PATH.findall(PAGE))
    assert len(named) > 50
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    for path, name in re.findall(r"(tests/\S+\.py)::(\w+)", PAGE):
        assert f"def {name}(" in (ROOT / path).read_text("utf-8")


def test_the_table_counts_the_files_of_each_example() -> None:
    for title, section in SECTIONS.items():
        (row,) = re.findall(rf"^\| \[{title.lower()}\]\(#{title.lower().replace(' ', '-')}\) \| (\d) \|", PAGE, re.M)
        assert int(row) == len({file for file, _ in hunks(section) if not file.startswith("tests/")}), title
