"""The tag that the refused resource lacks, in AWS's decoded message."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed

CALLER = "arn:aws:sts::111122223333:assumed-role/builder/ana"


def _decoded(action: str, kind: str, key: str, context: dict[str, str]) -> str:
    resource = f"arn:aws:ec2:eu-north-1:111122223333:{kind}/*"
    message = {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {
            "items": [
                {
                    "statementId": "NoTagNoCall",
                    "effect": "DENY",
                    "actions": {"items": [{"value": action}]},
                    "resources": {"items": [{"value": f"arn:aws:ec2:*:*:{kind}/*"}]},
                    "conditions": {"items": [{"key": key, "values": {"items": [{"value": "true"}]}}]},
                }
            ]
        },
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AROAEXAMPLEEXAMPLEEX:ana", "arn": CALLER},
            "action": action,
            "resource": resource,
            "conditions": {
                "items": [{"key": name, "values": {"items": [{"value": had}]}} for name, had in context.items()]
            },
        },
    }
    return (
        f"An error occurred (UnauthorizedOperation) when calling the {action.partition(':')[2]} operation: You are not "
        f"authorized to perform this operation. User: {CALLER} is not authorized to perform: {action} on resource: "
        f"{resource} with an explicit deny in a service control policy\n{json.dumps(message)}\n"
    )


@pytest.mark.parametrize(
    ("call", "kind", "action", "added", "said"),
    [
        (
            "aws ec2 run-instances --tag-specifications 'ResourceType=instance,Tags=[{Key=owner,Value=ops}]'",
            "network-interface",
            "ec2:RunInstances",
            "'ResourceType=network-interface,Tags=[{Key=owner,Value=ops}]'",
            "only on the instance",
        ),
        (
            "ec2.create_fleet(TagSpecifications=[{'ResourceType': 'fleet', 'Tags': [{'Key': 'owner', 'Value': 'x'}]}])",
            "instance",
            "ec2:CreateFleet",
            "'ResourceType=instance,Tags=[{Key=owner,Value=x}]'",
            "only on the fleet",
        ),
        (
            'resource "aws_instance" "web" {\n  tags = { owner = "ops" }\n}',
            "volume",
            "ec2:RunInstances",
            "set volume_tags",
            "tags of other types do not count",
        ),
    ],
)
def test_a_tag_is_set_on_the_refused_type(call: str, kind: str, action: str, added: str, said: str) -> None:
    answer = diagnosed(f"{call}\n{_decoded(action, kind, 'aws:RequestTag/owner', {'aws:Region': 'eu-north-1'})}")
    change = str(answer.fixes[0].change)
    assert added in change and said in answer.verdict.summary, answer
    assert "No policy has to change" in change and "owner of the policy" not in change


@pytest.mark.parametrize(
    ("kind", "key", "context"),
    [
        ("volume", "aws:RequestTag/owner", {"aws:RequestTag/owner": "ops"}),  # the tag has another value
        ("volume", "ec2:VolumeType", {"ec2:VolumeType": "gp2"}),
        ("subnet", "aws:RequestTag/owner", {"aws:Region": "eu-north-1"}),  # the call cannot tag it
    ],
)
def test_other_conditions_are_no_missing_tag(kind: str, key: str, context: dict[str, str]) -> None:
    call = "aws ec2 run-instances --tag-specifications 'ResourceType=instance,Tags=[{Key=owner,Value=ops}]'\n"
    answer = diagnosed(f"{call}{_decoded('ec2:RunInstances', kind, key, context)}")
    assert answer.fixes[0].title == "Make a request that statement NoTagNoCall does not deny"
