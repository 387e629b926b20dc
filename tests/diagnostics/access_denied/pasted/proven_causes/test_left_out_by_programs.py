"""A program whose denial names no action: the policy in the text is compared with the program's published policy."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = 'level=error msg="{}" err="AccessDenied: Access Denied\\n\\tstatus code: 403, request id: A1"\n'
OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]


def summary(said: str, actions: list[str], resource: str = "arn:aws:s3:::shop-logs/*") -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": [resource]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (failure,) = read_text(f"{said}\nrole policy:\n{policy}\n")
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("program", "actions", "left"),
    [
        ("Loki on EKS", OBJECTS, "but not s3:ListBucket: Grafana Loki needs"),
        ("thanos store gateway", OBJECTS[:2], "s3:DeleteObject"),
        ("Velero 1.13", ["s3:ListBucket", *OBJECTS[:2]], "but not s3:DeleteObject"),
        ("Loki on EKS", ["s3:ListBucket", *OBJECTS], ""),
        ("our own service", OBJECTS, ""),
        ("Loki on EKS", ["sqs:SendMessage"], ""),
    ],
)
def test_the_action_that_the_policy_lacks_is_named(program: str, actions: list[str], left: str) -> None:
    said = summary(f"{program}:\n{REFUSED.format('failed to run compaction')}", actions)
    assert (" but not " in said) is bool(left)
    assert left in said
