"""Accounts with planted shared causes of paths to administrator: are they closed by as many changes as were planted?

    python -m tests.support.oracles.shared_causes ACCOUNTS SEED

Each account has some policies that several roles and users have, each of which opens one kind of path, some principals
with a path of their own, and decoys. The changes of the smallest set are put into the account's file and the file is
reviewed anew. Exit status 1 where a path is left, or where more policies are changed than have a cause.
"""

from __future__ import annotations

import copy
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from diagnostics.fix import InlinePlace, ManagedPlace, PolicyChange, TrustChange
from diagnostics.review.finding import Finding
from diagnostics.review.run import review
from diagnostics.review.smallest import PATH_RULES, SharedChange, found_set
from tests.support.accounts.questions import ID, allow, attached, managed, role, snapshot, trust, user
from tests.support.accounts.review_cases import group
from tests.support.accounts.reviewing import reviewed

BOSS = f"arn:aws:iam::{ID}:role/boss"
KINDS: tuple[list[dict[str, Any]], ...] = (
    [allow("iam:PassRole", "*"), allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*")],
    [allow(["iam:PassRole", "s3:GetObject"], "*"), allow(["glue:CreateJob", "glue:StartJobRun"], "*")],
    [allow("iam:PutRolePolicy", "*"), allow("iam:PutUserPolicy", "*")],
    [allow(["iam:AttachRolePolicy", "iam:AttachUserPolicy"], "*")],
    [allow("sts:AssumeRole", BOSS)],
    [allow("sts:*", "*")],
    [allow("iam:UpdateAssumeRolePolicy", BOSS), allow("sts:AssumeRole", BOSS)],
    [allow("iam:CreateAccessKey", f"arn:aws:iam::{ID}:user/root-like")],
)
DECOYS = (
    [allow("iam:PassRole", f"arn:aws:iam::{ID}:role/reader"), allow("lambda:*", "*")],
    [allow("sts:AssumeRole", f"arn:aws:iam::{ID}:role/reader")],
    [allow(["s3:*", "dynamodb:*"], "*")],
)


def drawn(chance: random.Random) -> tuple[dict[str, Any], int]:
    """The content of an account, and how many policies of it have a cause."""
    services = {"Service": ["lambda.amazonaws.com", "glue.amazonaws.com"], "AWS": f"arn:aws:iam::{ID}:root"}
    roles = [role("boss", allow("*"), AssumeRolePolicyDocument=trust(services)), role("reader", allow("s3:GetObject"))]
    users = [user("root-like", allow("*"))]
    policies, groups, causes = [], [], 0
    for number, kind in enumerate(chance.sample(KINDS, chance.randint(2, 4))):
        causes += 1
        name, holders = f"shared-{number}", chance.randint(2, 6)
        if chance.random() < 0.3:
            groups.append(group(f"team-{number}", *kind))
            users += [user(f"u{number}-{each}", GroupList=[f"team-{number}"]) for each in range(holders)]
            continue
        policies.append(managed(name, *kind))
        for each in range(holders):
            made = role if chance.random() < 0.7 else user
            (roles if made is role else users).append(made(f"p{number}-{each}", **attached(name)))
    for number, kind in enumerate(chance.sample(KINDS, chance.randint(0, 2))):
        causes += 1
        roles.append(role(f"own-{number}", *kind))
    for number in range(chance.randint(1, 4)):
        roles.append(role(f"decoy-{number}", *chance.choice(DECOYS)))
    return snapshot(roles, users, policies, GroupDetailList=groups), causes


def with_changes(content: dict[str, Any], changes: Iterable[SharedChange]) -> dict[str, Any]:
    """The content with the changes in place."""
    after = copy.deepcopy(content)
    for change in (each.fix.change for each in changes):
        match change:
            case TrustChange(arn):
                (held,) = (one for one in after["RoleDetailList"] if one["Arn"] == arn)
                held["AssumeRolePolicyDocument"] = change.after.value
            case PolicyChange(ManagedPlace(arn)) if change.after is not None:
                (policy,) = (one for one in after["Policies"] if one["Arn"] == arn)
                for version in policy["PolicyVersionList"]:
                    version["Document"] = change.after.value if version["IsDefaultVersion"] else version["Document"]
            case PolicyChange(InlinePlace(holder, name)) if change.after is not None:
                word = holder.kind.value.capitalize()
                (held,) = (one for one in after[f"{word}DetailList"] if one["Arn"] == holder.arn)
                listed = held.setdefault(f"{word}PolicyList", [])
                listed[:] = [one for one in listed if one["PolicyName"] != name]
                listed.append({"PolicyName": name, "PolicyDocument": change.after.value})
    return after


def main(arguments: Sequence[str]) -> int:
    accounts, seed = int(arguments[0]), int(arguments[1])
    chance = random.Random(seed)
    paths = changed = planted = more = left = 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(accounts):
            content, causes = drawn(chance)
            subject = reviewed(Path(name), content)
            found = [one for one in review(subject, rules=PATH_RULES) if isinstance(one, Finding)]
            smallest = found_set(subject, found)
            after = reviewed(Path(name), with_changes(content, smallest.changes))
            still = [one for one in review(after, rules=PATH_RULES) if isinstance(one, Finding)]
            paths, changed, planted = paths + len(found), changed + len(smallest.changes), planted + causes
            if len(smallest.changes) > causes:
                more += 1
                print(f"{number}: {causes} causes, {len(smallest.changes)} changes")
            if still or smallest.left or smallest.verified is not True:
                left += 1
                print(f"{number}: left {[one.summary for one in still]}, said {smallest.left} {smallest.verified}")
    print(
        f"{accounts} accounts, {paths} paths, {planted} policies with a cause: {changed} changes; "
        f"accounts with more changes than causes {more}, with a path left {left}"
    )
    return 1 if more or left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
