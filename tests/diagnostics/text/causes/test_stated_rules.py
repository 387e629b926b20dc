"""Rules of a company that a text states beside an explicit deny: Regions, tags, encryption, services, exceptions."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import causes, refused

DENY = "with an explicit deny in a service control policy"
UNNAMED = "with an explicit deny"
NONE_ALLOWS = "because no service control policy allows the {} action"
TABLE = "| Environment | Allowed regions |\n|---|---|\n| live | eu-west-2 |\n| play | eu-west-1, eu-south-2 |\n"


def first(action: str, resource: str, beside: str, reason: str = DENY) -> str:
    return next(iter(causes(f"{refused(action, resource, reason)}\n{beside}")), "")


CLUSTER = ("eks:CreateCluster", "arn:aws:eks:sa-east-1:111122223333:cluster/jobs")
DISK = ("ec2:CreateVolume", "arn:aws:ec2:eu-west-1:111122223333:volume/*")
LAUNCH = ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*")
QUEUE = ("sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:jobs")
PASS = ("iam:PassRole", "arn:aws:iam::111122223333:role/ticker")


@pytest.mark.parametrize(
    ("call", "beside", "said"),
    [
        (CLUSTER, "Intranet: systems run exclusively in Frankfurt.", "the text allows eu-central-1"),
        (CLUSTER, f"{TABLE}\nthis account belongs to play", "the text allows eu-west-1 and eu-south-2"),
        (CLUSTER, TABLE, "the text allows eu-west-2, eu-west-1 and eu-south-2"),
        (CLUSTER, "eu-west-1 and eu-west-2 only, says the platform page", "the text allows eu-west-1 and eu-west-2"),
        (CLUSTER, "The only cluster that we have is in eu-west-1.", ""),
        (CLUSTER, "we run only in eu-west-1 and sa-east-1", ""),
        (CLUSTER, "| bucket | region |\n|---|---|\n| raw | eu-west-1 |", ""),
        (QUEUE, "Guideline 7: all queues have to carry Team and DataClass.", "asks for the tags Team and DataClass"),
        (QUEUE, "Tagging is mandatory in this organization.", "asks for certain tags"),
        (LAUNCH, "machines without BillingCode are refused since Monday", "asks for the tags BillingCode"),
        (QUEUE, "No tags are required here.", ""),
        (QUEUE, "I put tags on everything, does it matter?", ""),
        (QUEUE, "All queues need BillingCode as a tag.\nTags: BillingCode=4411", ""),
        (("sqs:SendMessage", QUEUE[1]), "Tagging is mandatory in this organization.", ""),
        (DISK, "Security baseline: nothing unencrypted, anywhere.", "states a rule that ec2:CreateVolume most likely"),
        (LAUNCH, "From May on, every instance needs IMDSv2.", "let the launch require IMDSv2"),
        (LAUNCH, "Allowed instance types: t3.small and t4g.small only", "use a value that the rule allows"),
        (DISK, "Everything must be encrypted.\nencrypted = true", ""),
        (QUEUE, "Everything must be encrypted.", ""),
        (DISK, "Berlin got through once they passed --encrypted", ""),
        (
            DISK,
            "It worked in the other account when they set `encrypted = true`.",
            "the call works with encrypted = true",
        ),
        (DISK, "It did not work when they set `encrypted = true`.", ""),
    ],
)
def test_the_rule_that_the_text_states_comes_before_the_administrators(
    call: tuple[str, str], beside: str, said: str
) -> None:
    assert (said or "The organization denies this.") in first(*call, beside)


@pytest.mark.parametrize(
    "beside",
    [
        "our volumes are all encrypted already",
        "is encryption required? I doubt it",
        "the tags Owner and CostCenter are set on everything",
        "my colleague runs in us-east-1 only",
    ],
)
def test_what_is_so_is_no_rule(beside: str) -> None:
    said = first("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:volume/*", beside)
    assert said.startswith("The organization denies this.")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (
            "athena:* got exempted from the guardrail in us-east-1 last week, now this",
            "athena:* was allowed in us-east-1 before",
        ),
        ("they whitelisted events:PutRule for us-west-2", "events:PutRule was allowed in us-west-2 before"),
        ("the admins exempted iam:* in us-east-1", ""),
        ("our role has scheduler:* in us-east-1", ""),
    ],
)
def test_an_earlier_exception_points_to_the_deny_on_the_region(beside: str, said: str) -> None:
    found = first(*PASS, beside, UNNAMED)
    assert said in found
    assert ("was allowed in" in found) is bool(said)


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("OU policy 'base': allow ec2, s3, kms, iam and sts", "contains ec2, s3, kms, iam and 1 more, but not sqs"),
        ("approved services: rds:*, s3:*, sns:*, logs", "contains rds, s3, sns and logs, but not sqs"),
        ("approved services: rds, s3, sns, sqs, logs", ""),
        ("we use ec2, s3, kms, iam and sts", ""),
    ],
)
def test_the_list_of_allowed_services_lacks_the_service(beside: str, said: str) -> None:
    found = first(*QUEUE, beside, NONE_ALLOWS.format(QUEUE[0]))
    assert (said or "No service control policy") in found
