"""A stack's resource fails while the policy of its role is still being created."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, no_identity

REFUSED = no_identity("s3:GetObject", "arn:aws:s3:::in/a", "arn:aws:sts::111122223333:assumed-role/report/r")
EVENTS = (
    "10:01:02 ReportRole AWS::IAM::Role CREATE_COMPLETE\n"
    "10:01:03 ReportJob AWS::Glue::Job CREATE_IN_PROGRESS\n"
    "10:01:03 Rights AWS::IAM::Policy CREATE_IN_PROGRESS\n"
    f"10:01:05 ReportJob AWS::Glue::Job CREATE_FAILED {REFUSED}\n"
)
WORDS = (
    f"ReportJob  CREATE_FAILED\n{REFUSED}\nIn the events ReportAccessPolicy is CREATE_IN_PROGRESS at the same time.\n"
)


@pytest.mark.parametrize(("text", "policy"), [(EVENTS, "Rights"), (WORDS, "ReportAccessPolicy")])
def test_the_resource_must_depend_on_the_policy(text: str, policy: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.summary.startswith(f"Let ReportJob depend on {policy}:")
    assert f"DependsOn: {policy}" in answer.fixes[0].title


@pytest.mark.parametrize(
    "text",
    [
        f"{EVENTS}10:01:04 Rights AWS::IAM::Policy CREATE_COMPLETE\n",
        f"{EVENTS}DependsOn: [Rights]",
        EVENTS.replace("Rights AWS::IAM::Policy", "Table AWS::Glue::Table"),
        WORDS.replace("CREATE_IN_PROGRESS", "CREATE_COMPLETE"),
    ],
)
def test_another_order_is_not_the_cause(text: str) -> None:
    assert not diagnosed(text).verdict.summary.startswith("Let ReportJob depend")
