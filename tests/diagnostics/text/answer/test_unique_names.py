"""A taken name of IAM, where the text shows or mentions another path or Region."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TAKEN = (
    "An error occurred (EntityAlreadyExists) when calling the Create{} operation: {} with name builder already exists."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            TAKEN.format("Role", "Role") + "\nthere is arn:aws:iam::444455556666:role/old/ci/builder, ours is in /new/",
            "The name builder is taken in the path /old/ci/: names of this kind (role) are unique",
        ),
        (
            TAKEN.format("User", "User") + "\nbut we are in another region now",
            "The name builder is taken: names of this kind (user) are unique in the entire account",
        ),
    ],
)
def test_a_name_is_taken_whatever_the_path_and_the_region(text: str, said: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith(said)


@pytest.mark.parametrize(
    "more", ["", "\narn:aws:iam::444455556666:role/builder", "\narn:aws:iam::444455556666:role/old/builder-2"]
)
def test_without_another_place_nothing_is_said_about_it(more: str) -> None:
    summary = collect_offline(read_text(TAKEN.format("Role", "Role") + more)[0]).verdict.summary
    assert "entire account" not in summary
