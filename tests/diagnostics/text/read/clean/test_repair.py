"""Refusals that were typed, scanned, encoded or broken, with what is to be read in each (``texts/mangled.jsonl``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.failure import Denial
from diagnostics.text.read.clean.repair import repaired
from diagnostics.text.read.parse import parse
from tests.support.texts.json_lines import json_lines

CASES = json_lines(Path(__file__).parents[1] / "texts" / "mangled.jsonl")
FIELDS = ("principal", "action", "resource", "stated_reason")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mangled_refusal_is_read(case: dict[str, object]) -> None:
    (failure,) = parse(str(case["text"]))
    assert isinstance(failure, Denial)
    assert {name: value for name in FIELDS if (value := getattr(failure, name))} == case["expect"]


def test_what_was_repaired_is_kept_apart() -> None:
    found = repaired("User: arn aws iam 2222 3333 4444 user leo is not authorized to perform: s3:ListAllMyBuckets")
    assert found.text.startswith("User: arn:aws:iam::222233334444:user/leo is")
    assert [each.read for each in found.repairs] == ["arn:aws:iam::222233334444:user/leo"]
    assert repaired("nothing here").repairs == ()


@pytest.mark.parametrize(
    ("place", "left_out"),
    [
        (
            "/srv/app/node_modules/@aws-sdk/property-provider/dist-cjs/ProviderError.js:7\n   super(message);\n   ^\n",
            True,
        ),
        ("file:///srv/app/index.mjs:12\n    throw new CredentialsProviderError(`x`, {\n          ^\n", True),
        ("C:\\app\\dist\\main.cjs:88\n  const a = 1\n  return fail(a)\n         ^^^^\n", True),
        ("/srv/app/index.js:12\nAn error occurred (AccessDenied)\n", False),
    ],
)
def test_the_place_where_a_program_threw_its_error_is_no_message(place: str, left_out: bool) -> None:
    assert (place not in repaired(f"{place}\nSignatureDoesNotMatch: x\n").text) is left_out
