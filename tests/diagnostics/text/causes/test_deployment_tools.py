"""Failures of pipelines and of tools that deploy: whose permissions were used, and what the tool itself needs."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

TRUSTED = "Account 111122223333 should have '{}' role with trust relationship to Role '{}'."
STUDIO = (
    "User: arn:aws:sts::111122223333:assumed-role/eu-west-1_AbCdEfGhI_{}/{} is not authorized to perform: "
    "amplify:ListJobs on resource: arn:aws:amplify:eu-west-1:111122223333:apps/d1/branches/dev/jobs/*"
)
ENCODED = (
    "UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: "
)
PUBLIC = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ec2:RunInstances on resource: "
    "arn:aws:ec2:eu-west-1:111122223333:network-interface/* with an explicit deny in a service control policy\n"
    '{{"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {{"Bool": {{"{}": "true"}}}}}}'
)

NAMED = {
    "Control Tower's role": (
        TRUSTED.format("AWSControlTowerExecution", "service-role/AWSControlTowerStackSetRole"),
        "never in the management account",
    ),
    "a StackSet's role below a path": (
        TRUSTED.format("StackSetExec", "ci/stacks/StackSetAdmin"),
        "trusts StackSetAdmin of the StackSet's account",
    ),
    "Serverless's state": (
        "Access denied when accessing /serverless-framework/state/s3-bucket SSM parameter and b S3 bucket.",
        "in us-east-1 whatever the service's Region",
    ),
    "Serverless's deployment bucket": (
        'Access denied when storing the parameter "/serverless-framework/deployment/s3-bucket". Please check',
        "provider.deploymentBucket",
    ),
    "Amplify Studio's session": (STUDIO.format("Full-access", "amplifyadmin"), "Run amplify configure project"),
    "a profile beside an encoded reason": (
        f'RunInstances {ENCODED}0pXk3...\niam_instance_profile = "builder"',
        "iam:PassRole on the profile's role",
    ),
    "a subnet's public addresses": (PUBLIC.format("ec2:AssociatePublicIpAddress"), "MapPublicIpOnLaunch"),
}
OTHERS = {
    "another role": (TRUSTED.format("Execution", "Administration"), "management account"),
    "another parameter": ("Access denied when accessing /serverless/state SSM parameter", "us-east-1"),
    "another session": (STUDIO.format("Full-access", "kim"), "amplify configure project"),
    "no profile": (f"RunInstances {ENCODED}0pXk3...\niam_instance_profile = null_label", "MapPublicIpOnLaunch"),
    "another key": (PUBLIC.format("ec2:EbsOptimized"), "MapPublicIpOnLaunch"),
}


@pytest.mark.parametrize(("text", "words"), NAMED.values(), ids=NAMED)
def test_what_the_tool_needs_is_said(text: str, words: str) -> None:
    assert words in " ".join(answer_to(text).split())


@pytest.mark.parametrize(("text", "words"), OTHERS.values(), ids=OTHERS)
def test_similar_texts_do_not_get_it(text: str, words: str) -> None:
    assert words not in " ".join(answer_to(text).split())
