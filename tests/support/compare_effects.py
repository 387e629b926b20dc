"""What a change is said to allow and deny, against z3 on the same question.

    python -m tests.support.compare_effects NUMBER [SEED]

NUMBER random pairs (policies of all layers, a change). The same policies are written for z3 as one formula over the
resource's ARN and the values of the condition keys that nobody told, from AWS's rules and not from our evaluator. z3 is
asked for a request that is decided otherwise and that lies in nothing that was said; each is printed. Each request that
was said is asked of z3 too. Exit status 1 when there is a difference.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import z3

from iam.account import Account
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.compare import Changed, access_change
from iam.service_reference import ResourceType, action
from tests.support.random_changes import BUCKET, ID, ROLE, Maker, Pair, Statement

ASKED = ["s3:GetObject", "s3:ListBucket", "sqs:SendMessage", "iam:PassRole", "sts:AssumeRole", "kms:Decrypt"]
ASKED += ["ecr:BatchGetImage"]
MOST_WORK = 3_000_000
"""z3's own units: about a second."""
_RCP_SERVICES = ("s3", "sqs", "sts", "kms", "ecr")
_ARN = z3.String("arn")
_char = z3.AllChar(z3.ReSort(z3.StringSort()))
_colon, _slash = z3.Re(":"), z3.Re("/")


def _but(*others: Any) -> Any:
    none_of = [z3.Complement(other) for other in others]
    return z3.Intersect(_char, *none_of) if none_of else _char


@cache
def _pattern(text: str) -> Any:
    """A Resource pattern: before the resource part a star stays in its segment, but for one at a segment's end."""
    parts = text.split(":", 5)
    pieces = []
    for number, part in enumerate(parts):
        for at, char in enumerate(part):
            inside = number < 5 and not (char == "*" and at == len(part) - 1)
            any_char = _but(_colon) if inside else _char
            pieces.append(z3.Star(any_char) if char == "*" else any_char if char == "?" else z3.Re(char))
        if number < len(parts) - 1:
            pieces.append(_colon)
    return z3.Concat(*pieces) if len(pieces) > 1 else pieces[0]


@cache
def _shape(arn: str, closed: bool) -> Any:
    """The ARNs of a resource type in the account."""
    text = arn.replace("${Partition}", "aws").replace("${Account}", ID)
    pieces: list[Any] = []
    plain = z3.Union(z3.Range("a", "z"), z3.Range("0", "9"), z3.Re("-"))
    rest = z3.Union(plain, z3.Re("."), _slash, _colon, z3.Range("A", "Z"))
    at = 0
    for variable in re.finditer(r"\$\{(\w+)\}", text):
        pieces += [z3.Re(text[at : variable.start()])] if at < variable.start() else []
        at = variable.end()
        following = text[at : at + 1]
        if variable[1] == "Region":
            pieces.append(z3.Plus(plain))
        elif closed or following == "/":
            pieces.append(z3.Plus(z3.Intersect(rest, z3.Complement(_slash))))
        else:
            pieces.append(z3.Plus(rest))
    pieces += [z3.Re(text[at:])] if at < len(text) else []
    return z3.Concat(*pieces) if len(pieces) > 1 else pieces[0]


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
            (True, [policies.session] if policies.session else ()),
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
        inside += [self._any("Allow", [policies.session])] if policies.session is not None else []
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
            grant = grant if self.other_side else False
        else:
            grant = z3.Or(by_identity, z3.And(governed, by_resource))
        return z3.And(z3.Not(denied), *limits, grant)

    def _must_be_granted(self) -> bool:
        return self.service in ("sts", "kms")

    def _governed(self) -> Any:
        if self.service == "iam" or not self.other_side:
            return False
        if self.kind == BUCKET:
            return z3.Or(_ARN == "arn:aws:s3:::a", z3.PrefixOf("arn:aws:s3:::a/", _ARN))
        return self.resource == _ARN

    def _any(self, effect: str, policies: Iterable[NamedPolicy], principal: str | None = None) -> Any:
        found = [
            self._matches(one)
            for policy in policies
            for one in policy.document.value["Statement"]
            if one["Effect"] == effect and self._names(one) and self._named(one, principal)
        ]
        return z3.Or(found) if found else False

    def _named(self, one: Statement, principal: str | None) -> bool:
        element = one.get("Principal")
        named = element["AWS"] if isinstance(element, dict) else element
        if principal is not None:
            return bool(named == principal)
        return named in (None, "*", ROLE, ID)

    def _names(self, one: Statement) -> bool:
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
            return z3.InRe(_ARN, _pattern(text))
        start, key, end = re.fullmatch(r"(.*)\$\{(.*)\}(.*)\*", text).groups()  # type: ignore[union-attr]
        there, value = _key(key)
        return z3.And(there, z3.PrefixOf(z3.Concat(z3.StringVal(start), value, z3.StringVal(end)), _ARN))

    def _condition(self, written: str, key: str, values: list[str]) -> Any:
        if written.startswith("ForAnyValue"):
            return z3.Bool(f"{written} {key} {values}")
        if key == "aws:PrincipalArn":
            return True  # the pool has only such as are true of the role
        there, value = _key(key)
        if key == "aws:RequestedRegion" and self.region:
            there = True
            if self.region == "arn":
                equal = z3.Or(
                    [z3.PrefixOf(f"arn:aws:{service}:{each}:", _ARN) for each in values for service in (self.service,)]
                )
            else:
                equal = z3.BoolVal(self.region in values)
        elif written.startswith("StringLike"):
            equal = z3.Or([z3.InRe(value, z3.Concat(z3.Re(each[:-1]), z3.Star(_char))) for each in values])
        else:
            equal = z3.Or([value == each for each in values])
        if written == "Null":
            return z3.Not(there) if values == ["true"] else there
        if "Not" in written:
            return z3.Or(z3.Not(there), z3.Not(equal))
        return z3.Or(z3.Not(there), equal) if written.endswith("IfExists") else z3.And(there, equal)


def _key(key: str) -> tuple[Any, Any]:
    return z3.Bool(f"{key} is there"), z3.String(key)


def _world() -> list[Any]:
    """What values keys can have."""
    _there, value = _key("aws:MultiFactorAuthPresent")
    texts = [z3.Length(_key(key)[1]) > 0 for key in ("aws:SourceVpc",)]
    return [z3.Or(value == "true", value == "false"), *texts]


@dataclass
class Difference:
    pair: Pair
    action: str
    side: str
    resource: str


@dataclass
class Tally:
    pairs: int = 0
    said: int = 0
    nothing: int = 0
    incomplete: int = 0
    undecided: int = 0
    missed: list[Difference] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)
    took: list[float] = field(default_factory=list)


SIDES = {"gained": ("newly_allowed", "loosened"), "lost": ("newly_denied", "tightened")}


def account() -> Account:
    return Account(ID, "random", datetime(2026, 1, 1, tzinfo=UTC))


def compare(pair: Pair, tally: Tally, whose: Account) -> None:
    start = time.process_time()
    request = Request(ROLE, "s3:GetObject", pair.resource)
    change = access_change(pair.before, pair.after, request, whose)
    tally.took.append(time.process_time() - start)
    tally.pairs += 1
    tally.incomplete += not change.fully_computed
    tally.nothing += not change
    for name in ASKED:
        known = action(name)
        assert known is not None
        for side in SIDES:
            told = [one for kind in SIDES[side] for one in getattr(change, kind) if name in one.names()]
            tally.said += len(told)
            for one in told:
                _confirm(pair, known.resource_types, name, side, one, tally)
            if change.fully_computed:
                _seek(pair, known.resource_types, name, side, told, tally)


def _kinds(types: Iterable[ResourceType]) -> Iterable[tuple[ResourceType, str]]:
    for kind in types:
        region = kind.arn.split(":")[3]
        yield kind, "arn" if region else ""


def _differs(pair: Pair, name: str, kind: ResourceType, region: str, side: str) -> Any:
    service = name.partition(":")[0]
    region = "us-east-1" if service == "iam" else region
    both = pair.before.resource is not None or pair.after.resource is not None
    was, now = (
        Formula(each, pair.kind, pair.resource, name, region, both).allowed() for each in (pair.before, pair.after)
    )
    if side == "lost":
        was, now = now, was
    return z3.And(z3.Not(was), now, z3.InRe(_ARN, _shape(kind.arn, kind.closed)), *_world())


def _seek(pair: Pair, types: Iterable[ResourceType], name: str, side: str, told: list[Changed], tally: Tally) -> None:
    """A request that is decided otherwise and lies in nothing that was told."""
    for kind, region in _kinds(types):
        solver = z3.Solver()
        solver.set("rlimit", MOST_WORK)
        solver.add(_differs(pair, name, kind, region, side))
        if told and any(other.fits(one.witness) and other != kind for one in told for other in types):
            continue  # told of another type that the action takes: not said twice
        solver.add(*(z3.Not(z3.InRe(_ARN, _pattern(one.pattern))) for one in told))
        match solver.check():
            case z3.sat:
                resource = str(solver.model().eval(_ARN))
                tally.missed.append(Difference(pair, name, side, resource))
            case z3.unknown:
                tally.undecided += 1


def _confirm(pair: Pair, types: Iterable[ResourceType], name: str, side: str, one: Changed, tally: Tally) -> None:
    kind, region = next((each for each in _kinds(types) if each[0].fits(one.witness)), (None, ""))
    if kind is None:
        tally.wrong.append(Difference(pair, name, side, one.witness))
        return
    solver = z3.Solver()
    solver.set("rlimit", MOST_WORK)
    solver.add(_differs(pair, name, kind, region, side), one.witness == _ARN)
    match solver.check():
        case z3.unsat:
            tally.wrong.append(Difference(pair, name, side, one.witness))
        case z3.unknown:
            tally.undecided += 1


def run(numbers: Iterable[int], seed: int) -> Tally:
    maker, tally, whose = Maker(seed), Tally(), account()
    compare(maker.pair(0), Tally(), whose)  # reads the lists of actions
    for number in numbers:
        compare(maker.pair(number), tally, whose)
    return tally


def main(arguments: list[str]) -> int:
    number, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    tally = run(range(number), seed)
    took = sorted(tally.took)
    print(f"{tally.pairs} pairs; {tally.nothing} said to change nothing; {tally.said} effects said")
    print(f"missed: {len(tally.missed)}; said and not so: {len(tally.wrong)}")
    print(f"not fully computed: {tally.incomplete}; undecided by z3: {tally.undecided}")
    median, most = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    print(f"time: median {median:.1f} ms, 99th percentile {most:.1f} ms")
    for words, found in (("missed", tally.missed), ("not so", tally.wrong)):
        for each in found[:10]:
            print(f"{words}: pair {each.pair.number} ({each.pair.kind}), {each.side} {each.action} on {each.resource}")
    return 1 if tally.missed or tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
