"""A test that looks for a sentence on a screen does not depend on where its lines break."""

from __future__ import annotations

import pytest

from tests.support.driving.folding import shows


@pytest.mark.parametrize(
    ("screen", "words", "shown"),
    [
        ("the file is as it was", "as it was", True),
        ("│ /tmp/a/.aws/config is as  │\n│ it was                    │", "as it was", True),
        ("│ /tmp/a/very/long │\n│ er/name          │", "/tmp/a/very/longer/name", True),
        ("the file is\nnot as it is", "as it was", False),
        ("│ a │\n│ b │", "ab c", False),
        ("a screen", "", True),
        ("a screen", " ", True),
        ("", "│", False),
    ],
)
def test_whether_the_screen_shows_the_words(screen: str, words: str, shown: bool) -> None:
    assert shows(screen, words) is shown


@pytest.mark.parametrize("length", range(1, 60))
def test_a_path_of_any_length_may_stand_before_them(length: int) -> None:
    sentence = f"/{'x' * length} is as it was; u takes it back"
    lines = [sentence[at : at + 24].strip() for at in range(0, len(sentence), 24)]
    assert shows("\n".join(f"│ {line:<24} │" for line in lines), "as it was; u takes it back")
