"""A text's lines as a sequence."""

from __future__ import annotations

import pytest

from iam.questions.text_lines import TextLines


def test_it_is_the_tuple_of_its_lines() -> None:
    given = ("ec2:RunInstances", "", "s3:GetObject", "s3:PutObject")
    lines = TextLines("\n".join(given))
    assert (tuple(lines), len(lines), lines[-1]) == (given, 4, given[-1])
    assert (lines[1:3], lines[2:], lines[::-1]) == (given[1:3], given[2:], given[::-1])
    assert [lines[at] for at in range(4)] == list(given)
    with pytest.raises(IndexError):
        lines[4]
