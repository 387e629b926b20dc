"""An account with one planted fault, and the denial that follows from it."""

from __future__ import annotations

import random
from typing import Any

from iam.policy.edits import as_list
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, REGION, document

WANTED = {
    "identity": ("explicit-deny", "no-action", "resource-mismatch", "condition-unmet", "condition-unknown"),
    "boundary": ("explicit-deny", "no-action", "resource-mismatch", "condition-unmet", "condition-unknown"),
    "scp": ("explicit-deny", "no-action", "resource-mismatch", "condition-unmet"),
    "vpce": ("explicit-deny", "no-action", "resource-mismatch", "condition-unmet"),
}


PAIRS = [(layer, fault) for layer, faults in WANTED.items() for fault in faults] + [
    ("identity", "unresolved-variable"),
    ("rcp", "explicit-deny"),
]


TYPES = {
    "identity": "an identity-based policy",
    "boundary": "a permissions boundary",
    "scp": "a service control policy",
    "rcp": "a resource control policy",
    "vpce": "a VPC endpoint policy",
}


# action, resource, a pattern that covers it, one that does not
ASKED = (
    ("s3:GetObject", "arn:aws:s3:::ward/x/1", "arn:aws:s3:::ward/*", "arn:aws:s3:::hall/*"),
    ("sqs:SendMessage", alder.arn("sqs", "beds"), alder.arn("sqs", "bed?"), alder.arn("sqs", "z*")),
    (
        "dynamodb:GetItem",
        alder.arn("dynamodb", "table/beds"),
        alder.arn("dynamodb", "table/b*"),
        alder.arn("dynamodb", "table/z"),
    ),
)


TOLD = {"aws:RequestedRegion": (REGION,), "aws:SourceIp": ("203.0.113.9",), "aws:SourceVpce": ("vpce-alder1",)}


MET = (
    None,
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:PrincipalTag/team": "red"}},
    {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-other"}},
)


UNMET = (
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringLike": {"aws:PrincipalTag/team": "blu?"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/zzz*"}},
)


NOTHING_STATED = ({"StringEquals": {"aws:SourceVpc": "vpc-9"}}, {"StringLike": {"aws:UserAgent": "x*"}})


def statement(effect: str, condition: Any = None, **elements: Any) -> dict[str, Any]:
    found = {"Effect": effect, **elements}
    return found | {"Condition": condition} if condition else found


def planted(fault: str, asked: tuple[str, str, str, str], dice: random.Random) -> list[dict[str, Any]]:
    """The statements of the layer at fault; the one to be found has the Sid ``Broken``."""
    action, _, good, wrong = asked
    named = dice.choice([action, f"{action.partition(':')[0]}:*", [action, "logs:PutLogEvents"]])
    match fault:
        case "explicit-deny":
            how = dice.choice(
                [
                    {"Action": named, "Resource": good},
                    {"NotAction": ["iam:*", "sts:*"], "Resource": "*"},
                    {"Action": named, "NotResource": ["arn:aws:none:::none"]},
                ]
            )
            denies = statement("Deny", dice.choice(MET), Sid="Broken", **how)
            return dice.sample([statement("Allow", Action="*", Resource="*"), denies], 2)
        case "no-action":
            return [statement("Allow", Sid="Broken", Action=["logs:*", "ecs:RunTask"], Resource="*")]
        case "resource-mismatch":
            return [statement("Allow", Sid="Broken", Action=named, Resource=wrong)]
        case "unresolved-variable":
            return [statement("Allow", Sid="Broken", Action=named, Resource="arn:aws:*:*:*:*${aws:PrincipalTag/none}*")]
        case _:
            condition = dice.choice(UNMET if fault == "condition-unmet" else NOTHING_STATED)
            return [statement("Allow", condition, Sid="Broken", Action=named, Resource=good)]


def account(layer: str, statements: list[dict[str, Any]], dice: random.Random) -> dict[str, Any]:
    allows = [statement("Allow", Action="*", Resource="*")]
    content = alder.snapshot()
    said = {name: document(*(statements if name == layer else allows)) for name in WANTED}
    content["Policies"].append(alder.policy("limit", said["boundary"]))
    content["RoleDetailList"].append(
        alder.role(
            "bedder", alder.service("ec2"), inline={"own": said["identity"]}, boundary="limit", tags={"team": "red"}
        )
    )
    own = content["Rolescope"]
    own["ResourcePolicies"] = {f"arn:aws:s3:::{name}": None for name in ("ward", "hall")}
    own["ResourcePolicies"] |= {asked[1]: None for asked in ASKED}
    levels = [document(*allows) for _ in range(3)]
    levels[dice.randrange(3)] = said["scp"]
    controls = [{**one, "Principal": "*"} for one in statements if layer == "rcp" and one["Effect"] == "Deny"]
    own["Organization"]["ServiceControlPolicies"] = [_level(number, level) for number, level in enumerate(levels)]
    own["Organization"]["ResourceControlPolicies"] = [_level(9, document(*controls))] if controls else []
    everyone = [{**one, "Principal": "*"} for one in as_list(said["vpce"]["Statement"])]
    own["VpcEndpoints"] = [
        {"Id": "vpce-alder1", "ServiceName": f"com.amazonaws.{REGION}.{name}", "Document": document(*everyone)}
        for name in ("s3", "sqs", "dynamodb")
    ]
    return content


def _level(number: int, level: dict[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:organizations::{ID}:policy/{alder.ORG}/service_control_policy/p-{number}"
    return {"Target": f"t-{number}", "Policies": [{"Arn": arn, "Name": f"level-{number}", "Document": level}]}


def refused(asked: tuple[str, str, str, str], layer: str | None, fault: str) -> str:
    text = f"User: {alder.session('bedder')} is not authorized to perform: {asked[0]} on resource: {asked[1]}"
    if layer is None:
        return text
    if fault == "explicit-deny":
        return f"{text} with an explicit deny in {TYPES[layer]}"
    return f"{text} because no {TYPES[layer].partition(' ')[2]} allows the {asked[0]} action"
