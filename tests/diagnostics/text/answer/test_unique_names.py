"""A taken name of IAM, where the text shows or mentions another path or Region."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Conflict

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


TAKEN_POLICY = (
    "An error occurred (EntityAlreadyExists) when calling the CreatePolicy operation: A policy called {} already "
    "exists. Duplicate names are not allowed.\n"
)
ASKED = (
    "$ aws iam get-policy --policy-arn {arn}\nAn error occurred (NoSuchEntity) when calling the GetPolicy operation: "
    "Policy {arn} was not found.\n"
)
POLICY = "arn:aws:iam::444455556666:policy/"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TAKEN_POLICY.format("read-logs") + ASKED.format(arn=f"{POLICY}read-logs"), "another path or letter case"),
        (
            "$ aws iam get-policy\nNoSuchEntity: Policy arn:aws:iam::444455556666:policy/x/ci does not exist\n"
            + TAKEN_POLICY.format("ci"),
            "another path or letter case",
        ),
        (
            TAKEN_POLICY.format("Deny.All") + ASKED.format(arn=f"{POLICY}Deny.All") + f"used: {POLICY}base/Deny.All",
            f"The text names {POLICY}base/Deny.All.",
        ),
        # Near misses: another policy was not found, and nothing was asked for.
        (TAKEN_POLICY.format("ci") + ASKED.format(arn=f"{POLICY}ci-2"), ""),
        (TAKEN_POLICY.format("ci") + f"attached: {POLICY}ci", ""),
    ],
)
def test_a_taken_policy_that_is_not_found_has_another_arn(text: str, said: str) -> None:
    conflict = next(each for each in read_text(text) if isinstance(each, Conflict))
    summary = collect_offline(conflict).verdict.summary
    assert said in summary if said else "get-policy finds" not in summary
