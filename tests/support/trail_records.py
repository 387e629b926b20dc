"""CloudTrail records for tests."""

from __future__ import annotations

from typing import Any

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
