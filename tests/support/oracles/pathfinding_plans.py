"""The paths of pathfinding.cloud as Terraform plans: which of them a plan review fails.

    python -m tests.support.oracles.pathfinding_plans FOLDER

FOLDER is ``data/paths`` of a checkout of https://github.com/DataDog/pathfinding.cloud (Apache-2.0); nothing of it is
kept here. Of each path only the facts are read: its id and the permissions that it requires. The account before the
change has an administrator for each service to pass, a function, an instance and a resource of each other kind that run
with an administrator, an administrator who is a user and one that is a group; the plan gives a new role and a new user
the permissions on every resource. Exit status 1 where a path passes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.review import review_plan
from diagnostics.review.escalation.ways import RUNS_AS
from iam.facts.workloads import KINDS
from tests.support.accounts.plan_files import terraform_plan
from tests.support.accounts.questions import ID, allow, managed, opened, role, scps, snapshot, trust, user
from tests.support.accounts.review_cases import group
from tests.support.accounts.running import add_workloads, workload

_SERVICES = (
    *("apprunner", "bedrock", "bedrock-agentcore", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs-tasks"),
    *("glue", "imagebuilder", "lambda", "sagemaker", "ssm", "states", "tasks.apprunner", "build.apprunner"),
)
_RUN = ("lambda", "ec2")
_TOOLS = {"PolicyName": "tools", "PolicyArn": f"arn:aws:iam::{ID}:policy/tools"}


def _account() -> dict[str, Any]:
    bosses = [
        _role(f"boss-{each.replace('.', '-')}", trust({"Service": f"{each}.amazonaws.com"})) for each in _SERVICES
    ]
    bindings = [
        {"Service": each, "Name": f"prod-{each}", "Use": "its role", "RoleArn": f"arn:aws:iam::{ID}:role/boss-{each}"}
        for each in _RUN
    ]
    running = [
        _role(f"runs-{kind}", trust({"Service": runs.service}, [*runs.trusted])) for kind, runs in RUNS_AS.items()
    ]
    account = snapshot(
        [*bosses, *running, _role("boss", trust({"AWS": f"arn:aws:iam::{ID}:root"}))],
        [user("boss-user", allow("*"))],
        organization={**scps([allow("*")]), "ResourceControlPolicies": []},
        policies=[managed("tools", allow("s3:ListAllMyBuckets"))],
        GroupDetailList=[group("admins", allow("*")), group("devs", allow("s3:ListAllMyBuckets"))],
    )
    account["Rolescope"]["Bindings"] = bindings
    add_workloads(account, *(workload(kind, f"arn:aws:iam::{ID}:role/runs-{kind}") for kind in KINDS))
    return account


def _role(name: str, trusted: dict[str, Any]) -> dict[str, Any]:
    return role(name, allow("*"), AssumeRolePolicyDocument=trusted)


def _doers(actions: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A new role and a new user who may do that, each with a customer policy of its own; the user is in a group."""
    may, mine = allow(actions), [_TOOLS]
    one = user("doer", may, GroupList=["devs"], AttachedManagedPolicies=mine)
    return [role("doer", may, AttachedManagedPolicies=mine)], [one]


def paths(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The id of each path, and the actions that it requires."""
    for file in sorted(folder.rglob("*.yaml")):
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
        required = (value.get("permissions") or {}).get("required") or ()
        yield str(value["id"]), [str(each["permission"]) for each in required]


def main(folder: Path) -> int:
    passed = []
    total = 0
    with tempfile.TemporaryDirectory() as name:
        account, reader = opened(Path(name), _account())
        for way, actions in paths(folder):
            total += 1
            plan = Path(name) / "plan.json"
            plan.write_text(json.dumps(terraform_plan(*_doers(actions))), encoding="utf-8")
            review = review_plan(read_planned(plan, account, "eu-west-1"), account, reader)
            if not any(one.fails and one.subject.endswith("/doer") for one in review.problems()):
                passed.append(f"{way}: {', '.join(actions)}")
    print("\n".join((*passed, f"{total} paths: {total - len(passed)} fail, {len(passed)} pass")))
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
