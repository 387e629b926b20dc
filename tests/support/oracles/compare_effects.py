"""What a change is said to allow and deny, against z3 on the same question.

    python -m tests.support.oracles.compare_effects NUMBER [SEED]

NUMBER random pairs (policies of all layers, a change). The same policies are written for z3 as one formula over which
patterns match the resource and what the condition keys are that nobody told, from AWS's rules and not from our
evaluator; which sets of patterns match an ARN at all tells `arn_classes`, beside this. z3 is asked for a request that
is decided otherwise and lies in nothing that was said; each is printed. Each request that was said is asked of z3 too.
Exit status 1 when there is a difference.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import z3

from iam.account import Account
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.compare import Changed, access_change
from iam.service_reference import ResourceType, action
from tests.support.oracles.arn_classes import classes, regex
from tests.support.oracles.random_changes import BUCKET, ID, ROLE, Maker, Pair, Statement
from tests.support.oracles.tally import Tally

ASKED = ["s3:GetObject", "s3:ListBucket", "sqs:SendMessage", "iam:PassRole", "sts:AssumeRole", "kms:Decrypt"]
ASKED += ["ecr:BatchGetImage"]
_RCP_SERVICES = ("s3", "sqs", "sts", "kms", "ecr")


@dataclass
class Formula:
    """When a set of policies allows an action of the role, as a formula."""

    policies: Policies
    kind: str
    resource: str
    action: str
    region: str
    """How the request's region is known: ``arn`` (it stands in the ARN), ``us-east-1``, or not at all."""
    other_side: bool
    """Whether the resource has a policy on either side of the change."""
    more: tuple[str, ...] = ()
    """What the variables of resources can be besides."""
    asked: set[str] = field(default_factory=set)
    """The patterns that it speaks of."""
    service: str = field(init=False)

    def __post_init__(self) -> None:
        self.service = self.action.partition(":")[0]

    def allowed(self) -> Any:
        policies = self.policies
        governed = self._governed()
        own = [policies.resource] if policies.resource is not None else []
        layers: list[tuple[Any, Iterable[NamedPolicy]]] = [
            (True, policies.identity),
            (True, policies.boundary or ()),
            (True, policies.session or ()),
            (True, policies.vpc_endpoint or ()),
            *((True, level) for level in policies.scps or ()),
            *((self.service in _RCP_SERVICES, level) for level in policies.rcps or ()),
            (governed, own),
        ]
        denied = z3.Or([z3.And(there, self._any("Deny", group)) for there, group in layers])
        limits = [self._any("Allow", level) for level in policies.scps or ()]
        if policies.vpc_endpoint is not None:
            limits.append(self._any("Allow", policies.vpc_endpoint))
        inside = [self._any("Allow", policies.boundary)] if policies.boundary is not None else []
        inside += [self._any("Allow", policies.session)] if policies.session is not None else []
        by_identity = z3.And(self._any("Allow", policies.identity), *inside)
        everyone = self._any("Allow", own, "*")
        role = z3.And(self._any("Allow", own, ROLE), *inside)
        by_resource = z3.Or(everyone, role)
        if self._must_be_granted():
            # An account that is named leaves it to the identity policies; a policy that was not read may allow.
            left = z3.And(self._any("Allow", own, ID), by_identity)
            # Who is named by role is limited by boundary and session, and no identity policy helps.
            grant = z3.If(
                governed, z3.Or(by_resource, z3.And(z3.Not(self._any("Allow", own, ROLE)), left)), by_identity
            )
            # Every key and every role has a policy: one that was not read may allow.
        else:
            grant = z3.Or(by_identity, z3.And(governed, by_resource))
        return z3.And(z3.Not(denied), *limits, grant)

    def _must_be_granted(self) -> bool:
        return self.service in ("sts", "kms")

    def _governed(self) -> Any:
        if self.service == "iam" or not self.other_side:
            return False
        if self.service == "kms" and self.policies.resource is None:
            return False  # every key has a policy: this one was not read
        if self.kind == BUCKET:
            return z3.Or(self._in("arn:aws:s3:::a"), self._in("arn:aws:s3:::a/*"))
        return self._in(self.resource)

    def _any(self, effect: str, policies: Iterable[NamedPolicy], principal: str | None = None) -> Any:
        found = [
            self._matches(one)
            for policy in policies
            for one in policy.document.value["Statement"]
            if one["Effect"] == effect and self.names(one) and self._named(one, principal)
        ]
        return z3.Or(found) if found else False

    def _named(self, one: Statement, principal: str | None) -> bool:
        element = one.get("Principal")
        named = element["AWS"] if isinstance(element, dict) else element
        if principal is not None:
            return bool(named == principal)
        return named in (None, "*", ROLE, ID)

    def names(self, one: Statement) -> bool:
        listed = one.get("Action", one.get("NotAction"))
        texts = [listed] if isinstance(listed, str) else listed
        low = self.action.lower()
        found = any(re.fullmatch(re.escape(text.lower()).replace(r"\*", ".*"), low) for text in texts)
        return found is ("Action" in one)

    def _matches(self, one: Statement) -> Any:
        listed = one.get("Resource", one.get("NotResource", "*"))
        texts = [listed] if isinstance(listed, str) else listed
        named = z3.Or([self._names_resource(text) for text in texts])
        conditions = [
            self._condition(operator, key, [value] if isinstance(value, str) else value)
            for operator, block in one.get("Condition", {}).items()
            for key, value in block.items()
        ]
        return z3.And(z3.Not(named) if "NotResource" in one else named, *conditions)

    def _names_resource(self, text: str) -> Any:
        if text == "*":
            return True
        if "${" not in text:
            return self._in(text)
        start, key, end = re.fullmatch(r"(.*)\$\{(.*)\}(.*)", text).groups()  # type: ignore[union-attr]
        return z3.Or(
            [z3.And(_has(key, each, self._values(key)), self._in(f"{start}{each}{end}")) for each in self._values(key)]
        )

    def _values(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*VALUES[key], *self.more)))

    def _in(self, pattern: str) -> Any:
        self.asked.add(pattern)
        return _in(pattern)

    def _condition(self, written: str, key: str, values: list[str]) -> Any:
        if written.startswith("ForAnyValue"):
            return z3.Bool(f"{written} {key} {values}")
        if key == "aws:PrincipalArn":
            return True  # the pool has only such as are true of the role
        there = z3.Not(_has(key, ABSENT))
        if key == "aws:RequestedRegion" and self.region:
            there = True
            if self.region == "arn":
                equal = z3.Or([self._in(_of_region(self.service, each)) for each in values])
            else:
                equal = z3.BoolVal(self.region in values)
        else:
            fits = [each for each in VALUES[key] if any(_like(value, each) for value in values)]
            equal = z3.Or([_has(key, each) for each in fits])
        if written == "Null":
            return z3.Not(there) if values == ["true"] else there
        if "Not" in written:
            return z3.Or(z3.Not(there), z3.Not(equal))
        return z3.Or(z3.Not(there), equal) if written.endswith("IfExists") else z3.And(there, equal)


def _in(pattern: str) -> Any:
    return z3.Bool(f"in {pattern}")


def _of_region(service: str, region: str) -> str:
    return f"arn:aws:{service}:{region}:*"


def _like(wanted: str, had: str) -> bool:
    return had.startswith(wanted[:-1]) if wanted.endswith("*") else had == wanted


ABSENT = None
VALUES = {
    "aws:SourceVpc": ("vpc-1", "vpc-2", "vpc-3", "other"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:RequestedRegion": ("us-east-1", "eu-west-1", "ap-south-1"),
    "aws:PrincipalTag/name": ("p", "x", "zoe"),
    "aws:PrincipalTag/team": ("a", "ab", "b", "zoe"),
}
"""What keys can be: each value that the policies tell apart, and others."""
_OF_RESOURCES = ("aws:PrincipalTag/name", "aws:PrincipalTag/team")


def _has(key: str, value: str | None, values: tuple[str, ...] = ()) -> Any:
    return z3.Int(key) == (0 if value is None else 1 + (values or VALUES[key]).index(value))


def _world(more: tuple[str, ...]) -> list[Any]:
    most = {key: len(values) + len(more) * (key in _OF_RESOURCES) for key, values in VALUES.items()}
    return [z3.And(z3.Int(key) >= 0, z3.Int(key) <= number) for key, number in most.items()]


SIDES = {"gained": ("newly_allowed", "loosened"), "lost": ("newly_denied", "tightened")}


def account() -> Account:
    return Account(ID, "random", datetime(2026, 1, 1, tzinfo=UTC))


def compare(pair: Pair, tally: Tally, whose: Account) -> None:
    with tally.timed():
        change = access_change(pair.before, pair.after, Request(ROLE, "s3:GetObject", pair.resource), whose)
    tally.complete += change.fully_computed
    for name in ASKED:
        known = action(name)
        assert known is not None
        if _says(pair.before, name) == _says(pair.after, name):
            for side in SIDES:
                told = [one for kind in SIDES[side] for one in getattr(change, kind) if name in one.names()]
                tally.wrong += [_difference(pair, name, side, one.witness) for one in told]
            continue
        for side in SIDES:
            told = [one for kind in SIDES[side] for one in getattr(change, kind) if name in one.names()]
            tally.effects += len(told)
            tally.changed += bool(told)
            for one in told:
                _confirm(pair, known.resource_types, name, side, one, tally)
            if change.fully_computed:
                _seek(pair, known.resource_types, name, side, told, tally)


def _says(policies: Policies, name: str) -> list[Any]:
    """What the layers say of an action, which alone can make a difference."""
    formula = Formula(policies, "", "", name, "", True)
    groups = [policies.identity, policies.boundary, policies.vpc_endpoint]
    groups += [*(policies.scps or ()), *(policies.rcps or ())]
    groups += [policies.resource and (policies.resource,), policies.session]
    return [len(policies.scps or ())] + [
        group and [one for policy in group for one in policy.document.value["Statement"] if formula.names(one)]
        for group in groups
    ]


def _told(types: Iterable[ResourceType], arn: str) -> ResourceType | None:
    return next((kind for kind in types if kind.fits(arn)), None)


def _differs(pair: Pair, name: str, kind: ResourceType, side: str, more: tuple[str, ...] = ()) -> tuple[Any, list[str]]:
    """The formula of it, and the patterns that it speaks of. ``more`` are values of variables."""
    service = name.partition(":")[0]
    region = "us-east-1" if service == "iam" else "arn" if kind.arn.split(":")[3] else ""
    both = pair.before.resource is not None or pair.after.resource is not None
    sides = [Formula(each, pair.kind, pair.resource, name, region, both, more) for each in (pair.before, pair.after)]
    was, now = (each.allowed() for each in sides)
    if side == "lost":
        was, now = now, was
    return z3.And(z3.Not(was), now, *_world(more)), sorted(sides[0].asked | sides[1].asked)


def _seek(pair: Pair, types: Iterable[ResourceType], name: str, side: str, told: list[Changed], tally: Tally) -> None:
    """A request that is decided otherwise and lies in nothing that was told."""
    for kind in types:
        if any(_told(types, one.witness) != kind for one in told):
            continue  # told of another type that the action takes: not said twice
        solver = z3.Solver()
        formula, patterns = _differs(pair, name, kind, side)
        solver.add(formula)
        choice = []
        for matched, arns in classes(kind.arn, kind.closed, tuple(patterns)).items():
            left = [arn for arn in arns if not any(regex(one.pattern).fullmatch(arn) for one in told)]
            if left:
                here = z3.Bool(f"is {left[0]}")
                choice.append(here)
                solver.add(*(z3.Implies(here, _in(text) == (text in matched)) for text in patterns))
        solver.add(z3.Or(choice))
        if solver.check() == z3.sat:
            model = solver.model()
            where = next(str(one) for one in choice if model.eval(one, model_completion=True))
            tally.missed.append(_difference(pair, name, side, where))


def _confirm(pair: Pair, types: Iterable[ResourceType], name: str, side: str, one: Changed, tally: Tally) -> None:
    kind = _told(types, one.witness)
    solver = z3.Solver()
    if kind is not None:
        names = tuple(dict.fromkeys(re.split("[:/]", one.witness)))
        formula, patterns = _differs(pair, name, kind, side, names)
        solver.add(formula)
        for text in patterns:
            solver.add(_in(text) == (regex(text).fullmatch(one.witness) is not None))
    if kind is None or solver.check() != z3.sat:
        tally.wrong.append(_difference(pair, name, side, one.witness))


def _difference(pair: Pair, name: str, side: str, resource: str) -> str:
    return f"pair {pair.number} ({pair.kind}), {side} {name} on {resource}"


def run(numbers: Iterable[int], seed: int) -> Tally:
    maker, tally, whose = Maker(seed), Tally(), account()
    compare(maker.pair(0), Tally(), whose)  # reads the lists of actions
    for number in tally.each(numbers):
        compare(maker.pair(number), tally, whose)
    return tally


def main(arguments: list[str]) -> int:
    number, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    return run(range(number), seed).report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
