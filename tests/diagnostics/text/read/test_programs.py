"""What programs, SDKs and consoles print of a refusal, each with what is to be read in it
(``texts/programs.jsonl``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.read.parse import parse
from tests.support.texts.json_lines import json_lines

CASES = json_lines(Path(__file__).parent / "texts" / "programs.jsonl")
FIELDS = ("principal", "action", "resource", "stated_reason")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_programs_wording_is_read(case: dict[str, object]) -> None:
    (failure,) = parse(str(case["text"]))
    expected = case["expect"]
    assert isinstance(expected, dict)
    if isinstance(failure, Denial):
        read = {name: value for name in FIELDS if (value := getattr(failure, name))}
        assert {"kind": "denial", **read} == expected
        return
    assert isinstance(failure, OtherFailure)
    assert failure.trouble.value == expected["kind"]
    assert expected.get("detail") in (None, failure.detail)
