"""Compare the engine with the specification on random requests.

    python -m tests.specification.compare COUNT [SEED [first]]

Three questions are asked: the decision of a request; of a request of which values are unknown, whether what the
engine calls certain is so for every value; of a request with wildcards, whether its answer is true of the resources
that it stands for. With ``first`` it ends at the first difference. A difference is shrunk to the fewest policies,
statements and conditions that show it, and printed. Exit status 1 when there is any.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from iam.policy.condition_keys import Presence
from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import read
from iam.policy.unknown_keys import Certainty, certainty
from tests.specification.model import ALLOWED, EXPLICIT, Case, as_list, decisions
from tests.specification.requests import VALUES, Requests

UNKNOWN = "x-unknown"  # where a case keeps the keys whose values are unknown
_LAYERS = ("identityPolicies", "resourcePolicy", "boundaryPolicies", "sessionPolicy", "vpcEndpointPolicies", "scps",
           "rcps")  # fmt: skip


def difference(case: Case) -> str | None:
    """How the engine's answer differs from the specification's; None where it does not."""
    if case.get(UNKNOWN):
        return _difference_of_unknown(case)
    if "*" in case["resource"]:
        return _difference_of_wild(case)
    theirs = decisions(case)
    found = evaluate(*read(case))
    ours = (found.outcome.value, found.otherwise.value if found.otherwise is not None else None)
    return None if ours == theirs else f"the engine decides {ours}, the specification {theirs}"


def _worlds(case: Case) -> Iterator[Case]:
    """The case with every combination of values of its unknown keys, absent ones too."""
    keys = case[UNKNOWN]
    pending: list[dict[str, Any]] = [case["contextVariables"]]
    for key in keys:
        values: list[Any] = [["team"], ["team", "env"], []] if key == "aws:TagKeys" else list(VALUES[key])
        pending = [{**had, key: value} for had in pending for value in values] + pending
    for context in pending:
        yield {**case, "contextVariables": context, UNKNOWN: []}


def _difference_of_unknown(case: Case) -> str | None:
    unknown = frozenset(key.lower() for key in case[UNKNOWN])
    answer = certainty(*read(case), lambda key: Presence.PERHAPS if key in unknown else Presence.NEVER)
    if answer is Certainty.IF:
        return None
    for world in _worlds(case):
        allowed = {each == ALLOWED for each in decisions(world) if each is not None}
        if (answer is Certainty.CERTAIN and False in allowed) or (answer is Certainty.NEVER and True in allowed):
            return f"the engine says {answer.value}, which is wrong with {json.dumps(world['contextVariables'])}"
    return None


def _members(case: Case) -> Iterator[Case]:
    """Resources that a request with wildcards stands for."""
    stem = case["resource"].removesuffix("*")
    names = (
        "a.csv",
        "ada/B",
        "x",
        "blue/1",
        "B",
        "raw/a.csv",
        "raw/ada/B",
        "raw/blue/1",
        "green/a.csv",
        "lake",
        "",
        "*x",
    )
    for name in names:
        yield {**case, "resource": stem + name}


def _difference_of_wild(case: Case) -> str | None:
    found = evaluate(*read(case))
    if found.otherwise is not None:
        return None
    without = _without_denies(case)
    for member in _members(case):
        decision = decisions(member)
        if not found.allowed and decision == (ALLOWED, None):
            return f"the engine denies, and {member['resource']} is allowed"
        denied = found.allowed and decision == (EXPLICIT, None)
        if denied and decisions({**without, "resource": member["resource"]})[0] == ALLOWED:
            return f"the engine allows, and {member['resource']}, which an Allow covers, is denied"
    return None


def _without_denies(case: Case) -> Case:
    return _mapped(case, lambda one: None if one["Effect"] == "Deny" else one)


def _mapped(case: Case, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Case:
    """The case with every statement changed; without those that become None."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(item) for item in value]
        statements = [found for one in as_list(value["Statement"]) if (found := change(one)) is not None]
        return {**value, "Statement": statements}

    return {key: walk(value) if key in _LAYERS else value for key, value in case.items()}


def shrunk(case: Case, differs: Callable[[Case], bool]) -> Case:
    """The smallest case that is found to show the difference, by leaving out one part after the other."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(case):
            if differs(candidate):
                case, smaller = candidate, True
                break
    return case


def _smaller(value: Any) -> Iterator[Any]:
    """A value with one part less, at any depth."""
    if isinstance(value, dict):
        for key in value:
            if key not in ("principal", "action", "resource", "Version", "Statement", "Effect"):
                yield {other: its for other, its in value.items() if other != key}
        for key, its in value.items():
            yield from ({**value, key: less} for less in _smaller(its))
    elif isinstance(value, list) and value:
        yield from (value[:at] + value[at + 1 :] for at in range(len(value)))
        yield from ([*value[:at], less, *value[at + 1 :]] for at, its in enumerate(value) for less in _smaller(its))


def kinds(requests: Requests, number: int) -> Case:
    """A random case: every 25th with unknown values, every tenth of some with wildcards in its resource."""
    case = requests.case()
    if number % 25 == 3:
        context = case["contextVariables"]
        keys = [key for key in (*VALUES, "aws:TagKeys") if key in _asked(case)][:2]
        lower = {key.lower() for key in keys}
        case["contextVariables"] = {key: value for key, value in context.items() if key.lower() not in lower}
        case[UNKNOWN] = keys
    elif number % 10 == 7 and case["resource"].startswith("arn:aws:s3:::lake/"):
        case["resource"] = "arn:aws:s3:::lake/raw/*" if number % 20 == 7 else "arn:aws:s3:::lake/*"
    return case


def _asked(case: Case) -> frozenset[str]:
    text = json.dumps([case.get(layer) for layer in _LAYERS])
    return frozenset(key for key in (*VALUES, "aws:TagKeys") if key in text)


def counted(case: Case, seen: Counter[str]) -> None:
    """Count what a case is about."""
    seen["requests"] += 1
    for layer in _LAYERS:
        if case.get(layer):
            seen[f"layer {layer}"] += 1
    operators = set()

    def note(one: dict[str, Any]) -> dict[str, Any]:
        operators.update(one.get("Condition", ()))
        return one

    _mapped(case, note)
    seen.update(f"operator {name}" for name in operators)
    if case.get(UNKNOWN):
        seen["unknown values"] += 1
    if "*" in case["resource"]:
        seen["wildcards in the request"] += 1
    seen[f"decision {decisions(case)[0]}"] += 1


def main(arguments: list[str]) -> int:
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    requests, seen, started = Requests(seed), Counter[str](), time.monotonic()
    differences = 0
    for number in range(count):
        case = kinds(requests, number)
        if number % 50 == 0:
            counted(case, seen)  # one of fifty: the shares are known to a tenth of a percent at a million
        said = difference(case)
        if said is not None:
            differences += 1
            if arguments[2:] == ["first"]:
                print(f"differs after {number + 1} requests: {said}")
                return 1
            if differences <= 5:
                small = shrunk(case, lambda one: _differs(one))
                print(json.dumps(small), "\n   ", difference(small), flush=True)
    total = seen.pop("requests")
    for name, number in sorted(seen.items()):
        print(f"{number / total:7.1%} {name}")
    print(f"{count:,} requests, seed {seed}: {differences} differences, {time.monotonic() - started:.0f} s")
    return 1 if differences else 0


def _differs(case: Case) -> bool:
    try:
        return difference(case) is not None
    except (KeyError, ValueError, TypeError, AttributeError):
        return False  # left out too much


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
