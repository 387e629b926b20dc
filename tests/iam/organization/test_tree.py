"""The tree of an organization: paths, levels of guardrails, accounts below a target, and what a change makes of it."""

from __future__ import annotations

import pytest

from iam.organization.tree import Guardrail, Member, OrganizationTree, Unit
from iam.policy.document import Document

ALL = Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
A, B, M = "111111111111", "222222222222", "999999999999"


def tree(*scps: Guardrail) -> OrganizationTree:
    return OrganizationTree(
        "o-tree123456",
        M,
        root="r-tree",
        units=(Unit("ou-a", "work", "r-tree"), Unit("ou-b", "prod", "ou-a"), Unit("ou-lost", "lost", "ou-gone")),
        members=(Member(M, "management", "r-tree"), Member(A, "app", "ou-b"), Member(B, "lost", "ou-lost")),
        scps=scps,
        rcps=None,
    )


def test_levels_are_those_of_root_units_and_account() -> None:
    full = Guardrail("arn:full", "FullAWSAccess", ALL, ("r-tree", "ou-a", "ou-b", A))
    found = tree(full, Guardrail("arn:x", "x", ALL, ("ou-b", M))).organization_of(A)
    assert found is not None and found.path == ("r-tree", "ou-a", "ou-b") and found.rcps is None
    assert [(level.target, [each.name for each in level.policies]) for level in found.scps or ()] == [
        ("r-tree", ["FullAWSAccess"]),
        ("ou-a", ["FullAWSAccess"]),
        ("ou-b", ["FullAWSAccess", "x"]),
        (A, ["FullAWSAccess"]),
    ]


def test_what_the_tree_lacks_is_unknown() -> None:
    unread = Guardrail("arn:y", "y", None, ("ou-b",))
    of_app, of_lost = tree(unread).organization_of(A), tree(unread).organization_of(B)
    assert of_app is not None and of_app.scps is None, "a policy without its document"
    assert of_lost is not None and of_lost.path is None and of_lost.scps is None, "a unit that is not there"
    assert tree().organization_of("333333333333") is None


def test_aws_own_scp_may_be_left_out_of_a_file() -> None:
    found = tree(Guardrail("arn:x", "x", ALL, ("ou-b",))).organization_of(A)
    assert found is not None and [len(level.policies) for level in found.scps or ()] == [1, 1, 1, 1]
    none = tree().organization_of(A)
    assert none is not None and not any(level.policies for level in none.scps or ()), "the type is not enabled"


@pytest.mark.parametrize(
    ("target", "below"), [("r-tree", (M, A)), ("ou-a", (A,)), ("ou-b", (A,)), (A, (A,)), ("ou-x", ())]
)
def test_accounts_below_a_target(target: str, below: tuple[str, ...]) -> None:
    assert tree().under(target) == below


def test_targets_by_name_and_a_move() -> None:
    assert [tree().targets_called(word) for word in ("prod", "ou-b", "app", "Root", "nothing")] == [
        ("ou-b",), ("ou-b",), (A,), ("r-tree",), ()
    ]  # fmt: skip
    assert tree().moved(A, "r-tree").path_of(A) == ("r-tree",)
