"""JSON that is printed does nothing to a terminal, and is the same JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.masking.masks import Masks
from iam.foreign_text import json_pieces, json_text

UNSEEN = {
    "control sequence introducer": "\x9b31m",
    "operating system command": "\x9d0;title\x9c",
    "escape": "\x1b[31m",
    "delete": "\x7f",
    "right to left": "\u202eabc",
    "zero width": "a\u200bb",
    "line separator": "a\u2028b",
    "tag character": "\U000e0041",
    "lone surrogate": "\ud800",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("indent", [2, None])
def test_what_cannot_be_seen_is_escaped(text: str, indent: int | None) -> None:
    value = {"Name": text, text: ["é漢", text]}
    printed = json_text(value, indent=indent)
    assert json.loads(printed) == value and "é漢" in printed
    assert all(character == "\n" or character.isprintable() for character in printed)


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_masking_keeps_it_so(text: str) -> None:
    masked = Masks().document(json_text({"Name": f"é{text}"}))
    assert json.loads(masked) == {"Name": f"é{text}"}
    assert all(character == "\n" or character.isprintable() for character in masked)


@pytest.mark.parametrize("found", [[], [{}], [1, "a\u2028\nb"], [{"deep": [{"er": [1, {"x": []}]}]}, None]])
def test_pieces_are_the_same_text(found: list[Any]) -> None:
    for document in ({"found": found}, {"a": found, "found": found, "z": {"y": found}}, {}):
        streamed = {key: iter(value) if key == "found" else value for key, value in document.items()}
        assert "".join(json_pieces(streamed)) == json_text(document)
