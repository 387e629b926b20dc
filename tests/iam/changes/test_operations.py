"""The records of write calls: whole, and in agreement with each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iam.account import Account
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.permissions import needs_of
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, make_plan

ENTITIES = {"role", "user", "group", "instance profile", "policy", "identity provider", "instance"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_record_is_whole(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.name == name
    assert {*operation.effects} | {operation.creates, operation.deletes} <= ENTITIES | {""}
    assert not operation.trust or operation.parameters[operation.trust] is ParameterKind.DOCUMENT
    creates_with_tags = bool(operation.creates) and "Tags" in operation.parameters
    assert operation.tag_action == (f"iam:{name.replace('Create', 'Tag')}" if creates_with_tags else "")


def test_no_operation_is_declared_twice() -> None:
    from iam.changes.operations import groups, instance_profiles, instances, policies, providers, roles, users

    modules = (groups, instance_profiles, instances, policies, providers, roles, users)
    assert sum(len(module.OPERATIONS) for module in modules) == len(OPERATIONS)


def test_a_user_that_is_created_with_tags_needs_the_permission_to_tag() -> None:
    """Service Authorization Reference, IAM: CreateUser with tags needs iam:TagUser besides."""
    arn = "arn:aws:iam::111122223333:user/x"
    call = Call("CreateUser", {"UserName": "x", "Tags": {"team": "web"}}, "Create the user x.", arn)
    account = Account("111122223333", "test", datetime(2026, 1, 1, tzinfo=UTC))
    needs = needs_of(make_plan("t", "s", [call]), account)
    assert [(need.action, need.resource) for need in needs] == [("iam:CreateUser", arn), ("iam:TagUser", arn)]
