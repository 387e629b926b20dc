"""What an edit of an identity policy is said to change, over a small account, against another judge.

    python -m tests.support.oracles.compare_edits NUMBER [SEED]
    python -m tests.support.oracles.compare_edits lines NUMBER SEED > requests.jsonl
    python -m tests.support.oracles.compare_edits check NUMBER SEED ANSWERS

NUMBER random accounts, each with one edit: a statement of an inline policy of a role, user or group, or of a managed
policy, is added, removed or changed. Of every role and user `REQUESTS` random requests are judged before and after. The
judge is AWS's rules as in `tests.specification.model`; ``lines`` prints the requests as input of ``rolescope evaluate``
for another engine, whose answers, lines of ``{"id", "decision"}``, ``check`` takes in the judge's place. A decision
that changes and of which `changed_access` says nothing was missed, where it is complete; an effect whose own request
the specification decides otherwise is wrong. Exit status 1 when there is one, or where fewer than nine in ten are
complete.
"""

from __future__ import annotations

import copy
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnostics.differences.access import changed_access
from diagnostics.review.subject import ReviewedAccount
from iam.policy.evaluate_lines import as_line
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.compare import KINDS, AccessChange, Changed
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.questions.index import Principal
from tests.specification.model import ALLOWED, decisions
from tests.support.accounts.questions import (
    ID,
    OTHER,
    attached,
    bounded,
    document,
    managed,
    opened,
    role,
    scps,
    snapshot,
    user,
)
from tests.support.oracles.judged_conditions import Context, holds
from tests.support.oracles.random_changes import Maker, Statement
from tests.support.oracles.tally import Tally

REQUESTS = 40
"""Random requests of each principal."""
ROLES, USERS, GROUPS, MANAGED = ("r1", "r2", "team-admin"), ("jo", "kim"), ("devs",), ("m1", "m2")
RESOURCES = {
    "s3:GetObject": ("arn:aws:s3:::a/p/x.txt", "arn:aws:s3:::a/x-y", "arn:aws:s3:::b/p/q", "arn:aws:s3:::zoe/zoe/1"),
    "s3:GetObjectTagging": ("arn:aws:s3:::a/p-1", "arn:aws:s3:::a/zoe/x.txt", "arn:aws:s3:::ab/p/x"),
    "s3:ListBucket": ("arn:aws:s3:::a", "arn:aws:s3:::ab", "arn:aws:s3:::other"),
    "sqs:SendMessage": (
        f"arn:aws:sqs:us-east-1:{ID}:q-x",
        f"arn:aws:sqs:eu-west-1:{ID}:q-dead",
        f"arn:aws:sqs:us-east-1:{ID}:other",
        f"arn:aws:sqs:us-east-1:{OTHER}:q-x",
    ),
    "iam:PassRole": (f"arn:aws:iam::{ID}:role/team/x", f"arn:aws:iam::{ID}:role/x-admin", f"arn:aws:iam::{ID}:role/y"),
    "sts:AssumeRole": (f"arn:aws:iam::{ID}:role/x-admin", f"arn:aws:iam::{ID}:role/team/x"),
    "kms:Decrypt": (f"arn:aws:kms:us-east-1:{ID}:key/k", f"arn:aws:kms:eu-west-1:{ID}:key/l"),
    "ecr:BatchGetImage": (f"arn:aws:ecr:us-east-1:{ID}:repository/app",),
}
TAGS = ("p", "a", "ab", "zoe")

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """An account before and after, and the account's own tags by principal."""

    number: int
    before: ReviewedAccount
    after: ReviewedAccount


class Edits:
    """Makes edits from a seed, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._statements = Maker(seed)

    def edit(self, number: int, folder: Path) -> Edit:
        self._chosen = chosen = random.Random(f"edits {self._seed} {number}")
        self._statements.choose_by(chosen)
        content = self._account()
        edited = copy.deepcopy(content)
        statements = chosen.choice(list(_documents(edited)))["Statement"]
        while edited == content:
            self._change(statements)
        sides = []
        for name, one in (("before", content), ("after", edited)):
            (folder / name).mkdir()
            sides.append(ReviewedAccount(*opened(folder / name, one)))
        return Edit(number, *sides)

    def _change(self, statements: list[Statement]) -> None:
        chosen, fresh = self._chosen, self._statements.statement()
        one = chosen.choice(statements)
        match chosen.choice(["add", "add", "gone", "resource", "action", "condition", "effect"]):
            case "gone" if len(statements) > 1:
                statements.remove(one)
            case "resource" if "Resource" in fresh and "Resource" in one:
                one["Resource"] = fresh["Resource"]
            case "action" if "Action" in fresh and "Action" in one:
                one["Action"] = fresh["Action"]
            case "condition":
                one.pop("Condition", None)
                one |= {key: value for key, value in fresh.items() if key == "Condition"}
            case "effect":
                one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"
            case _:
                statements.append(fresh)

    def _account(self) -> dict[str, Any]:
        chosen = self._chosen
        full: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        organization = None
        if chosen.random() < 0.5:
            organization = {**scps([full, *self._some(0, 1)], [full, *self._some(0, 1)]), "ResourceControlPolicies": []}
        group = {"GroupName": GROUPS[0], "Arn": f"arn:aws:iam::{ID}:group/{GROUPS[0]}", "GroupId": f"AGPA{'D':0>17}",
                 "Path": "/", "GroupPolicyList": [{"PolicyName": "g", "PolicyDocument": document(*self._some(1, 2))}],
                 "AttachedManagedPolicies": []}  # fmt: skip
        content = snapshot(
            [role(name, *self._some(1, 3), **self._held()) for name in ROLES],
            [user(name, *self._some(1, 2), GroupList=[GROUPS[0]], **self._held()) for name in USERS],
            [managed(name, *self._some(1, 2)) for name in (*MANAGED, "bound")],
            organization=organization,
            GroupDetailList=[group],
        )
        for managed_one in content["Policies"]:
            managed_one["AttachmentCount"] = 1
        return content

    def _some(self, least: int, most: int) -> list[Statement]:
        return [self._statements.statement() for _ in range(self._chosen.randint(least, most))]

    def _held(self) -> dict[str, Any]:
        chosen = self._chosen
        tags = [{"Key": key, "Value": chosen.choice(TAGS)} for key in ("name", "team") if chosen.random() < 0.5]
        limit = bounded("bound") if chosen.random() < 0.2 else {}
        return {"Tags": tags, **attached(*chosen.sample(MANAGED, chosen.randint(0, 2))), **limit}


def _documents(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The identity policies of the account's roles, users and groups, and its managed policies."""
    for listed, inline in (("RoleDetailList", "RolePolicyList"), ("UserDetailList", "UserPolicyList"),
                           ("GroupDetailList", "GroupPolicyList")):  # fmt: skip
        for one in content[listed]:
            yield from (policy["PolicyDocument"] for policy in one[inline])
    for one in content["Policies"]:
        yield from (version["Document"] for version in one["PolicyVersionList"])


# Requests.


def requests(edit: Edit, principal: Principal, seed: int) -> list[tuple[str, str, Context]]:
    """Random actions and resources with the values of condition keys, in lower case."""
    entity = principal.entity
    chosen = random.Random(f"requests {seed} {edit.number} {entity.arn}")
    found = []
    for _ in range(REQUESTS):
        action = chosen.choice(list(RESOURCES))
        resource = chosen.choice(RESOURCES[action])
        context: dict[str, tuple[str, ...]] = {"aws:securetransport": ("true",), "aws:principalarn": (entity.arn,)}
        context["aws:currenttime"] = (chosen.choice(("2026-12-01T00:00:00Z", "2028-01-01T00:00:00Z")),)
        region = resource.split(":")[3] or ("us-east-1" if action.startswith(("iam:", "sts:")) else "")
        context["aws:requestedregion"] = (region or chosen.choice(("us-east-1", "eu-west-1", "ap-south-1")),)
        if chosen.random() < 0.5:
            context["aws:sourcevpc"] = (chosen.choice(("vpc-1", "vpc-2", "vpc-3")),)
        if not principal.is_role and chosen.random() < 0.5:
            context["aws:multifactorauthpresent"] = (chosen.choice(("true", "false")),)
        elif principal.is_role:
            context["aws:multifactorauthpresent"] = ("false",)
        if chosen.random() < 0.5:
            context["aws:tagkeys"] = tuple(chosen.sample(["a", "b", "c"], chosen.randint(1, 2)))
        context |= {f"aws:principaltag/{key.lower()}": (value,) for key, value in (entity.tags or {}).items()}
        found.append((action, resource, context))
    return found


def line(side: ReviewedAccount, arn: str, asked: tuple[str, str, Context], id: str = "") -> str:
    """A request as an input line. What must allow it too and is not part of the account does."""
    action, resource, context = asked
    principal = side.principal(arn)
    assert principal is not None
    own = None
    owner = resource.split(":")[4] or ID
    if owner != ID or action.startswith(("sts:", "kms:")):
        allows = {"Effect": "Allow", "Principal": {"AWS": ID}, "Action": "*", "Resource": "*"}
        own = NamedPolicy(_parsed(document(allows)))
    policies = principal.policies(side.shared)
    given = Policies(policies.identity, own, policies.boundary, scps=policies.scps)
    return as_line(id, Request(arn, action, resource, owner, context), given)


def _parsed(value: dict[str, Any]) -> Any:
    from iam.policy.document import Document

    return Document.from_value(value)


Judge = Callable[[str], bool]


def by_specification(text: str) -> bool:
    """Whether AWS's rules allow a request, given as a line."""
    return decisions(json.loads(text))[0] == ALLOWED


# The comparison.


def compare(edit: Edit, seed: int, tally: Tally, judge: Judge) -> None:
    with tally.timed():
        changes = {one.arn: one.change for one in changed_access(edit.before, edit.after) if one is not None}
    complete = all(change.fully_computed for change in changes.values())
    tally.complete += complete
    for arn, change in changes.items():
        _confirm(edit, arn, change, tally)
    for principal in edit.after.index.principals:
        arn = principal.entity.arn
        change = changes.get(arn, AccessChange())
        for at, asked in enumerate(requests(edit, principal, seed)):
            was, now = (
                judge(line(side, arn, asked, _id(edit, arn, at, name)))
                for name, side in (("before", edit.before), ("after", edit.after))
            )
            tally.changed += was is not now
            if was is not now and complete and not any(_is_about(one, asked) for one in _side(change, gain=now)):
                tally.missed.append(f"edit {edit.number}: {arn} {'gains' if now else 'loses'} {asked}")


def _id(edit: Edit, arn: str, at: int, side: str) -> str:
    return f"{edit.number}.{arn.rpartition('/')[2]}.{at}.{side}"


def _side(change: AccessChange, *, gain: bool) -> Iterable[Changed]:
    kinds = KINDS[0::2] if gain else KINDS[1::2]
    return (one for kind in kinds for one in getattr(change, kind))


def _is_about(one: Changed, asked: tuple[str, str, Context]) -> bool:
    action, resource, context = asked
    # Unless said otherwise, resources of other accounts are decided as those of the own one.
    pattern = one.pattern.replace(f":{ID}:", ":*:") if f":{OTHER}:" in resource else one.pattern
    pattern = re.escape(pattern.replace(ANOTHER_ACCOUNT, "*")).replace(r"\*", ".*").replace(r"\?", ".")
    return (
        action in one.names()
        and re.fullmatch(pattern, resource) is not None
        and all(holds(block.operator, block.key, block.values, context) for block in one.conditions)
        and not any(holds(block.operator, block.key, block.values, context) for block in one.unless)
    )


def _confirm(edit: Edit, arn: str, change: AccessChange, tally: Tally) -> None:
    for gain in (True, False):
        for one in _side(change, gain=gain):
            tally.effects += 1
            request, name = one.request, one.names()[0]
            tally.unconfirmed += request is None
            if request is None or one.provided or request.resource == "*":
                continue
            context = {key.lower(): values for key, values in request.context.items()}
            asked = name, request.resource, {**context, "aws:principalarn": (arn,)}
            was, now = (by_specification(line(side, arn, asked)) for side in (edit.before, edit.after))
            if (was, now) != (not gain, gain):
                tally.wrong.append(f"edit {edit.number}: {arn} {'gains' if gain else 'loses'} {name} {one}")


def run(numbers: Iterable[int], seed: int, judge: Judge = by_specification) -> Tally:
    edits, tally = Edits(seed), Tally()
    for number in tally.each(numbers):
        with tempfile.TemporaryDirectory() as folder:
            compare(edits.edit(number, Path(folder)), seed, tally, judge)
    return tally


def by_answers(answers: Mapping[str, str]) -> Judge:
    """The judge that looks up another engine's answers."""
    return lambda text: answers[json.loads(text)["id"]] == ALLOWED


def lines(numbers: Iterable[int], seed: int) -> Iterator[str]:
    """All requests that `run` asks its judge."""
    asked: list[str] = []

    def note(text: str) -> bool:
        asked.append(text)
        return True

    for number in numbers:
        run([number], seed, note)
        yield from asked
        asked.clear()


def main(arguments: list[str]) -> int:
    mode, *rest = arguments if arguments[0] in ("lines", "check") else ("", *arguments)
    number, seed = int(rest[0]), int(rest[1]) if len(rest) > 1 else 1
    if mode == "lines":
        for each in lines(range(number), seed):
            print(each)
        return 0
    if mode == "check":
        read = (json.loads(text) for text in Path(rest[2]).read_text().splitlines())
        return run(range(number), seed, by_answers({each["id"]: each["decision"] for each in read})).report()
    return run(range(number), seed).report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
