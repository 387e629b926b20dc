"""A role with recorded calls, right-sized."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from diagnostics.right_size.run import RightSized
from iam.account import (
    Account,
    AttachedPolicy,
    InlinePolicy,
    Role,
)
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import FakeReader, document, trust
from tests.support.accounts.trail_records import ACCOUNT, ROLE, ROLE_ID

NOW = datetime(2026, 11, 27, tzinfo=UTC)


QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs"


class Reader(FakeReader):
    def resource_policy(self, arn: str) -> Reading[Any]:
        return Reading("resource policy")

    def bindings(self, arn: str) -> Reading[Any]:
        return Reading("bindings", ())

    def instances(self) -> Reading[Any]:
        return Reading("ec2:DescribeInstances", ())


def worker(*statements: dict[str, Any], attached: Sequence[AttachedPolicy] = ()) -> Role:
    inline = (InlinePolicy("work", document(*statements)),) if statements else ()
    return Role(
        "worker",
        ROLE,
        "/app/",
        ROLE_ID,
        created=NOW - timedelta(days=500),
        trust=trust(Service="lambda.amazonaws.com"),
        inline=inline,
        attached=tuple(attached),
        tags={},
        instance_profiles=(),
    )


def opened(role: Role, policies: Iterable[Any] = ()) -> OpenedAccount:
    account = Account(
        ACCOUNT,
        "test",
        NOW,
        caller_arn=f"arn:aws:iam::{ACCOUNT}:user/me",
        region="us-east-1",
        roles=(role,),
        users=(),
        groups=(),
        policies=tuple(policies),
        in_organization=False,
    )
    return OpenedAccount(account, Reader([role], on_demand=tuple(policies), details={role.name: role}))


def statements(found: RightSized, policy: int = 0) -> list[dict[str, Any]]:
    after = found.draft.policies[policy].after
    assert after is not None
    listed: list[dict[str, Any]] = after.value["Statement"]
    return listed
