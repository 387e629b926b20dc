"""CloudTrail records for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from diagnostics.right_size.calls import RecordedCall, UnknownOperation, calls_of, is_of
from diagnostics.right_size.trail import Coverage, Progress
from iam.account import Account, Role

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/worker"
ROLE_ID = "AROAWORKER0000000001"


def record(
    source: str,
    name: str,
    parameters: dict[str, Any] | None = None,
    *,
    time: str = "2026-11-20T10:00:00Z",
    role: str = ROLE,
    role_id: str = ROLE_ID,
    account: str = ACCOUNT,
    reads: bool = False,
    data: bool = False,
    error: str | None = None,
    region: str = "us-east-1",
    **more: Any,
) -> dict[str, Any]:
    """A call of a session of ``role``."""
    found: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"{role_id}:job",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/job",
            "accountId": ACCOUNT,
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "principalId": role_id, "arn": role, "accountId": ACCOUNT},
                "attributes": {"mfaAuthenticated": "false"},
            },
        },
        "eventTime": time,
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-sdk",
        "requestParameters": parameters or {},
        "readOnly": reads,
        "eventType": "AwsApiCall",
        "managementEvent": not data,
        "eventCategory": "Data" if data else "Management",
        "recipientAccountId": account,
        **more,
    }
    if error:
        found["errorCode"] = error
    return found


class MemoryTrail:
    """Records in memory as a trail; by default with a reading and a writing management event of somebody else, so that
    both kinds are known to be logged, and spanning 90 days."""

    title = "the trail"

    def __init__(self, records: Sequence[dict[str, Any]], role: Role, account: Account, *, others: bool = True) -> None:
        stranger = f"arn:aws:iam::{ACCOUNT}:role/stranger"
        around = [
            record("ec2", "DescribeVpcs", time="2026-08-20T00:00:00Z", role=stranger, role_id="AROAX", reads=True),
            record("ec2", "CreateVpc", time="2026-11-26T00:00:00Z", role=stranger, role_id="AROAX"),
        ]
        self._records = [*records, *(around if others else ())]
        self._role, self._account = role, account
        self.coverage = Coverage(account.id)
        self.problems: list[str] = []
        self.unknown: Counter[UnknownOperation] = Counter()
        self._walked = False

    def calls(self, progress: Progress | None = None) -> Iterator[RecordedCall]:
        first, self._walked = not self._walked, True
        for each in self._records:
            if first:
                self.coverage.take(each)
            if is_of(self._role, each.get("userIdentity")):
                for found in calls_of(each, self._account):
                    if isinstance(found, RecordedCall):
                        yield found
                    elif first:
                        self.unknown[found] += 1
