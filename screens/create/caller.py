"""Whether the caller may create roles only with a certain boundary. Asks the account: for a worker."""

from __future__ import annotations

import json

from textual.message import Message

from iam.account import Account
from iam.changes.plan import PlanError
from iam.creation.plan import create_role
from iam.creation.preflight.caller import permission_findings
from iam.creation.spec import RoleSpec
from iam.policy.document import Document
from iam.sources.reader import AccountReader

_ANY_TRUST = Document(
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
)


class BoundaryDemanded(Message):
    """``arn`` of the boundary without which the caller may not create the role; empty where none is demanded."""

    def __init__(self, arn: str, sentence: str) -> None:
        super().__init__()
        self.arn, self.sentence = arn, sentence


def demanded_boundary(name: str, path: str, account: Account, reader: AccountReader) -> BoundaryDemanded:
    """Evaluates iam:CreateRole for the caller on the role's ARN, without a boundary."""
    try:
        plan = create_role(RoleSpec(name, _ANY_TRUST, path=path), account)
    except PlanError:
        plan = create_role(RoleSpec("new-role", _ANY_TRUST), account)
    for finding in permission_findings(plan, account, reader):
        if finding.code == "boundary.demanded":
            return BoundaryDemanded(finding.value, f"{finding.text} {finding.way_out}")
    return BoundaryDemanded("", "")
