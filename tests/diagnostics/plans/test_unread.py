"""Plans of fixes whose entities cannot be read now, or only in part: none is made that would lose something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from diagnostics.fix import Calls, iam_call
from diagnostics.plans.calls import plan_of_calls
from iam.account import ManagedPolicy
from iam.changes.plan import PlanError
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.conflict_memory import MemoryReader, account, arn, permissions, policy, role

READ = arn("policy/read")
SAVED = iam_call("CreatePolicyVersion", PolicyArn=READ, PolicyDocument=permissions("s3:ListBucket").text)
DELETED = iam_call("DeletePolicyVersion", PolicyArn=READ, VersionId="v1")
SET = iam_call("SetDefaultPolicyVersion", PolicyArn=READ, VersionId="v1")


@dataclass
class PartReader(MemoryReader):
    """Reads a policy with a note: not all of its versions came."""

    note: str = ""

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        return replace(super().managed_policy(arn), note=self.note)


def opened(reader: MemoryReader) -> OpenedAccount:
    return OpenedAccount(reader.truth, reader)  # type: ignore[arg-type]  # it has the reads that plans need


@pytest.mark.parametrize("call", [SAVED, DELETED, SET])
@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ({"denied": frozenset({"customer_policy"})}, "not allowed to call customer_policy"),
        (
            {"note": "AWS denied iam:GetPolicyVersion."},
            "Not all versions of read could be read: AWS denied iam:GetPolicyVersion",
        ),
    ],
)
def test_versions_of_a_policy_that_are_unread(call: Any, reader: dict[str, Any], said: str) -> None:
    part = PartReader(account(policies=(policy("read", versions=2),)), **reader)
    with pytest.raises(PlanError, match=said):
        plan_of_calls("a version", Calls(READ, (call,)), opened(part))


@pytest.mark.parametrize("call", [SAVED, DELETED, SET])
def test_versions_of_a_policy_that_is_gone(call: Any) -> None:
    with pytest.raises(PlanError, match=r"no longer exists|nothing to do"):
        plan_of_calls("a version", Calls(READ, (call,)), opened(MemoryReader(account())))


def test_the_default_version_is_not_deleted() -> None:
    call = iam_call("DeletePolicyVersion", PolicyArn=READ, VersionId="v2")
    with pytest.raises(PlanError, match="default version"):
        reader = MemoryReader(account(policies=(policy("read", versions=2),)))
        plan_of_calls("a version", Calls(READ, (call,)), opened(reader))


def test_a_tag_that_the_account_was_read_without_gets_its_value_back() -> None:
    """The account's details were denied: only a look at the role tells which of the tags it has."""
    reader = MemoryReader(account(roles=(role("tide", tags={"team": "sea"}),)))
    listed = replace(reader.truth, roles=(role("tide", tags=None),))
    call = iam_call("TagRole", RoleName="tide", Tags={"team": "land", "env": "prod"})
    plan = plan_of_calls("tags", Calls(arn("role/tide"), (call,)), OpenedAccount(listed, reader))  # type: ignore[arg-type]
    undone = {each.undo.operation: each.undo.parameters for each in plan.calls if each.undo}
    assert undone["UntagRole"]["TagKeys"] == ("env",) and undone["TagRole"]["Tags"] == {"team": "sea"}


@pytest.mark.parametrize("reader", [{"denied": frozenset({"role"})}, {}])
def test_a_tag_of_a_role_whose_tags_are_unread_is_not_set(reader: dict[str, Any]) -> None:
    call = iam_call("TagRole", RoleName="tide", Tags={"team": "land"})
    memory = MemoryReader(account(roles=(role("tide", tags=None),)), **reader)
    with pytest.raises(PlanError, match=r"not allowed to call role|tags of the role tide could not be read"):
        plan_of_calls("tags", Calls(arn("role/tide"), (call,)), opened(memory))
