"""Nothing delegates between partitions: no fix names a caller of another one, nor invents an ARN of this one."""

from __future__ import annotations

import pytest

from diagnostics.diagnosis import Confidence
from diagnostics.fix import PolicyChange, TrustChange
from tests.support.denials.invented import Read, denied, diagnosis_of
from tests.support.denials.of_demo import administrator

__all__ = ["administrator"]

ROLE = "arn:aws:iam::111122223333:role/app/orders-ecs-task"


@pytest.mark.parametrize(
    ("caller", "action", "resource", "cause"),
    [
        ("arn:aws-us-gov:sts::999900001111:assumed-role/deployer/ci", "sts:AssumeRole", ROLE, "trust"),
        ("arn:aws-cn:iam::999900001111:user/wei", "s3:GetObject", "arn:aws:s3:::harbor-lake/a", "resource"),
        (
            "arn:aws-us-gov:iam::999900001111:role/deployer",
            "kms:Decrypt",
            "arn:aws:kms:us-east-1:111122223333:key/K1",
            "resource",
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/orders-ecs-task/job",
            "sqs:SendMessage",
            "arn:aws-eusc:sqs:eusc-de-east-1:999900001111:orders-events",
            "resource",
        ),
    ],
)
def test_says_so_and_offers_no_policy(caller: str, action: str, resource: str, cause: str, administrator: Read) -> None:
    found = diagnosis_of(denied(caller, action, resource), administrator)
    assert found.verdict.cause == f"{cause}.principal-mismatch" and found.verdict.confidence is Confidence.CERTAIN
    assert "between partitions" in found.verdict.summary
    assert not [fix for fix in found.fixes if isinstance(fix.change, PolicyChange | TrustChange) or fix.verified]
    words = " ".join(f"{fix.title} {fix.text}" for fix in found.fixes)
    assert "arn:aws:iam::999900001111" not in words
    assert "OIDC" in words and "Roles Anywhere" in words


def test_a_caller_of_the_same_partition_is_not_meant(administrator: Read) -> None:
    found = diagnosis_of(
        denied("arn:aws:sts::999900001111:assumed-role/deployer/ci", "sts:AssumeRole", ROLE), administrator
    )
    assert not any(step.id == "partitions" for step in found.steps)


GOV = "arn:aws-us-gov:sts::111122223333:assumed-role/batch-vpc-worker/i-0b4c5d6e7f8091a2b"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            f"User: {GOV} is not authorized to perform: s3:GetObject on resource: arn:aws-us-gov:s3:::harbor-models/m",
            "",
        ),
        (
            "User: arn:aws-cn:iam::111122223333:user/ben is not authorized to perform: sqs:SendMessage on resource: "
            "arn:aws-cn:sqs:cn-north-1:111122223333:orders-events because no identity-based policy allows the "
            "sqs:SendMessage action",
            "identity.no-action",
        ),
        (
            "role-to-assume: arn:aws-us-gov:iam::111122223333:role/ci/gha-deploy-storefront\nError: Could not assume "
            "role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "",
        ),
    ],
)
def test_a_request_of_another_partition_is_not_judged_by_this_accounts_policies(
    text: str, cause: str, administrator: Read
) -> None:
    """An account is in one partition: roles of the same number and name in another are other roles."""
    found = diagnosis_of(text, administrator)
    assert found.verdict.cause == (cause or "unreadable")
    assert found.verdict.summary.startswith("The request was made in the partition aws-")
    assert not [step for step in found.steps if step.id in ("identity", "resource", "trust", "vpce")]
    assert [fix.title.startswith("Open account 111122223333 of the partition aws-") for fix in found.fixes][:1]
    assert not [fix for fix in found.fixes if fix.verified or isinstance(fix.change, PolicyChange | TrustChange)]


def test_only_a_resource_of_another_partition_may_be_a_slip(administrator: Read) -> None:
    """The caller is of the account's own partition: its policies are compared with the ARN as it is."""
    caller = "arn:aws:sts::111122223333:assumed-role/batch-vpc-worker/i-1"
    found = diagnosis_of(denied(caller, "s3:GetObject", "arn:aws-us-gov:s3:::harbor-models/m"), administrator)
    assert "no policy that can be read here" not in found.verdict.summary
