"""A value in the form of another key's is mistaken; a masked one, or one in the right form, is not."""

from __future__ import annotations

import pytest

from iam.policy.value_forms import FORMS, mistaken


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("aws:SourceVpc", "vpce-0a1b2c3d4e5f60718", "use aws:SourceVpce"),
        ("aws:SourceVpce", "vpc-0a1b2c3d4e5f60718", "use aws:SourceVpc"),
        ("aws:SourceVpc", "10.0.0.0/16", "use aws:SourceIp"),
        ("aws:PrincipalOrgID", "111122223333", "use aws:PrincipalAccount"),
        ("aws:SourceAccount", "arn:aws:s3:::photos", "use aws:SourceArn"),
        ("aws:SourceArn", "111122223333", "use aws:SourceAccount"),
        ("iam:PassedToService", "lambda", "write lambda.amazonaws.com"),
        ("kms:ViaService", "s3.amazonaws.com", "write s3.REGION.amazonaws.com"),
        ("kms:ViaService", "s3.cn-north-1.amazonaws.com.cn", "write s3.cn-north-1.amazonaws.com"),
        ("kms:ViaService", "s3.amazonaws.com.cn", "write s3.REGION.amazonaws.com"),
        ("aws:SourceIp", "10.0.0.0/8", "use aws:VpcSourceIp"),
        ("aws:SourceIp", "192.168.7.4", "is private"),
        ("aws:RequestedRegion", "s3.us-east-1.amazonaws.com", "aws:RequestedRegion must be a Region"),
        ("aws:SourceVpce", "${module.vpc.vpc_id}", "use aws:SourceVpc"),
        ("aws:SourceVpc", "${aws_vpc_endpoint.s3.id}", "use aws:SourceVpce"),
        ("aws:SourceArn", "${data.aws_caller_identity.current.account_id}", "use aws:SourceAccount"),
        ("aws:SourceAccount", "${aws_s3_bucket.logs.arn}", "use aws:SourceArn"),
    ],
)
def test_a_value_of_another_form_is_mistaken(key: str, value: str, words: str) -> None:
    assert words in mistaken(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceVpc", "vpc-0a1b2c3d4e5f60718"),
        ("aws:SourceVpc", "vpc-xxxx"),
        ("aws:SourceVpc", "${module.vpc.vpc_id}"),
        ("aws:SourceVpce", "${var.id}"),
        ("aws:SourceArn", "${aws_s3_bucket.logs.arn}"),
        ("aws:PrincipalArn", "${aws:PrincipalTag/arn}"),
        ("aws:PrincipalOrgID", "o-exampleorgid"),
        ("aws:PrincipalOrgID", "<ORG_ID>"),
        ("aws:SourceAccount", "1111********"),
        ("iam:PassedToService", "ecs-tasks.amazonaws.com"),
        ("iam:PassedToService", "ec2.amazonaws.com.cn"),
        ("kms:ViaService", "s3.*.amazonaws.com"),
        ("kms:ViaService", "s3.cn-north-1.amazonaws.com"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/app"),
        ("aws:RequestedRegion", "eu-central-1"),
        ("aws:ResourceTag/team", "lambda"),
        ("aws:SourceIp", "203.0.113.0/24"),
        ("aws:SourceIp", "0.0.0.0/0"),
        ("aws:SourceIp", "x.x.x.x/32"),
        ("aws:VpcSourceIp", "10.0.0.0/8"),
    ],
)
def test_a_value_of_the_right_form_or_of_none_is_not(key: str, value: str) -> None:
    assert not mistaken(key, value)


def test_the_keys_are_in_lower_case() -> None:
    assert all(key == key.lower() for key in FORMS)
