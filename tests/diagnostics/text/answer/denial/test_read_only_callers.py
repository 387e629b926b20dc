"""A caller that by its name only reads may be refused on purpose."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.iam_sentence import summary


@pytest.mark.parametrize(
    ("caller", "action", "reads"),
    [
        ("NetReadOnly", "elasticloadbalancing:ModifyListener", True),
        ("AWSReservedSSO_ViewOnlyAccess_5f1c0e9d7a3b2c41", "dynamodb:DeleteTable", True),
        ("ro-support", "s3:PutObject", True),
        ("ci-readonly", "iam:CreateRole", True),
        ("security-auditor", "sqs:TagQueue", True),
        ("NetReadOnly", "elasticloadbalancing:DescribeListeners", False),
        ("ro-support", "s3:GetObject", False),
        ("dash-ro", "redshift:GetClusterCredentials", False),
        ("dash-ro", "redshift-serverless:GetCredentials", False),
        ("card-reader-sync", "s3:PutObject", False),
        ("rollout", "s3:PutObject", False),
        ("thread-only-once", "s3:PutObject", False),
    ],
)
def test_a_caller_that_only_reads_by_its_name_may_be_refused_on_purpose(caller: str, action: str, reads: bool) -> None:
    said = summary(caller, action, f"because no identity-based policy allows the {action} action")
    assert ("meant only to read" in said) == reads
    assert ("Only if the owner agrees, allow the action in" in said) == reads


@pytest.mark.parametrize(
    ("caller", "around", "named"),
    [
        ("gha-plan", "terraform plan\n# gha-apply exists, made last week for this job", "gha-apply"),
        ("ci-readonly-eu", "arn:aws:iam::111122223333:role/ci-deploy-eu", "ci-deploy-eu"),
        ("data-ro", "there is also data-rw", "data-rw"),
        ("data-ro", "there are data-rw and data-admin", ""),
        ("data-ro", "there is also other-rw", ""),
        ("gha-plan", "terraform plan, job apply", ""),
    ],
)
def test_a_role_for_changes_is_named_if_the_text_has_one(caller: str, around: str, named: str) -> None:
    reason = f"because no identity-based policy allows the s3:PutObject action\n{around}"
    said = summary(caller, "s3:PutObject", reason)
    assert f"make the call with {f'{named}, which the text names' if named else 'an identity'}" in said


LOCKS = "arn:aws:dynamodb:eu-west-1:111122223333:table/tf-locks"


@pytest.mark.parametrize(
    ("action", "resource", "said", "reads"),
    [
        ("dynamodb:PutItem", LOCKS, "Error acquiring the state lock", False),
        ("dynamodb:PutItem", LOCKS, "Unable to retrieve item from DynamoDB table", False),
        ("s3:PutObject", "arn:aws:s3:::tf-state/prod/app.tfstate.tflock", "Error acquiring the state lock", False),
        ("dynamodb:PutItem", LOCKS, "", True),
        ("s3:PutObject", "arn:aws:s3:::tf-state/prod/app.tfstate", "Error acquiring the state lock", True),
    ],
)
def test_whoever_plans_locks_the_state(action: str, resource: str, said: str, reads: bool) -> None:
    text = (
        "Error message: User: arn:aws:sts::111122223333:assumed-role/plan-ro/ci is not authorized to perform: "
        f"{action} on resource: {resource} because no identity-based policy allows the {action} action\n{said}"
    )
    (failure,) = read_text(text)
    assert ("meant only to read" in collect_offline(failure).verdict.summary) == reads
