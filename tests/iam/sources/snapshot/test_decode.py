"""The reader of long JSON lists: it takes and refuses what the standard library's does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iam.sources.snapshot.decode import decode

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from("abc"), values, max_size=3),
    max_leaves=8,
)


@given(_VALUES, st.sampled_from((None, 1)))
def test_it_reads_what_the_standard_library_reads(value: Any, indent: int | None) -> None:
    text = f" {json.dumps(value, indent=indent)}\n"
    assert decode(text, {}) == value
    taken = decode(text, {"a": lambda number, item: (number, item)})
    if isinstance(value, dict) and isinstance(value.get("a"), list):
        value = {**value, "a": list(enumerate(value["a"]))}
    assert taken == value


TEXT = ' {"a": [ {"b": [1]} , null, "x" ] ,\n "c": {"a": [2]}, "a": [3], "d": true} '


@pytest.mark.parametrize(
    "text",
    [
        *(TEXT[:end] for end in range(len(TEXT) - 1)),
        *(TEXT[:at] + wrong + TEXT[at:] for at in range(len(TEXT)) for wrong in ",}]x"),
    ],
)
def test_it_refuses_what_the_standard_library_refuses_and_says_the_same_of_it(text: str) -> None:
    def outcome(read: Any) -> Any:
        try:
            return read(text)
        except json.JSONDecodeError as error:
            return error.msg, error.pos

    ours, theirs = outcome(lambda text: decode(text, {"a": lambda number, item: item})), outcome(json.loads)
    assert ours == theirs
