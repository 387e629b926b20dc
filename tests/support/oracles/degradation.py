"""Facts made weaker, one at a time: ``python -m tests.support.oracles.degradation [PLANTED [SEED]]``.

Every denial of the demo account (stated and bare), those of the conformance messages and as many planted ones (500 by
default) is diagnosed again with one fact a guess, a default, absent or unread. *certain* and *verified* may survive
only where every possible value gives the same result: each surviving claim is tried in worlds with other values, and
what turns out false is a violation.
Printed last: the answers, and how many verdicts are certain and fixes verified, with all facts and without one.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from diagnostics.access_denied import build_case, procedure
from diagnostics.access_denied.case import policies_of
from diagnostics.access_denied.near_misses import place_words
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, Evidence, Status
from diagnostics.failure import Denial
from diagnostics.fix import Fix
from diagnostics.words import POLICY_TYPES
from iam.claims import Source, degraded
from iam.demo.open import open_demo
from iam.layers import FIELD_OF_LAYER, LayerReading
from iam.policy.condition_keys import through_an_endpoint
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.demo.failures import FAILURES
from tests.support.denials.planted import ASKED, PAIRS, TOLD, account, planted, refused
from tests.support.oracles.check_answers import plant_too

Context = Mapping[str, tuple[str, ...]]
NAMED = {"principal": "who", "action": "what", "resource": "on"}
_ABSENT = "absent"
_EVERYTHING = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@dataclass(frozen=True, slots=True)
class DenialCase:
    """A denial with all that is known of it."""

    name: str
    denial: Denial
    opened: OpenedAccount
    context: Context
    role: str | None = None

    def diagnosis(self) -> Diagnosis:
        return collect(self.denial, self.opened, self.context, role=self.role)


@dataclass(frozen=True, slots=True)
class Degradation:
    """One fact made weaker: ``fact`` is a name of ``request`` or a layer, ``way`` how."""

    fact: str
    way: str


def demo_cases() -> Iterator[DenialCase]:
    reader = open_demo(as_user=None, region=None)
    opened = OpenedAccount(list(reader.accounts())[-1], reader)
    for failure in FAILURES:
        for words, text in (("stated", failure.text), ("bare", failure.bare)):
            parsed = read_text(text)[0] if text else None
            if not isinstance(parsed, Denial):
                continue
            if failure.resource and parsed.resource is None:
                parsed = replace(parsed, resource=failure.resource)
            yield DenialCase(f"{failure.id} {words}", parsed, opened, failure.context, failure.role)


MESSAGES = Path(__file__).parents[2] / "diagnostics" / "text" / "read" / "conformance" / "access_denied_messages.jsonl"


def message_cases() -> Iterator[DenialCase]:
    """The denials of the conformance messages, in the demo account: most are of an account of strangers there."""
    reader = open_demo(as_user=None, region=None)
    opened = OpenedAccount(list(reader.accounts())[-1], reader)
    for number, line in enumerate(MESSAGES.read_text("utf-8").splitlines(), start=1):
        parsed = read_text(json.loads(line)["message"])[0]
        if isinstance(parsed, Denial):
            yield DenialCase(f"message {number}", parsed, opened, {})


def planted_cases(count: int, seed: int) -> Iterator[DenialCase]:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            dice = random.Random(f"{seed} {number}")
            layer, fault = dice.choice(PAIRS)
            asked = dice.choice(ASKED)
            content = account(layer, planted(fault, asked, dice), dice)
            for other, its_fault in dice.sample(PAIRS, dice.choice((0, 1))):
                if other != layer:
                    plant_too(content, other, planted(its_fault, asked, dice), dice)
            reader = open_snapshot(alder.write(Path(folder) / "account.json", content))
            stated = dice.random() < 0.5
            denial = read_text(refused(asked, layer if stated else None, fault))[0]
            assert isinstance(denial, Denial)
            opened = OpenedAccount(list(reader.accounts())[-1], reader)
            yield DenialCase(f"{number}: {layer}.{fault}{' stated' if stated else ''}", denial, opened, TOLD)


def degradations(case: DenialCase, found: Diagnosis) -> Iterator[Degradation]:
    """Each fact of a case in each way."""
    for name in NAMED:
        if name in found.request and getattr(case.denial, name):
            yield from (Degradation(name, way) for way in ("guess", "default", _ABSENT))
    for key in case.context:
        yield from (Degradation(key, way) for way in ("guess", "default", _ABSENT))
    if found.case_file is not None:
        _, _, policies = found.case_file.evaluations[-1]
        yield from (Degradation(layer.value, "unread") for layer in Layer if policies_of(policies, layer))


def without(case: DenialCase, change: Degradation) -> Diagnosis:
    """The case diagnosed with one fact weaker."""
    if change.way == "unread":
        with _unread(Layer(change.fact)):
            return case.diagnosis()
    if change.way == _ABSENT:
        return _absent(case, change.fact).diagnosis()
    with _weaker(change.fact, Source(change.way)):
        return case.diagnosis()


def _absent(case: DenialCase, fact: str) -> DenialCase:
    if fact not in NAMED:
        context = {key: had for key, had in case.context.items() if key != fact}
        return DenialCase(case.name, case.denial, case.opened, context, case.role)
    value = getattr(case.denial, fact)
    changes: dict[str, Any] = {fact: None, "text": case.denial.text.replace(value, "something")}
    if fact == "action":
        changes["missing_action"] = None
    return DenialCase(case.name, replace(case.denial, **changes), case.opened, case.context, case.role)


@contextmanager
def _weaker(fact: str, source: Source) -> Iterator[None]:
    real = procedure.read_subject

    def read(*given: Any) -> Any:
        subject = real(*given)
        if fact in NAMED:
            had = getattr(subject, NAMED[fact])
            return replace(subject, **{NAMED[fact]: had and degraded(had, source)})
        keys = {key: degraded(had, source) if key == fact else had for key, had in subject.keys.items()}
        return replace(subject, keys=keys)

    with patch.object(procedure, "read_subject", read):
        yield


@contextmanager
def _unread(layer: Layer) -> Iterator[None]:
    real = build_case.gathered_for

    def gathered(*given: Any, **more: Any) -> Any:
        found, faults = real(*given, **more)
        if not policies_of(found.policies, layer):
            return found, faults
        empty: dict[str, Any] = {FIELD_OF_LAYER[layer]: () if layer is Layer.IDENTITY else None}
        policies = replace(found.policies, **empty, unread=found.policies.unread | {layer})
        others = tuple(each for each in found.readings if each.layer is not layer)
        reading = LayerReading(layer, "", why="It is not read here.")
        return replace(found, policies=policies, readings=(*others, reading)), faults

    with patch.object(build_case, "gathered_for", gathered):
        yield


# Worlds in which the fact has another value.


def worlds(case: DenialCase, change: Degradation, found: Diagnosis, dice: random.Random) -> Iterator[DenialCase]:
    """The same denial where the fact is something else that it may be."""
    if change.way == "unread":
        return
    if change.fact not in NAMED:
        others = {key for key in case.context if key != change.fact}
        if change.fact.lower() == "aws:sourceip" and through_an_endpoint(others):
            return  # such a request has none: no other value is possible
        for value in _values(found, change.fact):
            context = {key: had for key, had in case.context.items() if key != change.fact}
            told = context if value is None else {**context, change.fact: (value,)}
            yield DenialCase(case.name, case.denial, case.opened, told, case.role)
        return
    for value in islice(_others(case, change.fact, dice), 2):
        denial = replace(case.denial, **{change.fact: value})
        yield DenialCase(case.name, denial, case.opened, case.context, None)


def _values(found: Diagnosis, key: str) -> Iterator[str | None]:
    """Other values of a key: none, one that no policy names, those that policies name."""
    yield None
    yield "203.0.113.77" if "ip" in key.lower() else "another"
    if found.case_file is not None:
        _, _, policies = found.case_file.evaluations[-1]
        wanted = {
            value
            for layer in Layer
            for policy in policies_of(policies, layer)
            for statement in policy.document.statements
            for block in statement.conditions
            if block.key.lower() == key.lower()
            for value in block.values
        }
        yield from sorted(wanted)[:3]


def _others(case: DenialCase, fact: str, dice: random.Random) -> Iterator[str]:
    known = case.opened.account
    if fact == "principal":
        names = sorted(known.role_names)
        for name in dice.sample(names, min(4, len(names))):
            yield f"arn:{known.partition}:sts::{known.id}:assumed-role/{name}/session"
    elif fact == "resource" and case.denial.resource:
        yield f"{case.denial.resource.strip(chr(34))}-other"
        yield case.denial.resource.replace(known.id, "999988887777")
    elif case.denial.action:
        yield f"{case.denial.action.partition(':')[0]}:TagResource"


_DERIVED = frozenset({"aws:SourceAccount"})
"""Keys whose value follows from another that is known: a service sends the account of the ARN that it sends."""


def violations(case: DenialCase, change: Degradation, weak: Diagnosis, full: Diagnosis, seed: int) -> Iterator[str]:
    """What the weaker diagnosis still claims, and is false in a world where the fact has another possible value."""
    certain = weak.verdict.confidence is Confidence.CERTAIN
    verified = [fix for fix in weak.fixes if fix.verified and fix.situation is not None]
    if change.way == "unread":
        for fix in verified:
            if not _allowed_whatever(fix, Layer(change.fact), weak):
                yield f"verified: {fix.title}"
        return
    had = weak.request.get(change.fact)
    derived = had is not None and had.settled and change.fact in _DERIVED
    if (not certain and not verified) or derived or (had is not None and had.known):
        return  # nothing is claimed, or another record states the fact, or it follows from another
    for world in worlds(case, change, full, random.Random(f"{seed} {case.name} {change.fact}")):
        there = world.diagnosis()
        if there.verdict.cause == "allowed.now":
            continue  # it was refused: that world is not this one
        if certain and not _stated(weak) and not _holds(weak, there):
            yield f"certain: {weak.verdict.cause}, and {there.verdict.cause} with another {change.fact}"
        if certain and _stated(weak) and (other := _other_statement(weak, there)):
            yield f"certain: {weak.verdict.cause} names a statement, and {other} with another {change.fact}"
        for fix in verified:
            request = _request(there)
            if request is not None and not _helps(fix, request, weak):
                yield f"verified: {fix.title}, and still denied with another {change.fact}"


def _stated(found: Diagnosis) -> bool:
    """Whether AWS's own words name the layer and the explicit deny that the verdict names."""
    word, _, fault = found.verdict.cause.partition(".")
    reason = getattr(found.failure, "stated_reason", None)
    return fault == "explicit-deny" and reason == f"explicit:{word}"


def _other_statement(claim: Diagnosis, there: Diagnosis) -> str:
    """The Deny that refuses in another world, where a verdict names one that does not; "" where that one does.

    AWS states the layer and that it was an explicit deny, not which statement: that is the verdict's own claim. A world
    in which no Deny of the layer matches is not the one of the message.
    """
    named = [each for each in _denies(claim) if _place(each) in claim.verdict.summary]
    found = _denies(there)
    word = claim.verdict.cause.partition(".")[0]
    inside = [each for each in found if each.layer in (None, word)]
    if not named or not inside or any(_same(one, other) for one in named for other in inside):
        return ""
    return f"{_place(inside[0])} denies it"


def _denies(found: Diagnosis) -> list[Evidence]:
    """The Deny statements that a diagnosis says to match."""
    step = next((each for each in found.steps if each.id == "explicit-denies"), None)
    return [each for each in step.evidence if each.policy is not None] if step and step.status is Status.FAIL else []


def _place(deny: Evidence) -> str:
    return place_words(deny.policy, deny.statement or 0, deny.sid)


def _same(one: Evidence, other: Evidence) -> bool:
    return (one.policy, one.statement, one.sid) == (other.policy, other.statement, other.sid)


def _holds(claim: Diagnosis, there: Diagnosis) -> bool:
    """Whether what a verdict says is so in another world: its cause is the same, or its layer refuses there as well."""
    word, _, fault = claim.verdict.cause.partition(".")
    other, _, its_fault = there.verdict.cause.partition(".")
    same = {fault, its_fault} <= {"condition-unmet", "condition-unknown"} or fault == its_fault
    if word == other and same:
        return True
    if word not in POLICY_TYPES:
        return False
    shown_by = "explicit-denies" if fault == "explicit-deny" else word
    step = next((each for each in there.steps if each.id == shown_by), None)
    return step is not None and step.status is Status.FAIL


def _request(found: Diagnosis) -> Request | None:
    return found.case_file.evaluations[-1][1] if found.case_file is not None else None


def _helps(fix: Fix, request: Request, weak: Diagnosis) -> bool:
    """Whether the request is allowed with the policies of a fix. The values that a fix of the call sends itself take
    the place of the request's; those of a fix of policies do not."""
    assert fix.situation is not None
    before = weak.case_file.evaluations[-1] if weak.case_file is not None else None
    had = before[1].context if before is not None else {}
    of_the_call = before is not None and fix.situation.policies == before[2]
    own = {
        key: values
        for key, values in fix.situation.request.context.items()
        if had.get(key) != values or (of_the_call and key not in weak.request)
    }
    return evaluate(replace(request, context={**request.context, **own}), fix.situation.policies).allowed


def _allowed_whatever(fix: Fix, layer: Layer, weak: Diagnosis) -> bool:
    """Whether a fix helps also where the unread layer refuses everything, as far as the text leaves that open."""
    stated = getattr(weak.failure, "stated_reason", None) or ""
    if stated.startswith("implicit:"):
        return True  # AWS says that no Deny matched, and which layer lacks an Allow
    assert fix.situation is not None
    refusing = NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": [_EVERYTHING]}), "unread")
    return evaluate(fix.situation.request, _with(fix.situation.policies, layer, refusing)).allowed


def _with(policies: Policies, layer: Layer, policy: NamedPolicy) -> Policies:
    value: Any = (policy,)
    if layer in (Layer.SCP, Layer.RCP):
        value = ((policy,),)
    elif layer is Layer.RESOURCE:
        everyone = Document.from_value({"Version": "2012-10-17", "Statement": [{**_EVERYTHING, "Principal": "*"}]})
        value = NamedPolicy(everyone, "unread")
    return replace(policies, **{FIELD_OF_LAYER[layer]: value}, unread=frozenset())


def run(cases: Iterator[DenialCase], seed: int, say: Callable[[str], None]) -> Counter[str]:
    """Degrade every fact of the cases; counts by name, with each violation said."""
    counted: Counter[str] = Counter()
    for case in cases:
        full = case.diagnosis()
        counted["answers"] += 1
        counted["certain"] += full.verdict.confidence is Confidence.CERTAIN
        counted["verified"] += sum(1 for fix in full.fixes if fix.verified)
        for change in degradations(case, full):
            weak = without(case, change)
            counted["degraded"] += 1
            counted["certain, degraded"] += weak.verdict.confidence is Confidence.CERTAIN
            counted["verified, degraded"] += sum(1 for fix in weak.fixes if fix.verified)
            for said in violations(case, change, weak, full, seed):
                counted["violations"] += 1
                say(f"{case.name}, {change.fact} {change.way}: {said}")
    return counted


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 500
    seed = int(arguments[1]) if len(arguments) > 1 else 0
    counted: Counter[str] = Counter()
    for cases in (demo_cases(), message_cases(), planted_cases(count, seed)):
        counted += run(cases, seed, print)
    print(dict(counted), file=sys.stderr)
    return 1 if counted["violations"] else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
