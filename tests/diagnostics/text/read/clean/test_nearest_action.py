"""The action that a mangled name means, and names that are not mangled."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import CUT, Denial
from diagnostics.failure_details import Repair
from diagnostics.text.read.clean.nearest_action import begins_an_action, meant_action

LEO = "arn:aws:iam::222233334444:user/leo"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("S3:Getobjct", "s3:GetObject"),
        ("rds:DescrlbeDBlnstances", "rds:DescribeDBInstances"),
        ("secretsrnanager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("dynamdb:GetItm", "dynamodb:GetItem"),
        ("ec2:Runlnstances", "ec2:RunInstances"),
        ("iam:PassR0le", "iam:PassRole"),
        ("states:StartExecutoin", "states:StartExecution"),
        ("s3api:PutObject", "s3:PutObject"),
        ("elb:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
    ],
)
def test_a_mangled_name_is_read_as_the_nearest_action(written: str, meant: str) -> None:
    assert meant_action(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        *("s3:GetObject", "s3:getobject", "s3:HeadObject", "s3:PutObjects", "ec2:DescribeVpcEndpointsV2"),
        *("ec2:CreateRole", "cloudwatch:CreateLogGroup", "nosuch:Thing", "s3:*", "kms:D"),
    ],
)
def test_a_listed_action_a_call_and_whole_words_stay(written: str) -> None:
    assert meant_action(written) is None


def test_the_beginning_of_an_action_is_told_from_a_whole_name() -> None:
    assert begins_an_action("kms:Decr")
    assert not begins_an_action("kms:Decrypt")
    assert not begins_an_action("logs:PutLogEvent")


def test_what_was_read_is_said_and_a_policy_keeps_its_words() -> None:
    policy = '{"Effect": "Allow", "Action": "s3:Getobjct", "Resource": "*"}'
    (failure,) = read_text(
        f"User: {LEO} is not authorized to perform: s3:Getobjct on resource: arn:aws:s3:::b/k because no "
        f"identity-based policy allows the s3:Getobjct action\n\n{policy}"
    )
    assert isinstance(failure, Denial)
    assert (failure.action, failure.missing_action) == ("s3:GetObject", None)
    assert failure.repairs == (Repair("s3:Getobjct", "s3:GetObject"),)
    assert policy in failure.text
    shown = collect_offline(failure).verdict.summary
    assert "names s3:Getobjct, not s3:GetObject" in shown


def test_a_name_that_is_cut_off_is_no_action() -> None:
    (failure,) = read_text(f"User: {LEO} is not authorized to perform: secretsmanager:Get")
    assert isinstance(failure, Denial)
    assert failure.action == f"secretsmanager:Get{CUT}"


@pytest.mark.parametrize("misspelled", ["route53:ChangeResourceRecordSet", "route53:ChngeResourceRecordSets"])
def test_a_misspelled_action_of_a_policy_is_written_as_it_is_meant(misspelled: str) -> None:
    (failure,) = read_text(
        f"User: {LEO} is not authorized to perform: route53:ChangeResourceRecordSets on resource: "
        "arn:aws:route53:::hostedzone/Z1 because no identity-based policy allows the route53:ChangeResourceRecordSets "
        f'action\n{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": ["{misspelled}"], '
        '"Resource": "*"}]}'
    )
    found = collect_offline(failure)
    assert f"{misspelled} allows nothing, because it is misspelled" in found.verdict.summary
    assert found.fixes[0].title == "Write route53:ChangeResourceRecordSets in statement 1"
