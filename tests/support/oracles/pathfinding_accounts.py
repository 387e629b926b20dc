"""The paths of pathfinding.cloud, each in an account of its own: found with its resource, else named as not looked at.

    python -m tests.support.oracles.pathfinding_accounts FOLDER

FOLDER is ``data/paths`` of a checkout of https://github.com/DataDog/pathfinding.cloud (Apache-2.0); nothing of it is
kept here. Of each path only the facts are read: its id and the permissions that it requires. What the path needs beside
them (a role that the service may assume, a resource that runs with it) is made here, by service.

Decoys are the same accounts with one thing less: a permission (unless the rest is another path), an SCP or a boundary
that denies one, a target that is no administrator. Exit status 1 where a path is not found, an unread resource is not
named, or a decoy is accused.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.rules.table import rules_by_need
from diagnostics.review.run import review
from iam.facts.workloads import KINDS
from tests.support.accounts.questions import (
    ID,
    allow,
    bounded,
    deny,
    managed,
    role,
    scps,
    snapshot,
    trust,
    user,
)
from tests.support.accounts.review_cases import group
from tests.support.accounts.reviewing import reviewed
from tests.support.accounts.running import add_workloads, workload
from tests.support.oracles.pathfinding_plans import paths

BOSS = f"arn:aws:iam::{ID}:role/boss"
_SERVICE = {
    "apprunner": "tasks.apprunner",
    "bedrock": "bedrock-agentcore",
    "ec2instanceconnect": "ec2",
    "ecs": "ecs-tasks",
    "ssm": "ec2",
}
_RESOURCE = {
    "apprunner-002": "apprunner-service",
    "bedrock-002": "agentcore-code-interpreter",
    "cloudformation-002": "cloudformation-stack",
    "cloudformation-004": "cloudformation-stack-set",
    "cloudformation-005": "cloudformation-stack",
    "codebuild-002": "codebuild-project",
    "codebuild-003": "codebuild-project",
    "ec2-004": "ec2-launch-template",
    "glue-002": "glue-dev-endpoint",
    "glue-005": "glue-job",
    "glue-006": "glue-job",
    "sagemaker-004": "sagemaker-notebook",
    "sagemaker-005": "sagemaker-notebook",
}
_BOUND = {
    "lambda-003": "lambda",
    "lambda-004": "lambda",
    "lambda-005": "lambda",
    "ec2-002": "ec2",
    "ec2instanceconnect-003": "ec2",
    "ssm-001": "ec2",
    "ssm-002": "ec2",
}
_PROFILE = {
    "InstanceProfileName": "boss",
    "Arn": f"arn:aws:iam::{ID}:instance-profile/boss",
    "Path": "/",
    "Roles": [{"RoleName": "boss", "Arn": BOSS}],
}
_TARGETS = [f"arn:aws:iam::{ID}:{one}" for one in ("role/aide", "user/ben", "policy/tools")]
"""What the paths that write somebody else may write."""
_USERS = ("iam-007", "iam-008", "iam-010", "iam-011", "iam-013")
"""Paths of users alone; every other is tried as a role's."""


def account(way: str, actions: list[str], *, full: Any = "*", resource: bool = True, **more: Any) -> dict[str, Any]:
    """The account of a path. ``full`` is what the target may; without ``resource`` nobody has read what runs."""
    family = way.partition("-")[0]
    service = _SERVICE.get(family, family)
    trusted = (
        {"AWS": f"arn:aws:iam::{ID}:root"} if family in ("sts", "iam") else {"Service": f"{service}.amazonaws.com"}
    )
    powers = allow(full)
    boss = role("boss", powers, AssumeRolePolicyDocument=trust(trusted), InstanceProfileList=[_PROFILE])
    # Paths that write somebody else need a target that is nobody yet.
    aide = role(
        "aide", allow("s3:ListAllMyBuckets"), AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ID}:root"})
    )
    tools = [{"PolicyName": "tools", "PolicyArn": f"arn:aws:iam::{ID}:policy/tools"}]
    aide["AttachedManagedPolicies"] = tools
    mine = {"AttachedManagedPolicies": tools if way == "iam-001" else []} | more.pop("doer", {})
    may = allow(actions, _TARGETS if len(actions) > 1 and family == "iam" and way != "iam-003" else "*")
    doer = (
        user("doer", may, GroupList=["devs"], **mine)
        if way in _USERS
        else role("doer", may, AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}), **mine)
    )
    roles = [boss, *([aide] if len(actions) > 1 and family == "iam" else [])]
    users = [user("boss-user", powers), user("ben", allow("s3:ListAllMyBuckets"))] if family == "iam" else []
    (users if way in _USERS else roles).append(doer)
    content = snapshot(
        roles,
        users,
        [managed("tools", allow("s3:ListAllMyBuckets")), *more.pop("policies", [])],
        organization={**scps([allow("*"), *more.pop("scp", [])]), "ResourceControlPolicies": []},
        GroupDetailList=[group("admins", powers), group("devs", allow("s3:ListAllMyBuckets"))],
    )
    if resource:
        kinds = [_RESOURCE[way]] if way in _RESOURCE else []
        add_workloads(content, *(workload(kind, BOSS) for kind in kinds))
        bound = [{"Service": _BOUND[way], "Name": "prod", "Use": "its role", "RoleArn": BOSS}] if way in _BOUND else []
        content["Rolescope"]["Bindings"] = bound
    return content


def decoys(way: str, actions: list[str], known: list[set[str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Accounts of a path with one thing less."""
    if way != "sts-001":
        yield "a target without rights", account(way, actions, full="s3:ListAllMyBuckets", scp=_nobody(way))
    for one in actions:
        if one == "ec2:DescribeInstances":
            continue  # what it shows is known without it
        rest = [each for each in actions if each != one]
        if rest and not any(each <= set(rest) for each in known):
            yield f"without {one}", account(way, rest)
        yield f"an SCP denies {one}", account(way, _only(actions, one, known), scp=[deny(one)])
        narrow = [managed("narrow", allow([each for each in actions if each != one] or ["s3:ListAllMyBuckets"]))]
        if not any(each <= set(actions) - {one} for each in known):
            yield f"a boundary without {one}", account(way, actions, policies=narrow, doer=bounded("narrow"))


def _only(actions: list[str], one: str, known: list[set[str]]) -> list[str]:
    """The actions, or the one alone where the others are a path by themselves."""
    rest = set(actions) - {one}
    return [one] if any(each <= rest for each in known) else actions


def _nobody(way: str) -> list[Any]:
    """What ends a path that needs no target: the principal writes itself or something new."""
    return [deny("iam:*")] if way.startswith("iam") else []


def _accused(folder: Path, content: dict[str, Any], way: str = "") -> tuple[bool, str]:
    """Whether the doer has a path (with that id), and the lines of what was not read."""
    subject = reviewed(folder, content)
    found = [one for one in review(subject, rules=["escalation.path"]) if isinstance(one, Finding)]
    mine = [one for one in found if one.subject.endswith("/doer")]
    has_id = any(not way or f"pathfinding:{way}" in one.references for one in mine)
    return bool(mine) and (not way or has_id), "\n".join(each.what for each in subject.unread(rules_by_need()))


def _named(way: str, unread: str) -> bool:
    """Whether what the path hangs on is named as not read."""
    if way in _RESOURCE:
        return KINDS[_RESOURCE[way]].title.casefold() in unread.casefold()
    return "Bindings" in unread


def main(folder: Path) -> int:
    ways = list(paths(folder))
    known = [set(actions) - {"ec2:DescribeInstances"} for _, actions in ways]
    found = ids = named = unnamed = total = accused = 0
    troubles = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for way, actions in ways:
            any_path, _ = _accused(place, account(way, actions))
            own_id, _ = _accused(place, account(way, actions), way)
            found, ids = found + any_path, ids + own_id
            if not any_path:
                troubles.append(f"not found: {way}: {', '.join(actions)}")
            elif not own_id:
                troubles.append(f"found by another id: {way}")
            if way in _RESOURCE or way in _BOUND:
                without, unread = _accused(place, account(way, actions, resource=False))
                named += _named(way, unread)
                if not _named(way, unread):
                    unnamed += 1
                    troubles.append(f"not named: {way} ({'found without' if without else 'not found'})")
            for words, content in decoys(way, actions, known):
                total += 1
                if _accused(place, copy.deepcopy(content))[0]:
                    accused += 1
                    troubles.append(f"decoy accused: {way}: {words}")
    print("\n".join(troubles))
    print(f"{len(ways)} paths: {found} found with the resource, {ids} by their own id")
    print(f"{named + unnamed} of them hang on what runs with a role: without it {named} are named as not looked at")
    print(f"{total} decoys: {accused} accused")
    return 1 if found < len(ways) or unnamed or accused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
