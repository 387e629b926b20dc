"""Random policies of all layers, and a change to them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies

ID, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ID}:role/r1"
Statement = dict[str, Any]

ACTIONS = [
    "s3:GetObject",
    "s3:Get*",
    "s3:*",
    "s3:ListBucket",
    "sqs:SendMessage",
    "sqs:*",
    "iam:PassRole",
    "kms:Decrypt",
]
PATTERNS = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::a*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a/p/*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::*/p/*",
    "arn:aws:s3:::a/*.txt",
    "arn:aws:s3:::a/*-*",
    "arn:aws:s3:::a/p-?",
    "arn:aws:s3:::ab",
    "arn:aws:s3:::a/p/x.txt",
    "arn:aws:s3:::a/${aws:PrincipalTag/name}/*",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "arn:aws:s3*",
    "arn:aws:sqs:*:*:q-*",
    "arn:aws:sqs:eu-*:*:*",
    f"arn:aws:sqs:*:{ID}:*-dead",
    f"arn:aws:sqs:us-east-1:{ID}:q-x",
    f"arn:aws:iam::{ID}:role/*",
    f"arn:aws:iam::{ID}:role/team/*",
    "arn:aws:iam::*:role/*-admin",
    f"arn:aws:kms:*:{ID}:key/*",
]
CONDITIONS: list[tuple[str, str, Any]] = [
    ("StringEquals", "aws:SourceVpc", "vpc-1"),
    ("StringEquals", "aws:SourceVpc", ["vpc-1", "vpc-2"]),
    ("StringNotEquals", "aws:SourceVpc", "vpc-1"),
    ("StringEqualsIfExists", "aws:SourceVpc", "vpc-2"),
    ("StringLike", "aws:SourceVpc", "vpc-*"),
    ("Null", "aws:SourceVpc", "true"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
    ("StringEquals", "aws:RequestedRegion", ["us-east-1", "eu-west-1"]),
    ("StringNotEquals", "aws:RequestedRegion", "us-east-1"),
    ("StringEquals", "aws:PrincipalArn", ROLE),
    ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{ID}:role/x*"),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["a", "b"]),
]
TRUST, BUCKET, QUEUE, KEY, REPOSITORY = "trust", "bucket", "queue", "key", "repository"
GOVERNED = {
    BUCKET: ("arn:aws:s3:::a/p/x.txt", ["s3:GetObject", "s3:*", "s3:ListBucket"]),
    TRUST: (ROLE, ["sts:AssumeRole", "sts:*"]),
    QUEUE: (f"arn:aws:sqs:us-east-1:{ID}:q-x", ["sqs:SendMessage", "sqs:*"]),
    KEY: (f"arn:aws:kms:us-east-1:{ID}:key/k", ["kms:Decrypt", "kms:*"]),
    REPOSITORY: (f"arn:aws:ecr:us-east-1:{ID}:repository/app", ["ecr:BatchGetImage", "ecr:*"]),
}
"""By what has a policy of its own: the resource that is asked for, and what its statements name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Policies before and after a change, and the resource whose policy ``resource`` is."""

    number: int
    kind: str
    resource: str
    before: Policies
    after: Policies


def policy(*statements: Statement) -> NamedPolicy:
    return NamedPolicy(Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})))


class Maker:
    """Makes pairs from a seed, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def pair(self, number: int) -> Pair:
        self._random = random.Random(f"{self._seed} {number}")
        kind = self._random.choice([BUCKET, BUCKET, TRUST, QUEUE, KEY, REPOSITORY])
        before = self._layers(kind)
        after = before
        while after == before:
            after = self._changed(before, kind)
        return Pair(number, kind, GOVERNED[kind][0], before, after)

    def choose_by(self, chosen: random.Random) -> None:
        """Make the next statements by another source of chance."""
        self._random = chosen

    def _conditions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self._random.choice([0, 0, 0, 0, 1, 1, 1, 2])):
            operator, key, value = self._random.choice(CONDITIONS)
            found.setdefault(operator, {})[key] = value
        return {"Condition": found} if found else {}

    def statement(self) -> Statement:
        chosen = self._random
        made: Statement = {"Effect": chosen.choice(["Allow", "Allow", "Allow", "Deny"])}
        actions = [*ACTIONS, "sts:AssumeRole", "ecr:*", "*"]
        made[chosen.choice(["Action"] * 5 + ["NotAction"])] = chosen.sample(actions, chosen.randint(1, 3))
        made[chosen.choice(["Resource"] * 4 + ["NotResource"])] = chosen.sample(PATTERNS, chosen.randint(1, 3))
        return made | self._conditions()

    def _own_statement(self, kind: str) -> Statement:
        """Of a resource's own policy."""
        chosen = self._random
        resource, actions = GOVERNED[kind]
        made: Statement = {"Effect": chosen.choice(["Allow", "Allow", "Deny"]), "Action": chosen.choice(actions)}
        made["Principal"] = {"AWS": chosen.choice(["*", ROLE, ROLE, ID, OTHER, f"arn:aws:iam::{ID}:role/r2"])}
        if kind == BUCKET:
            made["Resource"] = chosen.sample(["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::a/p/*"], 2)
        elif kind in (QUEUE, KEY) and chosen.random() < 0.8:
            made["Resource"] = chosen.choice(["*", resource])
        return made | self._conditions()

    def _some(self, most: int, make: Callable[[], Statement] | None = None) -> NamedPolicy:
        return policy(*((make or self.statement)() for _ in range(self._random.randint(1, most))))

    def _own(self, kind: str) -> NamedPolicy:
        return self._some(2, lambda: self._own_statement(kind))

    def _guardrail(self) -> NamedPolicy:
        full: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        return policy(full, self.statement()) if self._random.random() < 0.85 else self._some(2)

    def _with_principal(self) -> Statement:
        return {**self.statement(), "Principal": "*"}

    def _layers(self, kind: str) -> Policies:
        def often(part: float) -> bool:
            return self._random.random() < part

        return Policies(
            identity=tuple(self._some(3) for _ in range(self._random.randint(1, 2))),
            boundary=(self._some(2),) if often(0.25) else None,
            session=(self._some(2),) if often(0.1) else None,
            scps=((self._guardrail(),), (self._guardrail(),)) if often(0.3) else None,
            rcps=((self._some(2, self._with_principal),),) if often(0.15) else None,
            vpc_endpoint=(self._some(3, self._with_principal),) if often(0.08) else None,
            resource=self._own(kind) if often(0.5) else None,
        )

    def _changed(self, before: Policies, kind: str) -> Policies:
        change = self._random.choice(
            [self._add, self._add, self._edit, self._edit, self._edit, self._guard, self._resource]
        )
        return change(before, kind)

    def _add(self, before: Policies, kind: str) -> Policies:
        return replace(before, identity=(*before.identity, policy(self.statement())))

    def _edit(self, before: Policies, kind: str) -> Policies:
        """One statement of one policy, in whichever layer it stands."""
        every: list[NamedPolicy] = []
        before.mapped(lambda each: every.append(each) or each)  # type: ignore[func-returns-value]
        if not every:
            return self._add(before, kind)
        old = self._random.choice(every)
        statements = [dict(each) for each in old.document.value["Statement"]]
        one = self._random.choice(statements)
        fresh = self._own_statement(kind) if old == before.resource else self.statement()
        match self._random.choice(["gone", "resource", "action", "condition", "effect", "new"]):
            case "gone" if len(statements) > 1:
                statements.remove(one)
            case "resource" if "Resource" in fresh and "Resource" in one:
                one["Resource"] = fresh["Resource"]
            case "action" if "Action" in fresh and "Action" in one:
                one["Action"] = fresh["Action"]
            case "effect":
                one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"
            case "new":
                statements.append({**fresh, "Principal": one["Principal"]} if "Principal" in one else fresh)
            case _:
                one.pop("Condition", None)
                one |= self._conditions()
        new = policy(*statements)
        return before.mapped(lambda each: new if each is old else each)

    def _guard(self, before: Policies, kind: str) -> Policies:
        """A boundary, or the organization's policies, come or go."""
        if self._random.random() < 0.6:
            return replace(before, boundary=None if before.boundary is not None else (self._some(2),))
        return replace(before, scps=None if before.scps is not None else ((self._guardrail(),),))

    def _resource(self, before: Policies, kind: str) -> Policies:
        return replace(
            before, resource=self._own(kind) if before.resource is None or self._random.random() < 0.7 else None
        )
