"""Policy tests over mutated policies: exactly the right tests must fail.

    python -m tests.support.oracles.policy_test_mutations [MUTATIONS [SEED]]

An account and sixty tests over all forms (names, ARNs, lists, patterns, exclusions, wildcards in actions and resources,
context) are made by chance. What each test must answer is decided by `tests.specification.model`, which shares nothing
with the engine, on every single request that the test stands for. Then one policy at a time is changed, and the tests
that fail must be those that the specification says. Exit status 1 where they are not.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnostics.policy_tests.policy_test import Outcome
from diagnostics.policy_tests.read import read_tests
from diagnostics.policy_tests.run import run_tests
from iam.questions.index import AccountIndex
from tests.specification.model import decisions
from tests.support.accounts.questions import ID, managed, opened, role, snapshot, user

REGION = "eu-west-1"
ACTIONS = {
    "s3:GetObject": ("arn:aws:s3:::alpha/a", "arn:aws:s3:::alpha/b", "arn:aws:s3:::beta/a"),
    "s3:PutObject": ("arn:aws:s3:::alpha/a", "arn:aws:s3:::alpha/b", "arn:aws:s3:::beta/a"),
    "sqs:SendMessage": (f"arn:aws:sqs:{REGION}:{ID}:one", f"arn:aws:sqs:{REGION}:{ID}:two"),
    "sqs:ReceiveMessage": (f"arn:aws:sqs:{REGION}:{ID}:one", f"arn:aws:sqs:{REGION}:{ID}:two"),
    "dynamodb:Query": (f"arn:aws:dynamodb:{REGION}:{ID}:table/one",),
}
PATTERNS = {
    "arn:aws:s3:::alpha/*": ("arn:aws:s3:::alpha/a", "arn:aws:s3:::alpha/b", "arn:aws:s3:::alpha/other"),
    f"arn:aws:sqs:{REGION}:{ID}:*": tuple(f"arn:aws:sqs:{REGION}:{ID}:{name}" for name in ("one", "two", "other")),
}
"""Patterns of tests and policies, with the resources that stand for them: those that policies name, and one that none
names, so that what holds for these resources holds for all that match."""

Content = dict[str, Any]
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A test as it is written, and the single requests that it stands for."""

    entry: dict[str, Any]
    requests: tuple[tuple[str, str, str], ...]


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    # The account.

    def content(self) -> Content:
        roles = [role(f"app-{number}", *self.statements(), Path="/") for number in range(6)]
        roles += [role(f"job-{number}", *self.statements()) for number in range(4)]
        users = [user(f"dev-{number}", *self.statements(), GroupList=["devs"]) for number in range(3)]
        limits = [{"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}]
        for each in roles[:3]:
            each["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"arn:aws:iam::{ID}:policy/limits"}
        shared = managed("shared", *self.statements())
        for each in (roles[4], roles[7], users[0]):
            each["AttachedManagedPolicies"] = [{"PolicyName": "shared", "PolicyArn": shared["Arn"]}]
        group = {
            "GroupName": "devs",
            "Path": "/",
            "Arn": f"arn:aws:iam::{ID}:group/devs",
            "GroupId": "AGPADEVS",
            "GroupPolicyList": [{"PolicyName": "devs", "PolicyDocument": _document(*self.statements())}],
            "AttachedManagedPolicies": [],
        }
        scp = [_allow("*", "*"), {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::beta/*"}]
        organization = {
            "Id": "o-1",
            "ManagementAccountId": "999988887777",
            "Path": ["r-1"],
            "ServiceControlPolicies": [
                {"Target": "r-1", "Policies": [{"Arn": "arn:p/1", "Name": "guard", "Document": _document(*scp)}]}
            ],
            "ResourceControlPolicies": [],
        }
        resources = {
            "arn:aws:s3:::alpha": _document(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ID}:role/job-0"},
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::alpha/*",
                }
            ),
            "arn:aws:s3:::beta": _document(),
            f"arn:aws:sqs:{REGION}:{ID}:one": _document(),
            f"arn:aws:sqs:{REGION}:{ID}:two": _document(),
            f"arn:aws:sqs:{REGION}:{ID}:other": _document(),
            f"arn:aws:dynamodb:{REGION}:{ID}:table/one": _document(),
        }
        content = snapshot(roles, users, [managed("limits", *limits), shared], resources, organization)
        content["GroupDetailList"] = [group]
        return content

    def statements(self) -> list[dict[str, Any]]:
        found = []
        for _ in range(self.random.randint(1, 3)):
            action = self.random.choice([*ACTIONS, "s3:*", "sqs:*"])
            service = action.partition(":")[0]
            resources = [each for each in PATTERNS if f":{service}:" in each]
            resources += [each for name, several in ACTIONS.items() if name.startswith(service) for each in several]
            found.append(_allow(action, self.random.choice([*resources, "*"])))
            if self.random.random() < 0.25:
                found[-1]["Condition"] = {
                    "StringEquals": {"aws:RequestedRegion": self.random.choice([REGION, "us-east-1"])}
                }
            elif self.random.random() < 0.25:
                found.append({**found[-1], "Effect": "Deny", "Resource": self.random.choice(resources)})
        return found

    # Tests.

    def planned(self, content: Content, count: int) -> list[Planned]:
        """Tests of which the specification says the same for every request that they stand for."""
        found: list[Planned] = []
        while len(found) < count:
            form = FORMS[len(found) % len(FORMS)]
            one = self._planned(form, content)
            answers = {decision(content, each) for each in one.requests}
            if len(answers) == 1:
                found.append(Planned({**one.entry, "expect": answers.pop()}, one.requests))
        return found

    def _planned(self, form: str, content: Content) -> Planned:
        names = [each["RoleName"] for each in content["RoleDetailList"]]
        names += [each["UserName"] for each in content["UserDetailList"]]
        arns = {name: f"arn:aws:iam::{ID}:{'user' if name.startswith('dev') else 'role'}/{name}" for name in names}
        chosen = self.random.sample(names, 2)
        principal: Any = chosen[0]
        who = [chosen[0]]
        if form == "arn":
            principal = arns[chosen[0]]
        elif form == "list":
            principal, who = chosen, chosen
        elif form == "pattern":
            principal = self.random.choice(["job-*", "dev-*", "app-[0]", f"arn:aws:iam::{ID}:user/*"]).replace(
                "[0]", "?"
            )
            prefix = "dev" if "user" in principal else principal.partition("-")[0]
            who = [each for each in names if each.startswith(prefix)]
        elif form == "not":
            spared = self.random.sample(names, len(names) - 2)
            principal, who = {"not": spared}, [each for each in names if each not in spared]
        action: Any = self.random.choice(list(ACTIONS))
        actions = [action]
        if form == "wild-action":
            action = self.random.choice(["s3:GetObj*ct", "sqs:*Message"])
            actions = [
                each for each in ACTIONS if each.startswith(action[:3]) and (action[0:2] == "sq" or "Get" in each)
            ]
        elif form == "actions":
            actions = self.random.choice([["s3:GetObject", "s3:PutObject"], ["sqs:SendMessage", "sqs:ReceiveMessage"]])
            action = actions
        resource: Any = self.random.choice(ACTIONS[actions[0]])
        resources = [resource]
        if form == "resources":
            resource = resources = list(ACTIONS[actions[0]])
        elif form == "wild-resource":
            patterns = [each for each in PATTERNS if actions[0].partition(":")[0] in each]
            if patterns:
                resource = patterns[0]
                resources = list(PATTERNS[resource])
        if form == "wild-action" and "sqs" in action:
            actions = ["sqs:SendMessage", "sqs:ReceiveMessage"]
            action = ["sqs:SendMess*", "sqs:ReceiveMess*"]
        entry = {"principal": principal, "action": action, "resource": resource}
        entry["context"] = {"aws:RequestedRegion": REGION}
        if form == "name":
            entry["name"] = f"{principal} and {actions[0]}"
        requests = tuple((arns[name], each, on) for name in who for each in actions for on in resources)
        return Planned(entry, requests)

    # Mutations.

    def mutated(self, content: Content) -> Content:
        """The account with one change to one policy."""
        changed = copy.deepcopy(content)
        document = self.random.choice(list(_documents(changed)))
        statements = document["Statement"]
        if not statements:
            return changed
        one = self.random.choice(statements)
        match self.random.randrange(6):
            case 0:
                statements.remove(one)
            case 1:
                one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"
            case 2:
                one["Action"] = self.random.choice([*ACTIONS, "*"])
            case 3:
                one["Resource"] = self.random.choice([*PATTERNS, "*"])
            case 4:
                one["Condition"] = {"StringEquals": {"aws:RequestedRegion": self.random.choice([REGION, "us-east-1"])}}
            case 5:
                denied = {**one, "Effect": "Deny", "Action": self.random.choice(list(ACTIONS)), "Resource": "*"}
                statements.append({key: each for key, each in denied.items() if key != "Condition"})
        return changed


FORMS = ("name", "arn", "list", "pattern", "not", "actions", "resources", "wild-action", "wild-resource")


def _allow(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _documents(content: Content) -> Iterator[dict[str, Any]]:
    for kind, key in (("RoleDetailList", "RolePolicyList"), ("UserDetailList", "UserPolicyList")):
        for each in content[kind]:
            yield from (policy["PolicyDocument"] for policy in each[key])
    yield content["GroupDetailList"][0]["GroupPolicyList"][0]["PolicyDocument"]
    for policy in content["Policies"]:
        yield policy["PolicyVersionList"][0]["Document"]
    yield content["Rolescope"]["Organization"]["ServiceControlPolicies"][0]["Policies"][0]["Document"]
    yield content["Rolescope"]["ResourcePolicies"]["arn:aws:s3:::alpha"]


def decision(content: Content, request: tuple[str, str, str]) -> str:
    """What the specification decides: ``allowed`` or ``denied``."""
    principal, action, resource = request
    kind, key, inline = ("UserDetailList", "UserName", "UserPolicyList")
    if ":role/" in principal:
        kind, key, inline = ("RoleDetailList", "RoleName", "RolePolicyList")
    entity = next(each for each in content[kind] if each[key] == principal.rpartition("/")[2])
    by_arn = {each["Arn"]: each["PolicyVersionList"][0]["Document"] for each in content["Policies"]}
    identity = [each["PolicyDocument"] for each in entity[inline]]
    identity += [by_arn[each["PolicyArn"]] for each in entity["AttachedManagedPolicies"]]
    if entity.get("GroupList"):
        identity.append(content["GroupDetailList"][0]["GroupPolicyList"][0]["PolicyDocument"])
    holder = resource.partition("/")[0] if ":s3:" in resource else resource
    scp = content["Rolescope"]["Organization"]["ServiceControlPolicies"][0]["Policies"][0]["Document"]
    case: Case = {
        "principal": principal,
        "action": action,
        "resource": resource,
        "resourceAccount": ID,
        "contextVariables": {"aws:RequestedRegion": [REGION]},
        "identityPolicies": identity,
        "scps": [[scp]],
        "resourcePolicy": content["Rolescope"]["ResourcePolicies"][holder],
    }
    if boundary := entity.get("PermissionsBoundary"):
        case["boundaryPolicies"] = [by_arn[boundary["PermissionsBoundaryArn"]]]
    return "allowed" if decisions(case)[0] == "allowed" else "denied"


def right_failures(content: Content, planned: list[Planned]) -> set[int]:
    """The tests, by number from 1, that the specification says fail."""
    return {
        number
        for number, one in enumerate(planned, 1)
        if any(decision(content, each) != one.entry["expect"] for each in one.requests)
    }


def failures(content: Content, planned: list[Planned], folder: Path) -> tuple[set[int], set[int]]:
    """The tests that ``rolescope test`` says fail, and those that it says depend on something unknown."""
    tests = read_tests(json.dumps({"tests": [one.entry for one in planned]}), "tests.json")
    results = list(run_tests(tests, AccountIndex(*opened(folder, content))))
    by_outcome = {outcome: {each.test.number for each in results if each.outcome is outcome} for outcome in Outcome}
    return by_outcome[Outcome.FAILED], by_outcome[Outcome.OPEN]


def run(mutations: int, seed: int, folder: Path) -> tuple[int, list[str]]:
    """How many tests failed rightly in all, and a sentence for each mutation where others failed."""
    generator = Generator(seed)
    content = generator.content()
    planned = generator.planned(content, 60)
    wrong = []
    if failures(content, planned, folder) != (set(), set()):
        wrong.append(f"unchanged: {failures(content, planned, folder)}")
    seen, failed = 0, 0
    while seen < mutations:
        changed = generator.mutated(content)
        expected = right_failures(changed, planned)
        if not expected:
            continue  # the change says nothing about any test
        seen += 1
        found, unknown = failures(changed, planned, folder)
        failed += len(expected)
        if found != expected or unknown:
            wrong.append(f"mutation {seen}: failed {found}, unknown {unknown}, right {expected}")
    return failed, wrong


def main() -> int:
    mutations = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    with tempfile.TemporaryDirectory() as folder:
        failed, wrong = run(mutations, seed, Path(folder))
    print(
        "\n".join(
            (*wrong, f"{mutations} mutations, 60 tests: {failed} failures expected, {len(wrong)} mutations wrong")
        )
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
