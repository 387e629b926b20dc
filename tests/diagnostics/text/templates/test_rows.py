from __future__ import annotations

from typing import Any

import pytest

from diagnostics.text.templates.rows import row_policies

CALLER = "User: arn:aws:sts::111122223333:assumed-role/cart-svc/i-1 is not authorized to perform: sqs:SendMessage"


def allow(actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), **more}


def deny(actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {**allow(actions, *resources), "Effect": "Deny", **more}


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
PASS = {"StringEquals": {"iam:PassedToService": ["glue.amazonaws.com", "ecs-tasks.amazonaws.com"]}}
ROWS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    # A table with a header: the form of each cell says what it contains.
    f"policy of role cart-svc\n\n| Sid | Action | Resource |\n|---|---|---|\n| Send | sqs:SendMessage | {QUEUE} |\n"
    "| List | sqs:List* | * |": (
        "cart-svc",
        "",
        [allow(["sqs:SendMessage"], QUEUE), allow(["sqs:List*"], "*")],
    ),
    "| Effect | Action | Resource | Condition |\n|---|---|---|---|\n| Allow | ec2:CreateTags | * | StringEquals "
    "ec2:CreateAction = RunInstances |\n| Deny | ec2:* | arn:aws:ec2:*:*:volume/* | |": (
        "",
        "",
        [
            allow(["ec2:CreateTags"], "*", Condition={"StringEquals": {"ec2:CreateAction": ["RunInstances"]}}),
            deny(["ec2:*"], "arn:aws:ec2:*:*:volume/*"),
        ],
    ),
    # The output of a command that somebody kept as comments.
    "# get-resource-policy from the admin box:\n# Deny  Principal *  sqs:SendMessage  *  Condition StringNotEquals "
    "aws:PrincipalArn = arn:aws:iam::111122223333:role/cart-svc": (
        "",
        "",
        [
            deny(
                ["sqs:SendMessage"],
                "*",
                Principal="*",
                Condition={"StringNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/cart-svc"]}},
            )
        ],
    ),
    f"{CALLER}\npolicy on cart-svc:\n - sqs:ListQueues on *\n - sqs:SendMessage, sqs:ReceiveMessage,\n"
    f"   sqs:PurgeQueue  on {QUEUE}": (
        "cart-svc",
        "",
        [allow(["sqs:ListQueues"], "*"), allow(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:PurgeQueue"], QUEUE)],
    ),
    "inline policy of cart-svc:\n\n  Sid      Action       Resource\n  PassTask iam:PassRole   "
    "arn:aws:iam::1:role/*-task\n  Logs     logs:*       *": (
        "",
        "",
        [allow(["iam:PassRole"], "arn:aws:iam::1:role/*-task"), allow(["logs:*"], "*")],
    ),
    # Columns without a header, below the name of a role; a row that goes on in the next line.
    f"{CALLER}\n\ncart-svc\n  Allow  sqs:ReceiveMessage    *\n  Allow  sqs:SendMessage, DeleteMessage,\n"
    "         sqs:GetQueueUrl      *   when aws:ResourceTag/app = cart": (
        "cart-svc",
        "",
        [
            allow(["sqs:ReceiveMessage"], "*"),
            allow(
                ["sqs:SendMessage", "sqs:DeleteMessage", "sqs:GetQueueUrl"],
                "*",
                Condition={"StringEquals": {"aws:ResourceTag/app": ["cart"]}},
            ),
        ],
    ),
    # Elements by name: the console's editor, and one or several in a line.
    "role deploy-1, from the console:\n\n Service        IAM\n Actions        PassRole\n Resources      "
    "arn:aws:iam::1:role/app/*\n Request cond.  iam:PassedToService  StringEquals  glue.amazonaws.com, "
    "ecs-tasks.amazonaws.com": ("deploy-1", "", [allow(["iam:PassRole"], "arn:aws:iam::1:role/app/*", Condition=PASS)]),
    "their resource control policy on the OU:\n\n  Sid       Perimeter\n  Effect    Deny      Principal *     "
    "Action s3:*     Resource *\n  Condition StringNotEqualsIfExists aws:PrincipalOrgID = o-h5p1w9d3se ; "
    "BoolIfExists aws:PrincipalIsAWSService = false": (
        "",
        "rcp",
        [
            deny(
                ["s3:*"],
                "*",
                Principal="*",
                Condition={
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ["o-h5p1w9d3se"]},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": ["false"]},
                },
            )
        ],
    ),
    # Conditions below the row.
    "policy of the role dns-1:\n\nstatement 1: route53:ListHostedZones on *\nstatement 2: "
    "route53:ChangeResourceRecordSets on arn:aws:route53:::hostedzone/Z1\n   condition ForAllValues:StringEquals\n"
    '     route53:ChangeResourceRecordSetsRecordTypes = [ "A", "CNAME" ]': (
        "dns-1",
        "",
        [
            allow(["route53:ListHostedZones"], "*"),
            allow(
                ["route53:ChangeResourceRecordSets"],
                "arn:aws:route53:::hostedzone/Z1",
                Condition={
                    "ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"]}
                },
            ),
        ],
    ),
    # A resource's own policy: an Allow without its principal is left out.
    "Deny | Principal * | secretsmanager:GetSecretValue | * | StringNotEquals aws:SourceVpc = vpc-1": (
        "",
        "",
        [
            deny(
                ["secretsmanager:GetSecretValue"],
                "*",
                Principal="*",
                Condition={"StringNotEquals": {"aws:SourceVpc": ["vpc-1"]}},
            )
        ],
    ),
    "bucket policy:\n  Allow  cloudfront.amazonaws.com  s3:GetObject  arn:aws:s3:::site/*\n"
    "      if AWS:SourceArn = arn:aws:cloudfront::1:distribution/E1\n  Allow  s3:ListBucket  arn:aws:s3:::site": (
        "",
        "",
        [
            allow(
                ["s3:GetObject"],
                "arn:aws:s3:::site/*",
                Principal={"Service": ["cloudfront.amazonaws.com"]},
                Condition={"ArnLike": {"aws:SourceArn": ["arn:aws:cloudfront::1:distribution/E1"]}},
            ),
        ],
    ),
    "OU Regulated, SCPs:\n   1. approved   Allow   ec2, ecs, s3 : *": (
        "",
        "scp",
        [allow(["ec2:*", "ecs:*", "s3:*"], "*")],
    ),
    # Conditions that cannot be read: whether an Allow applies is unknown.
    f"role job-7 has\n  sqs:SendMessage   {QUEUE}   only when the moon is full": (
        "job-7",
        "",
        [allow(["sqs:SendMessage"], QUEUE, Condition={"StringEquals": {"...": ["..."]}})],
    ),
}


@pytest.mark.parametrize(("text", "read"), ROWS.items(), ids=ROWS)
def test_rows_are_a_policy(text: str, read: tuple[str, str, list[dict[str, Any]]]) -> None:
    owner, layer, statements = read
    (policy,) = row_policies(text)
    assert (policy.owner, policy.layer, list(policy.statements)) == (owner, layer, statements)


OTHERS = [
    # Wanted, proposed, documented, denied, counted, priced.
    f"what the role cart-svc needs:\n  sqs:SendMessage   {QUEUE}",
    f"proposed policy:\n| Action | Resource |\n|---|---|\n| sqs:SendMessage | {QUEUE} |",
    f"The docs say:\n  Allow  sqs:SendMessage   {QUEUE}",
    f"denied for role cart-svc:\n  sqs:SendMessage   {QUEUE}",
    f"| Action | Resource | Error |\n|---|---|---|\n| sqs:SendMessage | {QUEUE} | AccessDenied |",
    f"| Action | Resource | Calls |\n|---|---|---|\n| sqs:SendMessage | {QUEUE} | 12 |",
    f"role cart-svc\n| Action | Resource | USD |\n|---|---|---|\n| sqs:SendMessage | {QUEUE} | 0.40 |",
    f"the role in the staging account:\n  Allow  sqs:SendMessage   {QUEUE}",
    f"their policy:\n  sqs:SendMessage   {QUEUE}",
    # The line's label names the role; it is read with the words before a list.
    f"boundary of the team: s3:* on *\nRole: sqs:SendMessage on {QUEUE}",
    # Nothing says that it is a policy.
    f"sqs:SendMessage   {QUEUE}",
    f"{CALLER}\n  sqs:SendMessage   {QUEUE}",
    "Action   Open the console\nResource   the queue",
    # A Deny whose condition cannot be read.
    f"policy of role cart-svc\n  Deny   sqs:SendMessage   {QUEUE}   unless the moon is full",
]


@pytest.mark.parametrize("text", OTHERS)
def test_other_rows_are_no_policy(text: str) -> None:
    assert [each for one in row_policies(text) for each in one.statements] == []


def test_a_row_that_cannot_be_read_makes_a_policy_partly_known() -> None:
    text = f"role job-7\n  Allow   sqs:SendMessage   {QUEUE}\n  Allow   the usual things for logs   and more"
    (policy,) = row_policies(text)
    assert not policy.whole


def test_what_is_read_already_is_left_alone() -> None:
    text = f"role job-7\n  Allow   sqs:SendMessage   {QUEUE}"
    assert list(row_policies(text, [(0, len(text))])) == []
