"""Which names of a list a field suggests for what was typed."""

from __future__ import annotations

import pytest

from screens.widgets.form.completion import matching

NAMES = ("lambda.amazonaws.com", "edgelambda.amazonaws.com", "codebuild.amazonaws.com", "ecs-tasks.amazonaws.com")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lamb", ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]),
        ("TASKS", ["ecs-tasks.amazonaws.com"]),
        ("cdbld", ["codebuild.amazonaws.com"]),
        ("esta", ["ecs-tasks.amazonaws.com"]),
        ("dlb", []),
        ("cb", []),
        ("zzz", []),
    ],
)
def test_names_with_the_letters_in_their_order_are_suggested(typed: str, found: list[str]) -> None:
    assert matching(NAMES, typed) == found
