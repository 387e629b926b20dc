"""Policies in a person's words: who may do what on what, under which condition."""

from __future__ import annotations

from typing import Any

import pytest

from diagnostics.text.read.author.quoted_or_own_words import has_policy
from diagnostics.text.templates.shorthand import shorthand_policies

QUEUE = "arn:aws:sqs:eu-west-1:123412341234:jobs"
ROOT = "arn:aws:iam::123412341234:root"
OTHER = {"Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": ["*"]}


def allow(actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), **more}


def deny(actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {**allow(actions, *resources), "Effect": "Deny", **more}


def either(name: str) -> tuple[str, str]:
    return f"...:{name}", f".../{name}"


VPCE = {"StringNotEquals": {"aws:SourceVpce": ["vpce-0aa1"]}}
TOLD: dict[str, list[dict[str, Any]]] = {
    # A list that goes on in the next line, or has only spaces between its actions.
    "policy on ci-role:\n - sqs:ListQueues on *\n - sqs:SendMessage, sqs:ReceiveMessage,\n"
    f"   sqs:PurgeQueue on {QUEUE}": [
        allow(["sqs:ListQueues"], "*"),
        allow(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:PurgeQueue"], QUEUE),
    ],
    "the role has dynamodb:PutItem, GetItem,\nQuery on table/carts": [
        allow(["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query"], *either("table/carts"))
    ],
    "policy of ci: kms:Decrypt  kms:Encrypt kms:CreateGrant on *": [
        allow(["kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"], "*")
    ],
    f"user ci has sqs:SendMessage, sqs:PurgeQueue\n  on {QUEUE}": [allow(["sqs:SendMessage", "sqs:PurgeQueue"], QUEUE)],
    # The resource stands before the list, which may begin on the next line.
    'The build role has, on Resource "*":\nsqs:ListQueues, sqs:SendMessage': [
        allow(["sqs:ListQueues", "sqs:SendMessage"], "*")
    ],
    f"our policy allows on {QUEUE}: sqs:SendMessage and sqs:PurgeQueue": [
        allow(["sqs:SendMessage", "sqs:PurgeQueue"], QUEUE)
    ],
    # Each list has its own resource in words.
    "The user has s3:ListBucket on the bucket and s3:GetObject, s3:PutObject on its objects.": [
        allow(["s3:ListBucket"], "..."),
        allow(["s3:GetObject", "s3:PutObject"], "..."),
    ],
    "the role has sqs:SendMessage on the queue and sns:Publish on the topic": [
        allow(["sqs:SendMessage"], "..."),
        allow(["sns:Publish"], "..."),
    ],
    "The user has s3:ListBucket on the bucket and nothing else.": [allow(["s3:ListBucket"], "...")],
    # What follows in the next line is no action, or belongs to another list.
    "the role has kms:Decrypt,\nThe rest is unknown": [allow(["kms:Decrypt"], "...")],
    "policy: kms:Decrypt\npolicy: kms:Encrypt": [allow(["kms:Decrypt"], "..."), allow(["kms:Encrypt"], "...")],
    f"Lambda role: sqs:SendMessage on {QUEUE}, ec2:Describe*": [
        allow(["sqs:SendMessage"], QUEUE),
        allow(["ec2:Describe*"], "..."),
    ],
    "policy: kms:Decrypt, kms:CreateGrant": [allow(["kms:Decrypt", "kms:CreateGrant"], "...")],
    f"statement: s3:Get*Bucket*, s3:PutBucket* on {QUEUE}": [allow(["s3:Get*Bucket*", "s3:PutBucket*"], QUEUE)],
    "role x_exec may glue:StartJobRun, glue:GetJob.": [allow(["glue:StartJobRun", "glue:GetJob"], "...")],
    "user ci has lambda:* on * and iam:PassRole on role/app-*": [
        allow(["lambda:*"], "*"),
        allow(["iam:PassRole"], *either("role/app-*")),
    ],
    "The task role may kms:Decrypt, but only on key/1a": [allow(["kms:Decrypt"], *either("key/1a"))],
    f"Die Rolle darf nur sqs:SendMessage auf {QUEUE}.": [allow(["sqs:SendMessage"], QUEUE)],
    f"La política permite sqs:SendMessage en {QUEUE}": [allow(["sqs:SendMessage"], QUEUE)],
    f"policy v1: Allow sqs:SendMessage  {QUEUE}": [allow(["sqs:SendMessage"], QUEUE)],
    f"The role is allowed sqs:SendMessage on {QUEUE} only.": [allow(["sqs:SendMessage"], QUEUE)],
    "it may ec2:StopInstances only if aws:ResourceTag/team = blue. The team is red.": [
        allow(["ec2:StopInstances"], "...", Condition={"StringEquals": {"aws:ResourceTag/team": ["blue"]}})
    ],
    "statement: Deny * s3:PutObject vault/* StringNotEquals aws:SourceVpce vpce-0aa1": [
        deny(["s3:PutObject"], *either("vault/*"), Principal="*", Condition=VPCE)
    ],
    "Deny s3:* Principal * Condition StringNotEquals aws:SourceVpce vpce-0aa1": [
        deny(["s3:*"], "...", Principal="*", Condition=VPCE)
    ],
    "bucket policy: Deny s3:* on raw-zone, StringNotEquals aws:SourceVpce vpce-0aa1": [
        deny(["s3:*"], *either("raw-zone"), "...:::raw-zone/*", Principal="*", Condition=VPCE)
    ],
    **{
        f"bucket policy: Deny s3:* on {QUEUE} {how}": [deny(["s3:*"], QUEUE, Principal="*", Condition=condition)]
        for how, condition in (
            ("unless StringEquals aws:SourceVpce vpce-0aa1", VPCE),
            ("unless StringNotEquals aws:SourceVpce vpce-0aa1", VPCE),
            ("unless IpAddress aws:SourceIp 10.0.0.0/8", {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}),
            ("unless Bool aws:SecureTransport true", {"Bool": {"aws:SecureTransport": ["false"]}}),
            ("unless NumericLessThan s3:max-keys 5", {"NumericLessThan": {"s3:max-keys": ["..."]}}),
            ("if StringEquals aws:SourceVpce vpce-0aa1", {"StringEquals": {"aws:SourceVpce": ["vpce-0aa1"]}}),
        )
    },
    "SCP: Deny ec2:RunInstances on [instance/*, volume/*] when Null aws:RequestTag/Cost = true": [
        deny(
            ["ec2:RunInstances"],
            *either("instance/*"),
            *either("volume/*"),
            Condition={"Null": {"aws:RequestTag/Cost": ["true"]}},
        )
    ],
    "policy Force: Deny NotAction [iam:ListMFADevices, sts:GetSessionToken, ...] Condition BoolIfExists "
    "aws:MultiFactorAuthPresent false": [
        {
            "Effect": "Deny",
            "NotAction": ["iam:ListMFADevices", "sts:GetSessionToken"],
            "Resource": ["*"],
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": ["false"]}},
        }
    ],
    f'policy: Allow  NotAction ["sqs:DeleteQueue","iam:*"]\n        Resource {QUEUE}': [
        {"Effect": "Allow", "NotAction": ["sqs:DeleteQueue", "iam:*"], "Resource": [QUEUE]}
    ],
    "policy allows glue:Get* on catalog, database/curated": [
        allow(["glue:Get*"], "...:catalog", ".../catalog", *either("database/curated"))
    ],
    "role: write on arn:aws:s3:::a/* and arn:aws:s3:::b/*": [
        allow(
            [f"s3:{name}*" for name in ("Put", "Delete", "Abort", "Update", "Create", "Send", "Publish", "BatchWrite")],
            "arn:aws:s3:::a/*",
            "arn:aws:s3:::b/*",
        )
    ],
    "The user's policy lets it put into the landing zone under parking/manual/*. s3:PutObject failed": [
        allow(["s3:Put*"], *either("parking/manual/*"))
    ],
    "its only logs statement is on log-group:/app/*": [
        {"Effect": "Allow", "Resource": list(either("log-group:/app/*")), "Action": ["logs:*"]}
    ],
    f'PROD policy, Resource: "{QUEUE}"': [{"Effect": "Allow", "Resource": [QUEUE]}],
    f"the write statement of the role has Resource [{QUEUE}]": [{"Effect": "Allow", "Resource": [QUEUE]}],
    f"The trust policy of hub trusts only {ROOT}.": [
        {"Effect": "Allow", "Principal": {"AWS": [ROOT]}, "Action": ["sts:*"]}
    ],
    f"our queue policy: Allow Principal {ROOT} sqs:SendMessage, DeleteMessage": [
        allow(["sqs:SendMessage", "sqs:DeleteMessage"], "...", Principal={"AWS": [ROOT]})
    ],
    "topic policy: Allow cloudwatch.amazonaws.com sns:Publish": [
        allow(["sns:Publish"], "...", Principal={"Service": ["cloudwatch.amazonaws.com"]})
    ],
    "role: s3:ListBucket on the bucket; s3:GetObject on a/*": [
        allow(["s3:ListBucket"], "..."),
        allow(["s3:GetObject"], *either("a/*")),
    ],
    "to perform: sqs:SendMessage\nthe role has DeleteMessage, ReceiveMessage on jobs-a/*": [
        allow(["sqs:DeleteMessage", "sqs:ReceiveMessage"], *either("jobs-a/*"))
    ],
    f'resources = ["{QUEUE}"]': [{"Effect": "Allow", "Resource": [QUEUE]}],
    "Task role has ses:SendEmail on the verified identity only.": [allow(["ses:SendEmail"], "...:identity/*")],
    "the role has ecr:ListImages on everything": [allow(["ecr:ListImages"], "*")],
    f"trust: Principal {ROOT}, sts:ExternalId kx-9": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": [ROOT]},
            "Action": ["sts:*"],
            "Condition": {"StringEquals": {"sts:ExternalId": ["kx-9"]}},
        }
    ],
    f'trust of role/hub: Principal AWS {ROOT}, StringEquals sts:ExternalId "aB3_kL7=="': [
        {
            "Effect": "Allow",
            "Principal": {"AWS": [ROOT]},
            "Action": ["sts:*"],
            "Condition": {"StringEquals": {"sts:ExternalId": ["aB3_kL7=="]}},
        }
    ],
    f"hub trusts {ROOT} with sts:ExternalId = kx-9": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": [ROOT]},
            "Action": ["sts:*"],
            "Condition": {"StringEquals": {"sts:ExternalId": ["kx-9"]}},
        }
    ],
    "trust relationship of role svc: ecs-tasks.amazonaws.com": [
        {"Effect": "Allow", "Principal": {"Service": ["ecs-tasks.amazonaws.com"]}, "Action": ["sts:*"]}
    ],
    "Deny in bucket policy: Principal *, s3:PutObject on drop/* if aws:SourceVpce is not vpce-0aa1": [
        deny(["s3:PutObject"], *either("drop/*"), Principal="*", Condition=VPCE)
    ],
    "the deploy policy only covers function:*-dev": [{"Effect": "Allow", "Resource": list(either("function:*-dev"))}],
    "the user has ec2:RunInstances *": [allow(["ec2:RunInstances"], "*")],
    "hub trusts ec2.amazonaws.com": [
        {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:*"]}
    ],
    "role x, trust pods.eks.amazonaws.com sts:AssumeRole + sts:TagSession": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["pods.eks.amazonaws.com"]},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    ],
}


@pytest.mark.parametrize(("text", "statements"), TOLD.items(), ids=TOLD)
def test_what_is_told_is_a_policy(text: str, statements: list[dict[str, Any]]) -> None:
    assert [each for one in shorthand_policies(text) for each in one.statements] == statements
    assert has_policy(text)


NOT_STATED = [
    "The role's policy has a condition on ec2:Vpc.",
    "the policy allows it only with s3:ResourceAccount",
    f"User: {ROOT} is not authorized to perform: sqs:SendMessage on resource: {QUEUE}",
    f"because no identity-based policy allows the sqs:SendMessage action on {QUEUE}",
    f"why may the role not sqs:SendMessage on {QUEUE}",
    f"I can sqs:SendMessage on {QUEUE} myself",
    f"The role needs sqs:SendMessage on {QUEUE}",
    "the role can't read from arn:aws:s3:::a/*",
    "role: it can write to /tmp/x-1, and s3:PutObject fails",
    "The docs of the role: read on docs.aws.amazon.com/iam how s3:PutObject works",
    f"it should not trust {ROOT}",
    "Please check your role permission and trust policy: arn:aws:iam::111122223333:role/agent",
    "S3 denies s3:PutObject on vault/*",
    "trust policy of the role arn:aws:iam::111122223333:role/dba:",
    "the trust policy of arn:aws:iam::111122223333:role/dba:",
    "the target role allowed events:PutEvents on the bus",
    f"before the change the policy was: sqs:SendMessage on {QUEUE}",
    "to perform: sqs:SendMessage\nthe role has ReceiveFooBar on jobs-a/*",
    f"on resource: {QUEUE} of the role",
]


@pytest.mark.parametrize("text", NOT_STATED)
def test_refusals_questions_and_advice_are_no_policy(text: str) -> None:
    assert list(shorthand_policies(text)) == []


def test_lists_of_two_owners_are_two_policies() -> None:
    text = "cart-svc can dynamodb:GetItem, Query on table/carts. order-svc can dynamodb:PutItem on *."
    carts, orders = shorthand_policies(text)
    assert carts.statements == (allow(["dynamodb:GetItem", "dynamodb:Query"], *either("table/carts")),)
    assert (carts.owner, orders.owner, orders.statements) == ("cart-svc", "order-svc", (OTHER,))


def test_what_a_document_shows_is_not_said_again() -> None:
    document = '{"Action": "sqs:SendMessage"}'
    text = f"the policy has sqs:SendMessage\n{document}"
    assert list(shorthand_policies(text, [(text.index("{"), len(text))])) == []
    assert [each.statements for each in shorthand_policies(text)] == [(allow(["sqs:SendMessage"], "..."),)]


def test_a_boundary_and_an_inline_policy_are_two() -> None:
    text = "boundary says only: s3:*, dynamodb:*. inline policy of the role has sqs:*"
    found = list(shorthand_policies(text))
    assert [each.statements[0]["Action"] for each in found] == [["s3:*", "dynamodb:*"], ["sqs:*"]]


def test_a_queue_s_policy_and_a_role_s_are_two() -> None:
    text = f"queue policy: Allow Principal {ROOT} sqs:SendMessage\nrole policy: s3:* on *"
    assert [len(each.statements) for each in shorthand_policies(text)] == [1, 1]


def test_what_is_read_already_is_left_alone() -> None:
    text = f"policy: sqs:SendMessage on {QUEUE}. hub trusts {ROOT}. its only logs statement is on a/*"
    assert list(shorthand_policies(text, [(0, len(text))])) == []
