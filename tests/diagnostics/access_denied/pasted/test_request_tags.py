"""Tags that a request sends for what it creates, and for nothing else."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

TAGGED = {"StringEquals": {"aws:RequestTag/CostCenter": "4410"}}
EC2 = "arn:aws:ec2:eu-west-1"
COMMAND = (
    "\naws ec2 run-instances --image-id ami-1 "
    "--tag-specifications 'ResourceType={},Tags=[{{Key=CostCenter,Value=4410}}]'"
)


@pytest.mark.parametrize(
    ("action", "resource", "needed"),
    [
        ("ec2:RunInstances", f"{EC2}::image/ami-1", '"arn:aws:ec2:*:*:security-group/*"'),
        ("ec2:RunInstances", f"{EC2}:210987654321:subnet/subnet-1", '"arn:aws:ec2:*::image/*"'),
        ("ec2:CreateSnapshot", f"{EC2}:210987654321:volume/vol-1", '"Resource": ["arn:aws:ec2:*:*:volume/*"]'),
        ("ec2:CreateVpcEndpoint", f"{EC2}:210987654321:subnet/s-1", '"arn:aws:ec2:*:*:vpc/*"]'),
    ],
)  # fmt: skip
def test_what_a_call_cannot_tag_is_allowed_without_the_tag(action: str, resource: str, needed: str) -> None:
    shown = policy(allow([action, "ec2:CreateTags"], "*", Condition=TAGGED))
    answer = diagnosed(f"{no_identity(action, resource)}{COMMAND.format('instance')}\nhis policy:\n{shown}")
    change = str(answer.fixes[0].change)
    assert answer.verdict.cause == "identity.condition-unmet" and "sends no tags for the" in answer.verdict.summary
    assert needed in change and "ResourceType=" not in change and "value is not the cause" in change


@pytest.mark.parametrize("kind", ["volume", "network-interface"])
def test_what_a_call_can_tag_is_tagged_in_the_call(kind: str) -> None:
    shown = policy(allow("ec2:RunInstances", "*", Condition=TAGGED))
    refusal = no_identity("ec2:RunInstances", f"{EC2}:210987654321:{kind}/x-1")
    answer = diagnosed(f"{refusal}{COMMAND.format('instance')}\nhis policy:\n{shown}")
    assert f"'ResourceType={kind},Tags=[{{Key=CostCenter,Value=4410}}]'" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("operation", "action", "more", "said"),
    [
        (
            "CreateRole",
            "iam:TagRole",
            'default_tags { tags = { owner = "a" } }',
            "sets tags (the provider's default_tags)",
        ),
        (
            "CreateQueue",
            "sqs:TagQueue",
            "",
            "CreateQueue needs sqs:TagQueue, because its request sets tags. Allow this action",
        ),
        ("RunInstances", "ec2:CreateTags", "", "RunInstances needs ec2:CreateTags, because"),
        ("TagQueue", "sqs:TagQueue", "", ""),
        ("CreateQueue", "sqs:SetQueueAttributes", "default_tags {}", ""),
    ],
)
def test_tags_of_a_creation_are_why_their_action_is_needed(operation: str, action: str, more: str, said: str) -> None:
    called = f"An error occurred (AccessDenied) when calling the {operation} operation: "
    shown = policy(allow([f"{action.partition(':')[0]}:List*"], "*"))
    summary = diagnosed(f"{called}{no_identity(action, '*')}\n{more}\nhis policy:\n{shown}").verdict.summary
    assert said in summary
    assert ("sets tags" in summary) == bool(said)


@pytest.mark.parametrize(
    ("shown", "corrects"), [("cluster/live-eu\towned", True), ("Name\tgroup-a", True), ("cluster/live\tshared", False)]
)
def test_a_tag_key_of_the_condition_may_be_the_mistake(shown: str, corrects: bool) -> None:
    group = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0a1b2c3d:autoScalingGroupName/web"
    needs = {"StringEquals": {"aws:ResourceTag/cluster/live": "owned"}}
    allowed = policy({"Effect": "Allow", "Action": "autoscaling:*", "Resource": "*", "Condition": needs})
    tags = "aws autoscaling describe-tags --filters Name=auto-scaling-group,Values=web --query 'Tags[].[Key,Value]'"
    answer = diagnosed(f"{no_identity('autoscaling:SetDesiredCapacity', group)}\n{allowed}\n{tags}\n{shown}\n")
    assert any("or correct this tag key in the condition" in fix.title for fix in answer.fixes) is corrects


@pytest.mark.parametrize(
    ("key", "value", "cause"),
    [
        ("ec2:ResourceTag/Tier", "private", "identity.condition-unmet"),
        ("aws:ResourceTag/Tier", "db", "identity.condition-unmet"),
        # Near misses: the message states no tag, so the value is not known.
        ("ec2:Vpc", "private", "identity.condition-unknown"),
    ],
)
def test_the_decoded_message_states_the_tags_of_the_resource(key: str, value: str, cause: str) -> None:
    subnet = "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-0123456789abcdef0"
    message = {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": {"items": []},
        "context": {
            "principal": {"arn": "arn:aws:sts::111122223333:assumed-role/images/build"},
            "action": "ec2:RunInstances",
            "resource": subnet,
            "conditions": {"items": [{"key": key, "values": {"items": [{"value": value}]}}]},
        },
    }
    wanted = "ec2:ResourceTag/Tier" if key.startswith("ec2") else "aws:ResourceTag/Tier"
    needs = {"StringEquals": {wanted: "build"}}
    allowed = policy({"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": needs})
    verdict = diagnosed(f"{json.dumps(message)}\nthe role's policy:\n{allowed}").verdict
    assert verdict.cause == cause
    assert (f"and it is {value}" in verdict.summary) is cause.endswith("unmet")
