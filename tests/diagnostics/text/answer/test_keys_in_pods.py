"""A user's keys in a pod come before the pod's own role."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

CALLED = (
    "User: arn:aws:{} is not authorized to perform: s3:PutObject on resource: "
    '"arn:aws:s3:::chunks/a" because no identity-based policy allows the s3:PutObject action\n'
)
ANNOTATED = "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/loki\n"


@pytest.mark.parametrize(
    ("caller", "more", "keys"),
    [
        ("iam::111122223333:user/loki-old", ANNOTATED + "access_key_id: ${S3_KEY}", True),
        ("iam::111122223333:user/loki-old", ANNOTATED, True),
        ("iam::111122223333:user/loki-old", "no role is named", False),
        (
            "iam::111122223333:user/loki-old",
            "jobs:\n  env:\n    AWS_ROLE_ARN: arn:aws:iam::111122223333:role/ci",
            False,
        ),
        ("sts::111122223333:assumed-role/loki/1", ANNOTATED, False),
    ],
)
def test_a_user_that_called_for_a_pod_with_a_role(caller: str, more: str, keys: bool) -> None:
    answer = answer_to(f"loki-write: {CALLED.format(caller)}{more}")
    assert ("came with keys of the user loki-old, and not with the pod's own role loki" in answer) is keys
    assert ("The user needs no permission" in answer) is keys
