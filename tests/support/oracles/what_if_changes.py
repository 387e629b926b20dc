"""What-if of one account: who gains and loses what by a change, against the executable specification.

    python -m tests.support.oracles.what_if_changes CHANGES SEED

Each change is made twice: by ``what-if`` in the account, and by hand in the account's file. The specification decides
every planted request of every role and user before and after; what it decides otherwise has to be among what was said,
and of what was said a request is asked of it. Exit status 1 where something was missed, or said in vain.
"""

from __future__ import annotations

import copy
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from diagnostics.differences.access import AccessOf
from diagnostics.differences.what_if import WhatIf, attach, put, remove
from diagnostics.differences.whole import compare_access
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.match import compile_glob
from iam.questions.change.compare import Changed
from tests.specification.model import decisions
from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    bounded,
    deny,
    document,
    managed,
    opened,
    role,
    scps,
    snapshot,
    user,
)
from tests.support.accounts.review_cases import group

R = f"us-east-1:{ID}"
ACTIONS = {
    "s3:GetObject": ["arn:aws:s3:::one/a/1", "arn:aws:s3:::one/b/2", "arn:aws:s3:::two/a"],
    "s3:PutObject": ["arn:aws:s3:::one/a/1", "arn:aws:s3:::two/a"],
    "sqs:SendMessage": [f"arn:aws:sqs:{R}:orders", f"arn:aws:sqs:{R}:bills"],
    "dynamodb:GetItem": [f"arn:aws:dynamodb:{R}:table/orders", f"arn:aws:dynamodb:{R}:table/bills"],
    "dynamodb:PutItem": [f"arn:aws:dynamodb:{R}:table/orders"],
    "iam:PassRole": [f"arn:aws:iam::{ID}:role/app/x", f"arn:aws:iam::{ID}:role/other"],
}
NAMED = [
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "s3:PutObject",
    "sqs:*",
    "sqs:SendMessage",
    "dynamodb:*Item",
    "dynamodb:Get*",
]
NAMED += ["iam:PassRole", "*"]
PLACES = [
    "*",
    "arn:aws:s3:::one/*",
    "arn:aws:s3:::one/a/*",
    "arn:aws:s3:::*",
    f"arn:aws:sqs:{R}:*",
    f"arn:aws:sqs:{R}:orders",
]
PLACES += [f"arn:aws:dynamodb:{R}:table/*", f"arn:aws:dynamodb:{R}:table/orders", f"arn:aws:iam::{ID}:role/app/*"]
OF_TEAM = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "ops"}}}
TEAMS = ([], [{"Key": "team", "Value": "ops"}], [{"Key": "team", "Value": "dev"}])
KINDS = {"Role": "role", "User": "user", "Group": "group"}


class Drawn:
    """An account, and the changes that are drawn in it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        policies = [managed(f"p{number}", *self.statements(2)) for number in range(4)]
        policies += [managed(f"b{number}", *self.wide()) for number in range(2)]
        groups = [group(f"g{number}", *self.statements(1)) for number in range(2)]
        roles = [
            role(f"r{number}", *self.statements(2), path=chance.choice(("/", "/app/")), **self.more())
            for number in range(6)
        ]
        users = [
            user(
                f"u{number}",
                *self.statements(1),
                GroupList=chance.sample(["g0", "g1"], chance.randint(0, 2)),
                **self.more(),
            )
            for number in range(3)
        ]
        self.content = snapshot(
            roles, users, policies, organization=scps([allow("*")], self.wide()), GroupDetailList=groups
        )
        self.content["Rolescope"]["Organization"]["ResourceControlPolicies"] = []

    def more(self) -> dict[str, Any]:
        chance = self.chance
        names = [f"p{number}" for number in range(4)]
        found = attached(*chance.sample(names, chance.randint(0, 2))) | {"Tags": chance.choice(TEAMS)}
        return found | (bounded(chance.choice(("b0", "b1"))) if chance.random() < 0.3 else {})

    def statements(self, most: int) -> list[dict[str, Any]]:
        chance = self.chance
        found = []
        for _ in range(chance.randint(1, most)):
            made = deny if chance.random() < 0.2 else allow
            named = chance.sample(NAMED[:-1] if made is allow else NAMED, chance.randint(1, 2))
            found.append(
                made(named, chance.sample(PLACES, chance.randint(1, 2)), **(OF_TEAM if chance.random() < 0.2 else {}))
            )
        return found

    def wide(self) -> list[dict[str, Any]]:
        return [
            allow("*"),
            *([deny(self.chance.choice(NAMED), self.chance.choice(PLACES))] if self.chance.random() < 0.6 else []),
        ]

    def holder(self, *words: str) -> tuple[str, dict[str, Any]]:
        word = self.chance.choice(words or tuple(KINDS))
        return word, self.chance.choice(self.content[f"{word}DetailList"])

    def change(self) -> tuple[str, Callable[[Account], WhatIf], dict[str, Any]]:
        """What is changed, the change, and the content as it is then."""
        chance, after = self.chance, copy.deepcopy(self.content)
        new = document(*self.statements(2))
        policy = f"arn:aws:iam::{ID}:policy/{chance.choice(['p0', 'p1', 'p2', 'p3'])}"
        levels = after["Rolescope"]["Organization"]["ServiceControlPolicies"]
        word, its = self.holder()
        arn = its["Arn"]
        (then,) = (one for one in after[f"{word}DetailList"] if one["Arn"] == arn)
        listed = then["GroupPolicyList" if word == "Group" else f"{word}PolicyList"]
        match chance.choice(
            (
                "attach",
                "detach",
                "inline",
                "out",
                "policy",
                "boundary",
                "path",
                "everyone",
                "unbound",
                "scp",
                "no-scp",
                "delete",
            )
        ):
            case "attach":
                then["AttachedManagedPolicies"] = [
                    *(one for one in then["AttachedManagedPolicies"] if one["PolicyArn"] != policy),
                    {"PolicyName": policy.rpartition("/")[2], "PolicyArn": policy},
                ]
                return f"attach {policy} to {arn}", lambda account: attach(account, policy, arn), after
            case "detach" if its["AttachedManagedPolicies"]:
                gone = its["AttachedManagedPolicies"][0]["PolicyArn"]
                then["AttachedManagedPolicies"] = its["AttachedManagedPolicies"][1:]
                return f"detach {gone} from {arn}", lambda account: remove(account, arn, gone), after
            case "inline":
                listed.append({"PolicyName": "what-if", "PolicyDocument": new})
                given = Document.from_value(new)
                return f"inline at {arn}", lambda account: put(account, given, arn, PolicyKind.IDENTITY), after
            case "out" if listed:
                name = listed.pop(0)["PolicyName"]
                return f"remove {name} from {arn}", lambda account: remove(account, arn, name), after
            case "policy":
                self._with_document(after, policy, new)
                given = Document.from_value(new)
                return f"change {policy}", lambda account: put(account, given, policy, PolicyKind.IDENTITY), after
            case "boundary" if word != "Group":
                name = f"arn:aws:iam::{ID}:policy/b0"
                then["PermissionsBoundary"] = {"PermissionsBoundaryArn": name}
                return f"boundary b0 at {arn}", lambda account: attach(account, name, arn, PolicyKind.BOUNDARY), after
            case "path":
                name, place = f"arn:aws:iam::{ID}:policy/b1", f"arn:aws:iam::{ID}:role/app/*"
                for one in after["RoleDetailList"]:
                    if one["Path"] == "/app/":
                        one["PermissionsBoundary"] = {"PermissionsBoundaryArn": name}
                if any(one["Path"] == "/app/" for one in after["RoleDetailList"]):
                    return (
                        f"boundary b1 at {place}",
                        lambda account: attach(account, name, place, PolicyKind.BOUNDARY),
                        after,
                    )
            case "everyone":
                for kind in KINDS:
                    for one in after[f"{kind}DetailList"]:
                        held = one["AttachedManagedPolicies"]
                        one["AttachedManagedPolicies"] = [each for each in held if each["PolicyArn"] != policy]
                return f"remove {policy} everywhere", lambda account: remove(account, policy), after
            case "unbound" if its.get("PermissionsBoundary"):
                name = then.pop("PermissionsBoundary")["PermissionsBoundaryArn"]
                return f"no boundary at {arn}", lambda account: remove(account, arn, name), after
            case "scp":
                guard = document(allow("*"), *([deny(chance.choice(NAMED), chance.choice(PLACES))]))
                levels[1]["Policies"].append({"Arn": "arn:p/new", "Name": "new", "Document": guard})
                given = Document.from_value(guard)
                return "an SCP at t-1", lambda account: put(account, given, "t-1", PolicyKind.SCP), after
            case "no-scp":
                if len(levels[1]["Policies"]) == 1:
                    levels[1]["Policies"] = []
                    return "scp-1 detached from t-1", lambda account: remove(account, "t-1", "scp-1"), after
            case "delete" if word != "Group":
                after[f"{word}DetailList"] = [one for one in after[f"{word}DetailList"] if one["Arn"] != arn]
                return f"delete {arn}", lambda account: remove(account, arn), after
        return self.change()

    def _with_document(self, content: dict[str, Any], arn: str, new: dict[str, Any]) -> None:
        for one in content["Policies"]:
            if one["Arn"] == arn:
                one["PolicyVersionList"] = [{"VersionId": "v1", "IsDefaultVersion": True, "Document": new}]


def allowed(content: dict[str, Any], arn: str, action: str, resource: str) -> bool:
    """What the specification says of a request of a role or user; one that is gone may do nothing."""
    entries = [*content["RoleDetailList"], *content["UserDetailList"]]
    its = next((one for one in entries if one["Arn"] == arn), None)
    if its is None:
        return False
    managed_by_arn = {one["Arn"]: one["PolicyVersionList"][0]["Document"] for one in content["Policies"]}
    holders = [its, *(one for one in content["GroupDetailList"] if one["GroupName"] in its.get("GroupList", ()))]
    documents = [
        each["PolicyDocument"]
        for one in holders
        for kind in KINDS
        for each in one.get("GroupPolicyList" if kind == "Group" else f"{kind}PolicyList", ())
    ]
    documents += [managed_by_arn[each["PolicyArn"]] for one in holders for each in one["AttachedManagedPolicies"]]
    case: dict[str, Any] = {"principal": arn, "action": action, "resource": resource, "resourceAccount": ID}
    case["contextVariables"] = {f"aws:PrincipalTag/{tag['Key']}": [tag["Value"]] for tag in its["Tags"]}
    case["identityPolicies"] = documents
    levels = content["Rolescope"]["Organization"]["ServiceControlPolicies"]
    case["scps"] = [[each["Document"] for each in level["Policies"]] for level in levels]
    if boundary := its.get("PermissionsBoundary"):
        case["boundaryPolicies"] = [managed_by_arn[boundary["PermissionsBoundaryArn"]]]
    return bool(decisions(case)[0] == "allowed")


def said(found: AccessOf, gains: bool) -> Iterator[Changed]:
    change = found.change
    yield from (*change.newly_allowed, *change.loosened) if gains else (*change.newly_denied, *change.tightened)


def main(changes: int, seed: int) -> int:
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number in range(changes):
            drawn = Drawn(chance)
            words, make, after = drawn.change()
            account, reader = opened(Path(name), drawn.content)
            made = make(account)
            before_side, after_side = (ReviewedAccount(each, reader) for each in (account, made.account))
            access = compare_access(before_side, after_side, deleted=made.deletes)
            by_arn = {one.arn: one for one in access.found}
            for entry in (*drawn.content["RoleDetailList"], *drawn.content["UserDetailList"]):
                arn = entry["Arn"]
                for action, resources in ACTIONS.items():
                    for resource in resources:
                        was, now = (allowed(each, arn, action, resource) for each in (drawn.content, after))
                        if was == now:
                            continue
                        counts["gained" if now else "lost"] += 1
                        entries = said(by_arn[arn], now) if arn in by_arn else ()
                        if not any(
                            action in each.names() and compile_glob(each.pattern or each.resource)(resource)
                            for each in entries
                        ):
                            counts["missed"] += 1
                            print(f"{number} {words}: missed {arn} {action} {resource} {'gained' if now else 'lost'}")
            for arn, one in by_arn.items():
                for gains in (True, False):
                    for each in said(one, gains):
                        names = [action for action in each.names() if action.split(":")[0] not in ("sts", "kms")]
                        for action in chance.sample(names, min(3, len(names))):
                            counts["asked of what was said"] += 1
                            was, now = (allowed(side, arn, action, each.witness) for side in (drawn.content, after))
                            if (was, now) != (not gains, gains):
                                counts["extra"] += 1
                                print(
                                    f"{number} {words}: extra {arn} {action} {each.witness} gains {gains}: {was} {now}"
                                )
    print(f"{changes} changes: {dict(counts)}; missed {counts['missed']}, extra {counts['extra']}")
    return 1 if counts["missed"] or counts["extra"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
