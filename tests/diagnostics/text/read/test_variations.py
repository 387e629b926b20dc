"""The same text in other clothes has the same answer."""

from __future__ import annotations

from tests.support.oracles.text_variations import differing


def test_a_text_in_other_clothes_has_the_same_answer() -> None:
    assert [each for each in differing(39, seed=7) if each[1]] == []
