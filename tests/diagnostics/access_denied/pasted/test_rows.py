"""Policies in tables and columns are compared with the request as those in JSON are."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, no_identity

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
ROLE = "arn:aws:iam::111122223333:role/jobs-runner"
PARTS = (
    "failed to upload chunk 1: operation error S3: UploadPart, https response error StatusCode: 403, RequestID: 9W1, "
    "api error AccessDenied: Access Denied\n\nrole loader\n| s3:PutObject | arn:aws:s3:::store/* |\n"
)
KEY = "arn:aws:kms:eu-west-1:444455556666:key/1b2c3d4e-0000-1111-2222-333344445555"
GLUE = "User: arn:aws:sts::111122223333:assumed-role/glue-default/GlueJobRunnerSession is not authorized to perform: "

SAYS: dict[str, tuple[str, str, list[str]]] = {
    "another path": (
        no_identity("iam:PassRole", ROLE)
        + f"\n\n| Action | Resource |\n|---|---|\n| iam:PassRole | {ROLE.replace('jobs', 'app/jobs')} |\n"
        "| iam:GetRole | * |\nthat is what the role has",
        "identity.resource-mismatch",
        ["role/app/jobs-runner, not"],
    ),
    "a path and a service, by a call of an SDK": (
        'sfn = boto3.client("stepfunctions")\nstates.create_state_machine(roleArn=role)\n\n'
        + no_identity("iam:PassRole", ROLE)
        + "\n\nin the console's editor:\n\n Service        IAM\n Actions        PassRole\n Resources      "
        "arn:aws:iam::111122223333:role/app/*\n Request cond.  iam:PassedToService  StringEquals  "
        "lambda.amazonaws.com\n",
        "identity.resource-mismatch",
        ["role/app/*, not", "iam:PassedToService to be lambda.amazonaws.com, and it is states.amazonaws.com"],
    ),
    "the policy of another role": (
        f"{GLUE}sqs:SendMessage on resource: {QUEUE} because no identity-based policy allows the sqs:SendMessage action"
        f"\n\nfor this the data team made the role jobs-writer:\n  sqs:SendMessage, sqs:GetQueueUrl   {QUEUE}\n",
        "identity.no-action",
        ["attached to jobs-writer, not to glue-default", "Set jobs-writer as the role of the Glue job"],
    ),
    "a list of services in an SCP": (
        no_identity("sqs:SendMessage", QUEUE).replace("identity-based", "service control")
        + "\n\nOU Regulated, attached SCPs\n   1. approved   Allow   ec2, ecs, s3 : *\n",
        "scp.no-action",
        ["names only ec2, ecs and s3, but no sqs action"],
    ),
    "a condition that nobody can read": (
        no_identity("sqs:SendMessage", QUEUE)
        + f"\n\nThe role's policy:\n  Allow   sqs:SendMessage   {QUEUE}   if the queue is a new one\n",
        "identity.condition-unknown",
        ["Compare the condition in the text", "-allow the action in"],
    ),
    "tags of what exists already": (
        no_identity("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0e47b1a9d2c5f8301")
        + "\n\n| Effect | Action | Resource | Condition |\n|---|---|---|---|\n| Allow | ec2:CreateVolume | * | |\n"
        "| Allow | ec2:CreateTags | * | StringEquals ec2:CreateAction = CreateVolume |\n",
        "identity.condition-unmet",
        ["a resource with an ID exists already"],
    ),
    "tags of what is created": (
        no_identity("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:volume/*")
        + "\n\n| Effect | Action | Resource | Condition |\n|---|---|---|---|\n| Allow | ec2:CreateVolume | * | |\n"
        "| Allow | ec2:CreateTags | * | StringEquals ec2:CreateAction = CreateVolume |\n",
        "",
        ["-exists already"],
    ),
    "what is only wanted": (
        no_identity("sqs:SendMessage", QUEUE) + f"\n\nWhat it should get:\n  Allow   sqs:*   {QUEUE}2\n",
        "identity.no-action",
        [f"-{QUEUE}2"],
    ),
    "an upload in parts": (
        f"{PARTS}| kms:GenerateDataKey | {KEY} |\n",
        "identity.no-action",
        ["allows s3:PutObject and kms:GenerateDataKey, but not kms:Decrypt"],
    ),
    "an upload in parts, with both": (
        f"{PARTS}| kms:GenerateDataKey, kms:Decrypt | {KEY} |\n",
        "",
        ["-not kms:Decrypt"],
    ),
    "an upload in parts, without a key": (PARTS, "", ["-kms:Decrypt"]),
}


@pytest.mark.parametrize(("text", "cause", "says"), SAYS.values(), ids=SAYS)
def test_rows_are_compared_with_the_request(text: str, cause: str, says: list[str]) -> None:
    verdict = diagnosed(text).verdict
    assert not cause or verdict.cause == cause, verdict.summary
    for words in says:
        assert (words.removeprefix("-") in verdict.summary) is not words.startswith("-"), verdict.summary
