"""The Regions that a text says are allowed, beside a Deny of the organization."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import diagnosed, refused

DENY = "with an explicit deny in a service control policy"
HERE = "arn:aws:sqs:ap-southeast-1:111122223333:jobs"


def first(text: str, resource: str = HERE, reason: str = DENY) -> str:
    looks = diagnosed(f"{refused('sqs:CreateQueue', resource, reason)}\n{text}").first_look
    return looks[0].cause if looks else ""


@pytest.mark.parametrize(
    ("text", "resource"),
    [
        ("we only run in eu-west-1 / eu-central-1 by policy, why?", HERE),
        ('config: aws:region: eu-west-3\ncompany page: "allowed regions: eu-west-1, eu-central-1"', "*"),
        ("Approved AWS regions are eu-west-1 and eu-central-1.", HERE),
        ("export AWS_REGION=us-west-2\nthe landing zone is limited to eu-west-1, eu-central-1", "*"),
        ("our guardrail blocks everything outside eu-west-1 or eu-central-1", HERE),
    ],
)
def test_a_region_outside_the_allowed_ones_is_the_likely_reason(text: str, resource: str) -> None:
    said = first(text, resource)
    assert "the text allows eu-west-1 and eu-central-1: most likely the Deny depends on the Region" in said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the console shows Singapore, the course says use us-east-1", "us-east-1"),
        ("we must use eu-west-1 for everything", "eu-west-1"),
        ("I was told to work in Europe, it should be in eu-central-1", "eu-central-1"),
        ("should it be in ap-southeast-1?", ""),
        ("the docs say to use us-west-2 for cheap spot", ""),
        ("my other queue is in eu-west-1", ""),
    ],
)
def test_the_region_that_the_text_says_to_use_comes_first(text: str, meant: str) -> None:
    said = f"The call went to ap-southeast-1, and the text says to use {meant}"
    assert (said in first(text)) is bool(meant)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("la SCP se llama solo-eu-south-2", "eu-south-2"),
        ("SCP: nur-eu-central-1-erlaubt-1", "eu-central-1"),
        ("the guardrail deny-outside-eu-west-1", "eu-west-1"),
        ("SCP: base-1", ""),
        ("SCP: nur-ap-southeast-1", ""),
        ("SCPs nur-eu-west-1, then the SCP nur-eu-west-3", ""),
    ],
)
def test_a_policy_named_for_a_region_most_likely_allows_only_that_region(text: str, wanted: str) -> None:
    summary = diagnosed(f"{refused('sqs:CreateQueue', HERE, DENY)}\n{text}").verdict.summary
    said = f"allows only {wanted}, as its name says, and the call went to ap-southeast-1"
    assert (said in summary) is bool(wanted)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("allowed regions: ap-southeast-1, eu-west-1", DENY),
        ("the bucket is in eu-west-1", DENY),
        ("allowed regions: see the wiki. My bucket is in eu-west-1", DENY),
        ("we only run in eu-west-1", "because no identity-based policy allows the sqs:CreateQueue action"),
    ],
)
def test_an_allowed_region_and_other_reasons_are_left_alone(text: str, reason: str) -> None:
    assert "most likely the Deny depends on the Region" not in first(text, reason=reason)


BY_SCP = (
    "{} - AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/Inventory/job is not authorized to "
    "perform: {} with an explicit deny in a service control policy\n"
)


def _first_cause(text: str) -> str:
    return collect_offline(read_text(text)[0]).first_look[0].cause


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        (
            BY_SCP.format("[us-west-1]", "lambda:ListFunctions")
            + BY_SCP.format("[ca-central-1]", "ec2:DescribeVolumes")
            + "[eu-north-1] 14 functions\n",
            "in ca-central-1 and us-west-1, and none is in eu-north-1",
        ),
        (
            "region eu-west-3: ok\n"
            + BY_SCP.format("region af-south-1:", "rds:DescribeDBClusters")
            + BY_SCP.format("region af-south-1:", "sqs:ListQueues"),
            "in af-south-1, and none is in eu-west-3",
        ),
    ],
)
def test_denials_in_some_regions_only_point_to_a_limit_of_regions(text: str, regions: str) -> None:
    assert regions in _first_cause(text)


@pytest.mark.parametrize(
    "text",
    [
        BY_SCP.format("[us-west-1]", "lambda:ListFunctions") + "[eu-north-1] 14 functions\n",
        BY_SCP.format("[us-west-1]", "lambda:ListFunctions") * 2 + "AWS_DEFAULT_REGION=eu-north-1\n",
        BY_SCP.format("[us-west-1]", "lambda:ListFunctions")
        + BY_SCP.format("[eu-west-2]", "sqs:ListQueues")
        + "[us-west-1] 3 volumes ok\n",
    ],
)
def test_one_denial_or_a_region_that_also_works_points_to_no_limit(text: str) -> None:
    assert "and none is in" not in _first_cause(text)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("in Frankfurt it worked with the same template last week", "eu-central-1"),
        ("it works fine in us-east-1", "us-east-1"),
        ("in Paris geht es", "eu-west-3"),
        ("from eu-west-1 it never works", ""),
        ("in Singapore it worked last week", ""),
        ("it works in the morning", ""),
    ],
)
def test_where_it_is_said_to_work_points_to_a_limit_of_regions(text: str, region: str) -> None:
    said = first(text)
    assert ("The call works in " in said) is bool(region)
    assert region in said


@pytest.mark.parametrize(
    "text",
    [
        "aws cloudtrail lookup-events --region us-east-1\n{}works with --region eu-north-1",
        "CloudTrail console, Region N. Virginia:\n{}in eu-north-1 it works",
        "AWS_REGION=us-east-1\n{}home region eu-north-1 works",
    ],
)
def test_a_call_that_works_in_another_region_shows_what_the_deny_depends_on(text: str) -> None:
    denied = refused("cloudtrail:LookupEvents", "*", DENY).replace(" on resource: *", "")
    summary = diagnosed(text.format(f"{denied}\n")).verdict.summary
    assert "The call works in eu-north-1, so most likely the Deny applies to the Region us-east-1" in summary
