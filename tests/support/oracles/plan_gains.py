"""Gains and losses of templates and CDK assemblies, against the specification.

    python -m tests.support.oracles.plan_gains [TEMPLATES [ASSEMBLIES [SEED]]]

Each file is made by chance from an account and what it becomes. Policies are written with the functions of templates
(Ref, GetAtt, Sub, Join, Select, FindInMap, If, parameters), whose values the generator knows. For every role and
every request of a pool, `tests.specification.model` decides on the policies before and after: the review must name each
gain and loss, and the specification must confirm every change that the review names. Exit status 1 where it is not.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.review import PlanReview, review_plan
from iam.policy.match import resource_matcher
from iam.questions.change.compare import Changed
from tests.specification.model import decisions
from tests.support.accounts.plan_files import assembly
from tests.support.accounts.questions import ID, managed, opened, role, scps, snapshot

REGION = "eu-west-1"
BUCKETS = ("arn:aws:s3:::alpha", "arn:aws:s3:::beta")
QUEUE, TABLE = f"arn:aws:sqs:{REGION}:{ID}:jobs", f"arn:aws:dynamodb:{REGION}:{ID}:table/orders"
POOL = (
    *((action, f"{bucket}/{key}") for action in ("s3:GetObject", "s3:PutObject") for bucket in BUCKETS for key in "ab"),
    *(("s3:ListBucket", bucket) for bucket in BUCKETS),
    *((action, QUEUE) for action in ("sqs:SendMessage", "sqs:ReceiveMessage")),
    *((action, TABLE) for action in ("dynamodb:Query", "dynamodb:PutItem")),
)
_ORDERS = f"{TABLE.removesuffix('orders')}${{Orders}}"
_WRITTEN: dict[str, tuple[Any, ...]] = {
    "arn:aws:s3:::alpha/*": (
        {"Fn::Sub": "${Alpha.Arn}/*"},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Alpha", "Arn"]}, "/*"]]},
    ),
    "arn:aws:s3:::alpha": ({"Fn::GetAtt": ["Alpha", "Arn"]}, {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Alpha}"}),
    "arn:aws:s3:::beta/a": ({"Fn::Sub": ["arn:aws:s3:::${Name}/a", {"Name": {"Ref": "Bucket"}}]},),
    QUEUE: (
        {"Fn::GetAtt": "Jobs.Arn"},
        {"Fn::Join": [":", ["arn", "aws", "sqs", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}, "jobs"]]},
    ),
    TABLE: (
        {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"},
        {
            "Fn::If": [
                "Always",
                {"Fn::Sub": _ORDERS},
                {"Ref": "AWS::NoValue"},
            ]
        },
        {"Fn::FindInMap": ["Tables", "orders", "arn"]},
    ),
}
_STACK: dict[str, Any] = {
    "Parameters": {"Bucket": {"Type": "String"}},
    "Mappings": {"Tables": {"orders": {"arn": TABLE}}},
    "Conditions": {
        "Always": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]},
        "Never": {"Fn::Not": [{"Condition": "Always"}]},
    },
    "Resources": {
        "Alpha": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "alpha"}},
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}},
    },
}  # fmt: skip


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def statements(self) -> list[dict[str, Any]]:
        found = []
        for _ in range(self.random.randint(1, 3)):
            action, resource = self.random.choice(POOL)
            service = action.partition(":")[0]
            wide = self.random.choice([each for each in _WRITTEN if f":{service}:" in each])
            effect = "Deny" if self.random.random() < 0.2 else "Allow"
            actions = self.random.choice([action, [action], f"{service}:*"])
            found.append({"Effect": effect, "Action": actions, "Resource": self.random.choice([resource, wide, "*"])})
        return found

    def account(self) -> dict[str, Any]:
        roles = [role(f"r{number}", *self.statements()) for number in range(4)]
        shared = managed("shared", *self.statements())
        for each in roles[:2]:
            each["AttachedManagedPolicies"] = [{"PolicyName": "shared", "PolicyArn": shared["Arn"]}]
        guard = {**scps([{"Effect": "Allow", "Action": "*", "Resource": "*"}]), "ResourceControlPolicies": []}
        return snapshot(roles, policies=[shared], organization=guard)

    def after(self, before: dict[str, Any]) -> dict[str, Any]:
        """Some roles changed, one new, and the shared policy changed."""
        content = copy.deepcopy(before)
        for each in self.random.sample(content["RoleDetailList"], 2):
            each["RolePolicyList"] = role("x", *self.statements())["RolePolicyList"]
        content["RoleDetailList"].append(role("added", *self.statements()))
        if self.random.random() < 0.5:
            document = managed("shared", *self.statements())["PolicyVersionList"][0]["Document"]
            content["Policies"][0]["PolicyVersionList"][0]["Document"] = document
        return content

    def template(self, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        """A template of what differs, its resources written with functions."""
        stack: dict[str, Any] = copy.deepcopy(_STACK)
        had = {each["RoleName"]: each for each in before["RoleDetailList"]}
        for number, each in enumerate(after["RoleDetailList"]):
            if had.get(each["RoleName"]) == each:
                continue
            logical = f"Role{number}"
            properties = {
                "RoleName": {"Fn::Select": [1, ["no", each["RoleName"]]]},
                "AssumeRolePolicyDocument": each["AssumeRolePolicyDocument"],
                "ManagedPolicyArns": [policy["PolicyArn"] for policy in each["AttachedManagedPolicies"]],
            }
            stack["Resources"][logical] = {"Type": "AWS::IAM::Role", "Properties": properties}
            apart = self.random.random() < 0.5
            policies = [
                {**one, "PolicyDocument": self.written(one["PolicyDocument"])} for one in each["RolePolicyList"]
            ]
            if apart:
                for at, policy in enumerate(policies):
                    given = {**policy, "Roles": [{"Ref": logical}]}
                    stack["Resources"][f"{logical}Policy{at}"] = {"Type": "AWS::IAM::Policy", "Properties": given}
            else:
                properties["Policies"] = policies
        if before["Policies"] != after["Policies"]:
            document = self.written(after["Policies"][0]["PolicyVersionList"][0]["Document"])
            given = {"ManagedPolicyName": "shared", "PolicyDocument": document}
            stack["Resources"]["Shared"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": given}
        never = {"RoleName": "never", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}
        stack["Resources"]["Never"] = {"Type": "AWS::IAM::Role", "Condition": "Never", "Properties": never}
        return stack

    def written(self, document: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(document)
        for statement in changed["Statement"]:
            if statement["Resource"] in _WRITTEN:
                statement["Resource"] = self.random.choice(_WRITTEN[statement["Resource"]])
        return changed


def allows(content: dict[str, Any], name: str, action: str, resource: str) -> bool:
    """Whether the specification allows a role a request; a role that does not exist may do nothing."""
    each = next((one for one in content["RoleDetailList"] if one["RoleName"] == name), None)
    if each is None:
        return False
    identity = [one["PolicyDocument"] for one in each["RolePolicyList"]]
    if each["AttachedManagedPolicies"]:
        identity.append(content["Policies"][0]["PolicyVersionList"][0]["Document"])
    scp = content["Rolescope"]["Organization"]["ServiceControlPolicies"][0]["Policies"][0]["Document"]
    case = {"principal": each["Arn"], "action": action, "resource": resource, "resourceAccount": ID}
    case |= {"contextVariables": {}, "identityPolicies": identity, "scps": [[scp]]}
    return decisions(case)[0] == "allowed"


def faults(review: PlanReview, name: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[int, list[str]]:
    """How many requests of the pool a role gains or loses, and what the review says otherwise: a request that it does
    not name, or a change whose witness the specification decides as before."""
    arn = f"arn:aws:iam::{ID}:role/{name}"
    one = next((each for each in review.difference.access.found if each.arn == arn), None)
    listed: dict[str, tuple[Changed, ...]] = {"gained": (), "lost": ()}
    if one is not None:
        if one.trouble or not one.change.fully_computed:
            return 0, [f"{name}: not computed"]
        listed = {"gained": one.change.newly_allowed, "lost": one.change.newly_denied}
    wrong, count = [], 0
    for kind, (first, second) in (("gained", (before, after)), ("lost", (after, before))):
        for action, on in POOL:
            if allows(second, name, action, on) and not allows(first, name, action, on):
                count += 1
                if not any(_names(each, action, on) for each in listed[kind]):
                    wrong.append(f"{name}: {action} on {on} is {kind}, and not said")
        for each in listed[kind]:
            for action in each.names()[:20]:
                on = each.witness or each.resource
                if allows(first, name, action, on) or not allows(second, name, action, on):
                    wrong.append(f"{name}: {action} on {on} is said to be {kind}")
    return count, wrong


def _names(each: Changed, action: str, on: str) -> bool:
    return action in each.names() and resource_matcher(each.pattern or each.resource)(on)


def differences(generator: Generator, folder: Path, *, cdk: bool) -> tuple[int, list[str]]:
    """How many gains and losses one file has, and where the review says otherwise."""
    before = generator.account()
    after = generator.after(before)
    stack = generator.template(before, after)
    if cdk:
        path = assembly(folder / "cdk.out", Shop=stack)
    else:
        path = folder / "template.json"
        path.write_text(json.dumps(stack), encoding="utf-8")
    account, reader = opened(folder, before)
    changes = read_planned(path, account, REGION, {"Bucket": "beta"})
    if changes.notes:
        return 0, [f"unknown: {changes.notes}"]
    review = review_plan(changes, account, reader)
    count, wrong = 0, []
    for each in after["RoleDetailList"]:
        found, differing = faults(review, each["RoleName"], before, after)
        count += found
        wrong += differing
    return count, wrong


def main() -> int:
    templates, assemblies, seed = (int(each) for each in [*sys.argv[1:], *("15", "10", "32")[len(sys.argv) - 1 :]])
    generator, count, wrong = Generator(seed), 0, []
    for number in range(templates + assemblies):
        with tempfile.TemporaryDirectory() as folder:
            found, differing = differences(generator, Path(folder), cdk=number >= templates)
        count += found
        wrong += [f"file {number + 1}: {each}" for each in differing]
    print(
        "\n".join(
            (*wrong, f"{templates} templates, {assemblies} assemblies: {count} gains and losses, {len(wrong)} wrong")
        )
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
