"""A fix that gives a service's role one action says what else AWS's page of the service lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from diagnostics.contract_notes import with_contract_note
from diagnostics.failure import Denial
from diagnostics.fix import Fix, InlinePlace, PolicyChange
from diagnostics.who import Who
from iam.account import Account, InlinePolicy, Role
from iam.policy.document import Document
from iam.policy.request import Holder, HolderKind
from tests.support.accounts.documents import trust

ARN = "arn:aws:iam::111122223333:role/flow"


def _fix() -> Fix:
    statement = {"Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": "*"}
    return Fix("Add", Who.YOU, PolicyChange(InlinePlace(Holder(HolderKind.ROLE, "flow", ARN), "logs", True), statement))


def _account(service: str, *actions: str) -> Account:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    inline = (InlinePolicy("have", Document(json.dumps({"Statement": [statement]}))),) if actions else ()
    role = Role(name="flow", arn=ARN, trust=trust(f"{service}.amazonaws.com"), inline=inline, attached=())
    return Account("111122223333", "snapshot", datetime(2026, 11, 29, tzinfo=UTC), roles=(role,))


@pytest.mark.parametrize(
    ("account", "action", "said"),
    [
        (
            _account("vpc-flow-logs", "logs:PutLogEvents", "logs:CreateLogStream"),
            "logs:CreateLogGroup",
            "VPC flow logs needs logs:DescribeLogGroups and logs:DescribeLogStreams too",
        ),
        (
            _account("vpc-flow-logs", "logs:Describe*", "logs:PutLogEvents", "logs:CreateLogStream"),
            "logs:CreateLogGroup",
            "",
        ),
        # The action is none of the contract's, or the service has none that is known.
        (_account("vpc-flow-logs"), "s3:GetObject", ""),
        (_account("lambda"), "logs:CreateLogGroup", ""),
    ],
)
def test_what_else_the_service_needs(account: Account, action: str, said: str) -> None:
    denial = Denial("…", action=action)
    cautions = with_contract_note(_fix(), denial, account).cautions
    assert [each.startswith(said) for each in cautions] == ([True] if said else [])
