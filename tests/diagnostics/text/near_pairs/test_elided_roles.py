"""A role's name that the text leaves out is compared with no other."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.text.near_pairs.best_pair import near_pair

ASSUME = "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: "
ROLE = "arn:aws:iam::111122223333:role"


@pytest.mark.parametrize(
    ("asked", "other", "pair"),
    [
        (f"{ROLE}/app-deploy-...", f"{ROLE}/app-deploy-", False),
        (f"{ROLE}/app-deploy-…", f"{ROLE}/app_deploy_", False),
        (f"{ROLE}/app-deploy", f"{ROLE}/app_deploy", True),
    ],
)
def test_only_complete_names_are_two_spellings(asked: str, other: str, pair: bool) -> None:
    (failure,) = read_text(f"{ASSUME}{asked}\nthe role is {other}")
    assert (near_pair(failure) is not None) is pair
