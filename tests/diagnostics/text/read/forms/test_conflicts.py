"""The stack that the tags of an existing entity name owns it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Conflict

TAKEN = "EntityAlreadyExists: Role with name {} already exists.\n"
ASKED = "$ aws iam get-role --role-name {} --query Role.Tags\n"


@pytest.mark.parametrize(
    ("tags", "stack"),
    [
        ('[{"Key": "aws:cloudformation:stack-name", "Value": "shop-legacy"}]', "shop-legacy"),
        ('[{"Value": "billing", "Key": "aws:cloudformation:stack-name"}]', "billing"),
        ("tags: aws:cloudformation:stack-name=Network-1", "Network-1"),
        ('[{"Key": "team", "Value": "shop"}]', None),
        ("", None),
    ],
)
def test_the_tag_of_cloudformation_names_the_owner(tags: str, stack: str | None) -> None:
    (conflict,) = read_text(f"{TAKEN.format('orders')}{ASKED.format('orders')}{tags}\n")
    assert isinstance(conflict, Conflict) and conflict.owner_stack == stack
    assert ("the stack" in collect_offline(conflict).verdict.summary) is (stack is not None)


def test_tags_of_another_entity_are_not_the_owners() -> None:
    tags = '[{"Key": "aws:cloudformation:stack-name", "Value": "shop"}]'
    (conflict,) = read_text(f"{ASKED.format('billing')}{tags}\n{TAKEN.format('orders')}")
    assert isinstance(conflict, Conflict) and conflict.owner_stack is None
