"""Who may do something under a Region SCP, an MFA condition and a source-address guardrail, with assumptions.

    python -m tests.support.oracles.assumed_questions [COUNT [SEED]]

Each question is of an account of its own. It is asked without assumptions and with them, and with each assumption
turned to its other value; who may then is compared with a brute force by the specification. An answer must name every
assumption that turns it. Prints what is wrong and how many answers had no `?`; exit status 1 where something is wrong.
"""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diagnostics.access_tree import AccessTree, TreeQuestion, access_tree
from diagnostics.assume import MayAssume
from diagnostics.assumptions import MFA, REGION, Assumptions
from iam.questions.index import AccountIndex
from tests.specification.model import ALLOWED, decisions
from tests.support.accounts.questions import allow, bounded, deny, indexed, managed, role, scps, snapshot, user

ADDRESS = "aws:SourceIp"
VALUES = {REGION: ("us-east-1", "ap-south-1"), MFA: ("true", "false"), ADDRESS: ("203.0.113.7", "198.51.100.1")}
"""By condition key the value that is assumed, and the one that it is turned to."""
ACTIONS = ("ec2:StartInstances", "s3:PutObject", "dynamodb:Query", "logs:PutLogEvents", "rds:StopDBInstance")

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """An account as a snapshot, and the action that is asked about."""

    content: Content
    action: str


def _region(dice: random.Random) -> Content:
    operator = dice.choice(("StringNotEquals", "StringNotEqualsIfExists", "StringNotLike"))
    condition = {"Condition": {operator: {REGION: dice.choice(["us-east-1", ["us-east-1", "eu-west-1"], "us-*"])}}}
    statement = deny("*", "*", **condition)
    if dice.random() < 0.5:
        statement["NotAction"] = ["iam:*", "sts:*", "organizations:*"]
        del statement["Action"]
    return statement


def _mfa(dice: random.Random, action: str) -> Content:
    if dice.random() < 0.5:
        return allow(action, Condition={"Bool": {MFA: "true"}})
    return deny(action.partition(":")[0] + ":*", Condition={"BoolIfExists": {MFA: "false"}})


def _address(dice: random.Random) -> Content:
    operator = dice.choice(("NotIpAddress", "NotIpAddressIfExists"))
    more = {"Bool": {"aws:ViaAWSService": "false"}} if dice.random() < 0.3 else {}
    return deny("*", Condition={operator: {ADDRESS: ["203.0.113.0/24", "192.0.2.0/24"]}, **more})


def _statements(dice: random.Random, action: str) -> list[Content]:
    service = action.partition(":")[0]
    found = [allow(dice.choice((action, f"{service}:*", "*")))] if dice.random() < 0.7 else []
    found += [_mfa(dice, action)] if dice.random() < 0.4 else []
    found += [_address(dice)] if dice.random() < 0.3 else []
    return found or [allow("iam:GetRole")]


def questions(count: int, seed: int) -> list[Asked]:
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        action = dice.choice(ACTIONS)
        limits = managed("limit", allow("*"), *([_region(dice)] if dice.random() < 0.5 else [_address(dice)]))
        roles = [
            role(f"r{number}", *_statements(dice, action), **(bounded("limit") if dice.random() < 0.3 else {}))
            for number in range(dice.randint(1, 4))
        ]
        users = [user(f"u{number}", *_statements(dice, action)) for number in range(dice.randint(1, 3))]
        kind = dice.choice(("region", "region and address", "address", "none"))
        guardrails = [_region(dice)] if "region" in kind else []
        guardrails += [_address(dice)] if "address" in kind else []
        found.append(
            Asked(snapshot(roles, users, [limits], organization=scps([allow("*")], [allow("*"), *guardrails])), action)
        )
    return found


def may(asked: Asked, entry: Content, values: dict[str, str]) -> bool:
    """Whether this role or user may do it, by the specification.

    The session of a role has no MFA:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    content = asked.content
    context = {**values, "aws:PrincipalArn": entry["Arn"], "aws:SecureTransport": "true", "aws:ViaAWSService": "false"}
    if "RoleName" in entry:
        context[MFA] = "false"
    inline = entry.get("RolePolicyList", []) + entry.get("UserPolicyList", [])
    boundary = content["Policies"][0]["PolicyVersionList"][0]["Document"]
    levels = content["Rolescope"]["Organization"]["ServiceControlPolicies"]
    case = {
        "principal": entry["Arn"],
        "action": asked.action,
        "resource": "*",
        "identityPolicies": [each["PolicyDocument"] for each in inline],
        "boundaryPolicies": [boundary] if "PermissionsBoundary" in entry else [],
        "scps": [[each["Document"] for each in level["Policies"]] for level in levels],
        "contextVariables": context,
    }
    return ALLOWED in decisions(case)


def brute_force(asked: Asked, values: dict[str, str]) -> set[str]:
    entries = asked.content["RoleDetailList"] + asked.content["UserDetailList"]
    return {entry["Arn"] for entry in entries if may(asked, entry, values)}


@dataclass
class Counted:
    """``before`` and ``after``: principals without a `?` among ``asked``, without and with assumptions."""

    asked: int = 0
    sure_before: int = 0
    sure_after: int = 0
    all_before: int = 0
    all_after: int = 0
    turned: int = 0
    wrong: list[str] = field(default_factory=list)


def _answer(index: AccountIndex, asked: Asked, values: dict[str, str] | None) -> AccessTree:
    assumptions = Assumptions(values[REGION], values) if values is not None else None
    return access_tree(index, TreeQuestion(asked.action), assumptions=assumptions)


def _by_answer(tree: AccessTree) -> tuple[set[str], int]:
    """Who may, and how many are not known."""
    yes = {one.arn for one in tree.roots if one.answer is MayAssume.YES and one.arn is not None}
    return yes, sum(one.answer is not MayAssume.YES for one in tree.roots)


def check(number: int, asked: Asked, folder: Path, counted: Counted) -> None:
    index = indexed(folder, asked.content)
    entries = len(asked.content["RoleDetailList"]) + len(asked.content["UserDetailList"])
    assumed = {key: value for key, (value, _) in VALUES.items()}
    before, tree = _answer(index, asked, None), _answer(index, asked, assumed)
    unsure_before, (told, unsure) = _by_answer(before)[1], _by_answer(tree)
    counted.asked += entries
    counted.sure_before += entries - unsure_before
    counted.sure_after += entries - unsure
    counted.all_before += not unsure_before
    counted.all_after += not unsure
    named = {each.key for each in tree.assumptions}
    right = brute_force(asked, assumed)
    _compare(f"{number} as assumed", told, unsure, right, counted)
    for key, (_, other) in VALUES.items():
        turned = {**assumed, key: other}
        expected = brute_force(asked, turned)
        counted.turned += expected != right
        _compare(f"{number} {key}={other}", *_by_answer(_answer(index, asked, turned)), expected, counted)
        if expected != right and key not in named:
            counted.wrong.append(f"{number} does not name {key}")


def _compare(where: str, told: set[str], unsure: int, right: set[str], counted: Counted) -> None:
    if told - right or (not unsure and right - told):
        counted.wrong.append(f"{where}: missed {sorted(right - told)}, extra {sorted(told - right)}")


def count(number: int, seed: int) -> Counted:
    counted = Counted()
    with tempfile.TemporaryDirectory() as folder:
        for at, asked in enumerate(questions(number, seed)):
            check(at, asked, Path(folder), counted)
    return counted


def main(number: int, seed: int) -> int:
    found = count(number, seed)
    print(*found.wrong, sep="\n")
    print(f"principals without ?: {found.sure_before} of {found.asked} before, {found.sure_after} with assumptions")
    print(f"questions without ?: {found.all_before} of {number} before, {found.all_after} with assumptions")
    print(f"{found.turned} answers turn with an assumption; wrong {len(found.wrong)}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
