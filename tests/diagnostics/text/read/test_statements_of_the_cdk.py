"""What the CDK says of policy statements before it calls AWS, and calls of S3 Control at other stores."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

CONTROL = (
    "Error: listing tags for S3 (Simple Storage) Bucket (logs): operation error S3 Control: ListTagsForResource, https "
    "response error StatusCode: 403, api error AccessDenied: Access Denied"
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "[App/Role] A PolicyStatement used in an identity-based policy cannot specify any IAM principals.",
            "must not have a Principal: remove principals",
        ),
        (
            "[App/Role] A PolicyStatement used in an identity-based policy must specify at least one resource.",
            "lacks resources: name them",
        ),
        (
            "[App/Bucket] A PolicyStatement used in a resource-based policy must specify at least one IAM principal.",
            "lacks principals: name who is allowed",
        ),
        (
            "[App/Role] A PolicyStatement must specify at least one 'action' or 'notAction'.",
            "neither actions nor notActions",
        ),
        (f"Our S3 is Ceph RGW.\n{CONTROL}", "ListTagsForResource is a call of S3 Control"),
        (f"MinIO, provider 6.30\n{CONTROL}", "pin the AWS provider below 6.23"),
    ],
)
def test_the_message_is_explained(text: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        (CONTROL, "S3-compatible stores mostly lack"),
        (f"Our S3 is Ceph RGW.\n{CONTROL.replace('S3 Control', 'S3')}", "S3-compatible stores mostly lack"),
    ],
)
def test_other_calls_are_not_explained_so(text: str, unwanted: str) -> None:
    assert unwanted not in " ".join(answer_to(text).split())
