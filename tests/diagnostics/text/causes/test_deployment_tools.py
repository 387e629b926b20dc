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
ASSUMED = (
    "Error: error configuring S3 Backend: IAM Role (arn:aws:iam::111122223333:role/state) cannot be assumed.\n\n"
    "There are a number of possible causes of this - the most common are:\n"
    "  * The credentials used in order to assume the role are invalid\n\nError: {}"
)
ACROSS = "Cross-account pass role is not allowed (Service: AmazonCloudFormation; Status Code: 403)"
IN_CONTAINER = "{}\n$ docker run --rm {} hashicorp/terraform plan\nError: no EC2 IMDS role found, ec2imds: GetMetadata"
LAUNCHED = (
    "{}\nUser: arn:aws:sts::111122223333:assumed-role/Launch/servicecatalog is not authorized to perform: iam:TagRole "
    "on resource: arn:aws:iam::111122223333:role/SC-1 because no identity-based policy allows the iam:TagRole action"
)
PACKAGES = "https://acme-111122223333.d.codeartifact.eu-west-1.amazonaws.com/{}/shared/lib"
SSE = (
    "{}\nUser: arn:aws:iam::111122223333:user/ci is not authorized to perform: s3:PutObject on resource: "
    '"arn:aws:s3:::state/{}" with an explicit deny in a resource-based policy\n'
    '{{"Statement": [{{"Sid": "Enc", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": '
    '"arn:aws:s3:::state/*", "Condition": {{"StringNotEquals": {{"s3:x-amz-server-side-encryption": "aws:kms"}}}}}}]}}'
)
BOUNDARY = (
    "{}\nUser: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:CreateRole on resource: "
    "arn:aws:iam::111122223333:role/r with an explicit deny in a service control policy\n"
    '{{"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*", "Condition": {{"StringNotEquals": '
    '{{"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/dev"}}}}}}'
)
QUALIFIED = (
    "User: arn:aws:sts::111122223333:assumed-role/cdk-hnb659fds-deploy-role-111122223333-eu-west-1/aws-cdk-ci is not "
    "authorized to perform: {} on resource: {}"
)

NAMED = {
    "Control Tower's role": (
        TRUSTED.format("AWSControlTowerExecution", "service-role/AWSControlTowerStackSetRole"),
        "never in the management account",
    ),
    "a StackSet's role below a path": (
        TRUSTED.format("StackSetExec", "ci/stacks/StackSetAdmin"),
        "trusts StackSetAdmin in the StackSet's account",
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
    "Terraform's state": (SSE.format('backend "s3" {', "a.tfstate"), "set kms_key_id to the key's ARN"),
    "SAM's artifacts": (SSE.format("$ sam deploy --stack-name a", "a/1"), "Add --kms-key-id KEY"),
    "CDK's own roles": (BOUNDARY.format("$ cdk bootstrap"), "--custom-permissions-boundary NAME"),
    "two qualifiers": (
        QUALIFIED.format("iam:PassRole", "arn:aws:iam::111122223333:role/cdk-a1-cfn-exec-role-111122223333-eu-west-1"),
        "the caller has the qualifier hnb659fds, and the resource a1",
    ),
    "a bucket of another qualifier": (
        QUALIFIED.format("s3:GetObject", "arn:aws:s3:::cdk-a1-assets-111122223333-eu-west-1/x.json"),
        "Two bootstrap stacks are mixed",
    ),
    "STS that is not reached": (
        ASSUMED.format('RequestError: send request failed\ncaused by: Post "https://sts.amazonaws.com/": i/o timeout'),
        "STS's global endpoint sts.amazonaws.com could not be reached",
    ),
    "a pipeline's action": (
        f"Action execution failed\n{ACROSS}",
        "Give the action itself a role of the target account",
    ),
    "a pipeline, said later": (f"{ACROSS}\nmy pipeline is in the tools account", "Give the action itself a role"),
    "npm": (f"npm ERR! 403 403 Forbidden - GET {PACKAGES.format('npm')}", "lacks codeartifact:ReadFromRepository"),
    "Gradle": (
        f"Could not GET '{PACKAGES.format('maven')}'. Received status code 403 from server: Forbidden",
        "the repository shared of the domain acme (account 111122223333)",
    ),
    "CodeDeploy's agent": (
        "CommandPoller: Cannot reach InstanceService: Aws::CodeDeployCommand::Errors::AccessDeniedException",
        "Remove the keys of the user that runs the agent",
    ),
    "a container in a job": (
        IN_CONTAINER.format("Authenticated as assumedRoleId AROAEXAMPLE:ci", "-v $PWD:/w"),
        "docker run does not pass them on",
    ),
    "a container in a shell": (
        IN_CONTAINER.format("export AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "-e TF_LOG=debug"),
        "docker run does not pass them on",
    ),
    "a subnet's public addresses": (PUBLIC.format("ec2:AssociatePublicIpAddress"), "MapPublicIpOnLaunch"),
}
OTHERS = {
    "another role": (TRUSTED.format("Execution", "Administration"), "management account"),
    "another parameter": ("Access denied when accessing /serverless/state SSM parameter", "us-east-1"),
    "another session": (STUDIO.format("Full-access", "kim"), "amplify configure project"),
    "no profile": (f"RunInstances {ENCODED}0pXk3...\niam_instance_profile = null_label", "MapPublicIpOnLaunch"),
    "no tool": (SSE.format("", "a.zip"), "kms_key_id"),
    "a role of a program": (BOUNDARY.format("$ aws iam create-role"), "cdk bootstrap"),
    "one qualifier": (
        QUALIFIED.format("s3:GetObject", "arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-west-1/x.json"),
        "Two bootstrap stacks are mixed",
    ),
    "an STS that refuses": (
        ASSUMED.format(
            "AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on "
            "resource: arn:aws:iam::111122223333:role/state"
        ),
        "could not be reached",
    ),
    "no pipeline": (ACROSS, "Give the action itself"),
    "a package that is found": (f"npm http fetch GET 200 {PACKAGES.format('npm')}", "ReadFromRepository"),
    "a container with keys": (
        IN_CONTAINER.format("export AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "-e AWS_ACCESS_KEY_ID"),
        "docker run does not pass them on",
    ),
    "the author's own policy": (LAUNCHED.format("I have AdministratorAccess."), "another version of this policy"),
    "another key": (PUBLIC.format("ec2:EbsOptimized"), "MapPublicIpOnLaunch"),
}


@pytest.mark.parametrize(("text", "words"), NAMED.values(), ids=NAMED)
def test_what_the_tool_needs_is_said(text: str, words: str) -> None:
    assert words in " ".join(answer_to(text).split())


@pytest.mark.parametrize(("text", "words"), OTHERS.values(), ids=OTHERS)
def test_similar_texts_do_not_get_it(text: str, words: str) -> None:
    assert words not in " ".join(answer_to(text).split())
