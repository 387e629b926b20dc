"""What the names of an account have in common is found once, not with each key."""

from __future__ import annotations

import pytest

from iam.creation.draft import names
from iam.creation.draft.names import usual_ending


def test_the_usual_ending_of_the_same_names_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    words_of = names.words_of

    def counted(name: str) -> list[str]:
        asked.append(name)
        return words_of(name)

    monkeypatch.setattr(names, "words_of", counted)
    usual_ending.cache_clear()
    alike = tuple(f"orders-{number}-lambda" for number in range(50))
    assert [usual_ending(alike) for _ in range(3)] == [("lambda", 50)] * 3
    assert len(asked) == len(alike)
