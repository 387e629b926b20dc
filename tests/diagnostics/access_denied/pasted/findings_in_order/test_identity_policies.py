"""What no policy of the caller allows, if the text shows its policies."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import BUCKET, ROLE, allow, diagnosed, no_identity, policy, refused

TOPIC = "arn:aws:sns:eu-west-1:210987654321:alerts"


QUEUE = "arn:aws:sqs:eu-west-1:210987654321:jobs"


BALANCERS = "elasticloadbalancing:DescribeLoadBalancers"


TRUNCATED = (
    '{"Version": "2012-10-17", "Statement": [ {"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Resource": "arn:aws:iam::210987654321:role/cdk-*-us-east-1"}, {"Effect": "Allow",'
)


# Each: the text, the cause, what the verdict says; a word that begins with "-" is not said.
SAYS: dict[str, tuple[str, str, list[str]]] = {
    "no statement of the service": (
        no_identity("sns:Publish", TOPIC) + "\n" + policy(allow(["s3:*", "logs:Put*"], "*"), allow("sqs:*", QUEUE)),
        "identity.no-action",
        ["names only s3, logs and sqs, but no sns action"],
    ),
    "nor of STS": (
        no_identity("sts:AssumeRole", "arn:aws:iam::210987654321:role/x") + "\n" + policy(allow("s3:*", "*")),
        "identity.no-action",
        ["names only s3, but no sts action"],
    ),
    "a boundary without the service": (
        refused("sns:Publish", TOPIC, "because no permissions boundary allows the sns:Publish action")
        + "\n  AppBoundary:\n    Properties:\n      PolicyDocument:\n        Statement:\n"
        "          - Effect: Allow\n            Action: ['s3:*']\n            Resource: '*'\n",
        "boundary.no-action",
        ["The permissions boundary in the text names only s3, but no sns action"],
    ),
    "the prefix of an endpoint": (
        f"User: {ROLE} is not authorized to perform: {BALANCERS} because no identity-based policy allows the "
        f"{BALANCERS} action\n" + policy(allow(["elbv2:Describe*", "ec2:*"], "*")),
        "identity.no-action",
        ["elbv2:Describe*, but IAM has no such prefix: write elasticloadbalancing:Describe*"],
    ),
    "a short message": (
        "An error occurred (AccessDeniedException) when calling the Query operation: You are not authorized to "
        "perform: dynamodb:Query\n" + policy(allow("dynamodb:Scan", "*")),
        "identity.no-action",
        ["names dynamodb:Scan, not dynamodb:Query"],
    ),
    "a short message of S3": (
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
        + policy(allow("s3:PutObject", BUCKET)),
        "identity.resource-mismatch",
        ["the bucket without its objects", f"add {BUCKET}/*"],
    ),
    "a short message and a resource": (
        "An error occurred (AccessDeniedException) when calling the Query operation: You are not authorized to "
        "perform: dynamodb:Query\n" + policy(allow("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:1:table/a")),
        "unreadable",
        ["dynamodb:Query was refused", "-arn:aws:dynamodb:eu-west-1:1:table/a"],
    ),
    "a policy that is cut": (
        no_identity("sts:AssumeRole", "arn:aws:iam::210987654321:role/cdk-x-eu-west-1") + f"\n{TRUNCATED}",
        "identity.resource-mismatch",
        ["role/cdk-*-us-east-1"],
    ),
    "a list below a heading": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nexporter policy:\n  sqs:ReceiveMessage, sqs:DeleteMessage on *\n",
        "identity.no-action",
        ["names sqs:DeleteMessage and sqs:ReceiveMessage, not sqs:SendMessage"],
    ),
    "a list below the heading of another's policy": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\ntheir policy:\n  sqs:ReceiveMessage, sqs:DeleteMessage on *\n",
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a list of several lines, with the names of its statements": (
        no_identity("sqs:SendMessage", QUEUE)
        + "\n\nWhat the role has (checked in the console):\n  Read: sqs:ReceiveMessage on *\n"
        f"  Send: sqs:SendMessage -> {QUEUE}2\n",
        "identity.resource-mismatch",
        [f"names {QUEUE}2, not {QUEUE}"],
    ),
    "a list with a line that cannot be read": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nrole exporter:\n  s3:ListBucket on *\n  sqs:Foo, ...Bar on *\n",
        "identity.no-action",
        ["-names only s3"],
    ),
    "a list of what was refused": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nCalls of the role that fail:\n - sqs:ReceiveMessage on *\n",
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a statement of a page": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\ndocs (AWS example):\n" + policy(allow("sqs:ReceiveMessage", "*")),
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a policy that is only proposed": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nShould I add this?\n" + policy(allow("sqs:ReceiveMessage", "*")),
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a heading that begins with the caller's name": (
        no_identity("sqs:SendMessage", QUEUE)
        + f"\n\nexporter: AWSLambdaBasicExecutionRole + inline:\n  sqs:SendMessage  {QUEUE}2\n",
        "identity.resource-mismatch",
        [f"names {QUEUE}2, not {QUEUE}"],
    ),
    "a heading that begins with another role's name": (
        no_identity("sqs:SendMessage", QUEUE)
        + "\narn:aws:iam::210987654321:role/web is fine\n\nweb: AWSLambdaBasicExecutionRole + inline:\n"
        "  sqs:SendMessage on *\n",
        "identity.no-action",
        ["is attached to web, not to exporter"],
    ),
    "the tags of a resource, in words": (
        no_identity("ec2:StopInstances", "arn:aws:ec2:eu-west-1:210987654321:instance/i-0f")
        + "\ntags of i-0f: owner=opz, env=dev\n"
        + policy(allow("ec2:StopInstances", "*", Condition={"StringEquals": {"ec2:ResourceTag/owner": "ops"}})),
        "identity.condition-unmet",
        ["needs ec2:ResourceTag/owner to be ops, and it is opz"],
    ),
    "a list in Portuguese": (
        no_identity("s3:PutObject", f"{BUCKET}/a") + f"\n\npolitica do exporter: s3:PutObject em {BUCKET}\n",
        "identity.resource-mismatch",
        ["the bucket without its objects"],
    ),
    "a role's list below that of its boundary": (
        refused("sns:Publish", TOPIC, "because no permissions boundary allows the sns:Publish action")
        + f"\n\nBoundary AppBoundary: s3:*, logs:* on *\nRole: sns:Publish on {TOPIC}\n",
        "boundary.no-action",
        ["The permissions boundary in the text names only s3 and logs, but no sns action"],
    ),
    "a proposal": (
        "current:\n"
        + policy(allow("sqs:SendMessage", f"{QUEUE}-old"))
        + "\n"
        + no_identity("sqs:SendMessage", QUEUE)
        + "\n\nanswer: try this instead\n"
        + policy(allow("sqs:SendMessage", f"{QUEUE}*")),
        "identity.resource-mismatch",
        [f"{QUEUE}-old"],
    ),
    "a quoted proposal": (
        f"> add\n> {policy(allow('sns:Publish', '*'))}\nnot done yet, mine is\n"
        + policy(allow("sqs:*", "*"))
        + "\n"
        + no_identity("sns:Publish", TOPIC),
        "identity.no-action",
        ["names only sqs, but no sns action"],
    ),
    "what a NotResource leaves out": (
        no_identity("s3:GetObject", f"{BUCKET}/a/b")
        + '\npolicy: {"Effect":"Allow","Action":"s3:*","NotResource":["'
        + f'{BUCKET}","{BUCKET}/*"]}}',
        "identity.resource-mismatch",
        ["another statement would have to allow the action", "-without its objects", "-so add"],
    ),
    "a resource that is cut off": (
        f"User: {ROLE} is not authorized to perform: sqs:SendMessage on resource: "
        "arn:aws:sqs:eu-west-3:64091227\u2026\n"
        + policy(allow("sqs:SendMessage", "arn:aws:sqs:eu-west-3:640912275381:orders")),
        "unreadable",
        ["Get the full message first", "allows sqs:SendMessage on arn:aws:sqs:eu-west-3:640912275381:orders"],
    ),
    "a policy that is said to be another role's": (
        f"{ROLE.replace('exporter', 'importer')} works\n{no_identity('sqs:SendMessage', QUEUE)}\n"
        + "importer policy attached below, looks correct??\n"
        + policy(allow("sqs:SendMessage", "*")),
        "identity.no-action",
        ["is attached to importer, not to exporter", "-has that policy"],
    ),
    "a policy that is said to be the caller's": (
        f"made by arn:aws:iam::210987654321:role/ops/maker\n{no_identity('sqs:SendMessage', QUEUE)}\n"
        + "this is attached to exporter since march:\n"
        + policy(allow("sqs:SendMessage", "*")),
        "identity.no-action",
        ["although a policy in the text names this action, but no reason for the denial was recognized in that policy"],
    ),
    "a condition on the line below its statement": (
        no_identity("iam:CreateRole", "arn:aws:iam::210987654321:role/svc-a")
        + "\n\nexporter:\n  Allow iam:CreateRole, iam:PutRolePolicy  arn:aws:iam::*:role/svc-*\n"
        "     StringEquals iam:PermissionsBoundary = arn:aws:iam::210987654321:policy/team-boundary\n",
        "identity.condition-unknown",
        ["only where iam:PermissionsBoundary is arn:aws:iam::210987654321:policy/team-boundary"],
    ),
    "words below a statement": (
        no_identity("iam:CreateRole", "arn:aws:iam::210987654321:role/svc-a")
        + "\n\nexporter:\n  Allow iam:CreateRole, iam:PutRolePolicy  arn:aws:iam::*:role/svc-*\n"
        "     with iam:PermissionsBoundary it worked in dev\n",
        "identity.no-action",
        ["exporter allowed iam:CreateRole, although a policy in the text names this action"],
    ),
    "a Resource alone": (
        '"Resource": "arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-??????"    <-- from the docs\n\n'
        + no_identity(
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-readonly-Jm4TsV",
        ),
        "identity.resource-mismatch",
        ["names arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-??????, not"],
    ),
    "a condition in JSON behind a statement in words": (
        "aws sqs tag-queue --queue-url q --tags costcenter=K17\n"
        + no_identity("sqs:SendMessage", QUEUE)
        + '\npolicy: Allow sqs:SendMessage on * Condition {"StringEquals":{"aws:SourceVpce":"vpce-1"}}',
        "identity.condition-unknown",
        ["only where aws:SourceVpce is vpce-1"],
    ),
    "several conditions below a statement, the second without its operator": (
        "$ aws ec2 create-volume --size 200 --tag-specifications 'ResourceType=volume,Tags=[{Key=Env,Value=dev}]'\n"
        + no_identity("ec2:CreateVolume", "arn:aws:ec2:eu-west-1:210987654321:volume/*")
        + "\n\npolicy exporter\n Allow ec2:CreateVolume  arn:aws:ec2:*:*:volume/*\n"
        "   StringEquals  aws:RequestTag/Env : dev\n"
        '                 ec2:AvailabilityZone : ["eu-west-1a", "eu-west-1b"]\n'
        '   NumericLessThanEquals ec2:VolumeSize : "100"\n',
        "identity.condition-unmet",
        ["needs ec2:VolumeSize to be at most 100, and it is 200"],
    ),
    "a table": (
        f"| 1 | Allow | sqs:SendMessage | {QUEUE}s |\n| 2 | Allow | sqs:ReceiveMessage | {QUEUE} |\n\n"
        + no_identity("sqs:SendMessage", QUEUE),
        "identity.resource-mismatch",
        [f"statement 1 names {QUEUE}s, not {QUEUE}"],
    ),
    "a condition in words in YAML, and letter case": (
        "Action: ssm:StartSession\nEffect: Allow\nResource: '*'\nCondition: StringEquals aws:ResourceTag/Team = dba\n\n"
        + no_identity("ssm:StartSession", "arn:aws:ec2:eu-west-1:210987654321:instance/i-0ff00aa11bb22cc33")
        + "\ninstance tags: Name=db-3, Team=DBA",
        "identity.condition-unmet",
        ["needs aws:ResourceTag/Team to be dba, and it is DBA: letter case matters"],
    ),
    "a policy behind a question": (
        no_identity("s3:PutObject", f"{BUCKET}/db/full.tar")
        + f"\nsmall files work?? policy: Allow s3:PutObject {BUCKET}/files/*  + s3:CreateMultipartUpload on *",
        "identity.resource-mismatch",
        [f"names {BUCKET}/files/*, not {BUCKET}/db/full.tar"],
    ),
    "a policy on another role, which the text has nowhere else": (
        no_identity("sqs:SendMessage", QUEUE) + f"\nthe policy on web-green:\n{policy(allow('sqs:SendMessage', '*'))}",
        "identity.no-action",
        ["is attached to web-green, not to exporter"],
    ),
    "a list that is said to be attached to another role": (
        no_identity("sqs:SendMessage", QUEUE)
        + f"\nhere is what I attached to pod-checkout:\nAllow sqs:SendMessage, sqs:GetQueueUrl on {QUEUE}",
        "identity.no-action",
        ["is attached to pod-checkout, not to exporter"],
    ),
    "an object that may not exist, and a policy on the last line": (
        "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        f"  aws s3 cp s3://north-ledger/a.csv .\npolicy of the role: Allow s3:GetObject on {BUCKET}/*",
        "unreadable",
        ["Check first whether the object exists", "-is missing", "-has that policy"],
    ),
    "a list of what an organizational unit may": (
        f"attached to OU Workloads\n{policy(allow(['ec2:*', 's3:*'], '*'))}\n"
        + refused("sqs:SendMessage", QUEUE, "because no service control policy allows the sqs:SendMessage action"),
        "scp.no-action",
        ["The SCP in the text names only ec2 and s3, but no sqs action"],
    ),
    "an object that may not exist": (
        "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        f"  aws s3 cp s3://north-ledger/a.csv .\npolicy: Allow s3:GetObject on {BUCKET}/*  ; "
        "we tried adding s3:HeadObject, console says invalid action",
        "unreadable",
        ["Check first whether the object exists", "no statement allows s3:ListBucket", "-has that policy"],
    ),
    "a quoted policy alone": (
        no_identity("sns:Publish", TOPIC) + f"\n> {policy(allow('sns:Subscribe', '*'))}",
        "identity.no-action",
        ["names sns:Subscribe, not sns:Publish"],
    ),
}


@pytest.mark.parametrize(("text", "cause", "says"), SAYS.values(), ids=SAYS)
def test_a_policy_that_lacks_it_is_named(text: str, cause: str, says: list[str]) -> None:
    verdict = diagnosed(text).verdict
    assert verdict.cause == cause
    for words in says:
        assert (words.removeprefix("-") in verdict.summary) is not words.startswith("-"), verdict.summary


CATALOG = policy(allow(["ec2:*", "s3:*"], "*"))


@pytest.mark.parametrize(
    "heading", ["SCPs on the account's OU (FullAWSAccess was detached):", "our SCPs:", "SCP of ou-1:"]
)
def test_an_allow_list_of_the_organization_lacks_what_the_callers_role_has(heading: str) -> None:
    refusal = refused("sqs:SendMessage", QUEUE, "because no service control policy allows the sqs:SendMessage action")
    answer = diagnosed(f"{refusal}\n{heading}\n{CATALOG}\n\nrole web: sqs:SendMessage on *")
    assert answer.verdict.cause == "scp.no-action" and "no sqs action" in answer.verdict.summary
