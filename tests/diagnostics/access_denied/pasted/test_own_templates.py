"""A template's policy that the author says is the one of the role that deploys."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "Error: reading RDS DB Instance (shop-a): operation error RDS: DescribeDBInstances, api error AccessDenied: User: "
    "arn:aws:sts::111122223333:assumed-role/deploy-shop/ci is not authorized to perform: rds:DescribeDBInstances on "
    "resource: arn:aws:rds:eu-west-1:111122223333:db:* because no identity-based policy allows the "
    "rds:DescribeDBInstances action\n"
)
STATEMENT = (
    'statement {\n  effect = "Allow"\n  actions = ["rds:DescribeDBInstances"]\n'
    '  resources = ["arn:aws:rds:*:*:db:shop-*"]\n}\n'
)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("the action is in the role's policy:", True),
        ("this is from our pipeline policy", True),
        ("what we want to create:", False),
    ],
)
def test_a_template_s_policy_is_the_deploying_role_s_only_if_the_text_says_so(said: str, own: bool) -> None:
    answer = diagnosed(f"{REFUSED}{said}\n{STATEMENT}")
    assert ("AWS checked the call on arn:aws:rds:eu-west-1:111122223333:db:*" in answer.verdict.summary) is own


@pytest.mark.parametrize(
    "heading", ["Policy on the role:", "inline policy of the build role:", "permissions of build:"]
)
def test_a_policy_in_yaml_below_a_heading_in_words_is_the_callers(heading: str) -> None:
    text = (
        'TestVpc  AWS::EC2::VPC  CREATE_FAILED\nResource handler returned message: "User: arn:aws:sts::173205080756:'
        "assumed-role/build/AWSCodeBuild-0c9f is not authorized to perform: ec2:CreateVpc on resource: "
        "arn:aws:ec2:us-east-1:173205080756:vpc/* because no identity-based policy allows the ec2:CreateVpc action "
        f'(Service: Ec2, Status Code: 403)"\n\n{heading}\n  - Sid: Network\n    Effect: Allow\n    Action:\n'
        '      - ec2:CreateNetworkInterface\n      - ec2:DescribeVpcs\n    Resource: "*"\n'
    )
    assert "statement Network names ec2:CreateNetworkInterface" in diagnosed(text).verdict.summary
