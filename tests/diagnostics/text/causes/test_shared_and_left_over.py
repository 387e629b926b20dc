"""Existing resources that others use, and what Karpenter leaves behind."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

PROVIDER = "EntityAlreadyExists: Provider with url https://token.actions.githubusercontent.com already exists."
ROLE = "EntityAlreadyExists: Role with name deploy already exists."
PROFILE = "Cannot delete entity, must remove roles from instance profile first"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{PROVIDER}\nFor now we delete it by hand.", "Do not delete the existing provider"),
        (f"{PROVIDER}\nOther projects made it. Deleting it manually helps.", "data aws_iam_openid_connect_provider"),
        (f"{ROLE}\nAnother project has made it; we delete the role manually.", "Do not delete the existing resource"),
        (f"Karpenter's node role: {PROFILE}", "Karpenter created an instance profile with this role"),
    ],
)
def test_others_are_considered(text: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        (f"{PROVIDER}\nWe do not delete it by hand.", "Do not delete"),
        (f"{ROLE}\nWe delete the role manually.", "Do not delete"),
        (PROFILE, "Karpenter"),
    ],
)
def test_nothing_is_shared(text: str, unwanted: str) -> None:
    assert unwanted not in " ".join(answer_to(text).split())
