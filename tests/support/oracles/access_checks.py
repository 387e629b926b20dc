"""Access checks of documents, against z3 on the same question.

    python -m tests.support.oracles.access_checks NUMBER [SEED]

NUMBER random pairs of identity policies, and of each pair one question about some access. For each action that is asked
about, z3 says whether a request exists that one policy allows and the other does not (or that lies in what is asked
about). A check that says otherwise is printed, and exit status 1.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import z3

from diagnostics.access_checks.check import ACCOUNT, AccessCheck, granted_access, new_access
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.request import Policies
from iam.service_reference import action
from tests.support.oracles.arn_classes import classes, regex
from tests.support.oracles.compare_effects import ASKED, Formula, _in, _world
from tests.support.oracles.random_changes import ACTIONS, ID, PATTERNS, Maker, policy


@dataclass
class Tally:
    pairs: int = 0
    asked: int = 0
    exist: int = 0
    undecided: int = 0
    wrong: list[str] = field(default_factory=list)

    def report(self) -> int:
        print(f"{self.pairs} pairs, {self.asked} questions, access exists in {self.exist}", end=", ")
        print(f"undecided {self.undecided}, wrong {len(self.wrong)}")
        print("\n".join(self.wrong))
        return 1 if self.wrong else 0


Limits = tuple[list[str], list[str]]
"""Actions and resources that are asked about; none where all are."""


def _exists(name: str, allowed: Document, unless: Document | None, limits: Limits, more: tuple[str, ...] = ()) -> bool:
    """Whether z3 finds a request for an action that ``allowed`` allows, ``unless`` does not, and is within limits.

    ``more`` are values of the variables of resources.
    """
    known = action(name)
    assert known is not None
    actions, resources = limits
    if actions and not any(regex(f"{'x:' * 6}{text}").fullmatch(f"{'x:' * 6}{name}") for text in actions):
        return False
    for kind in known.resource_types:
        region = "us-east-1" if name.startswith("iam") else "arn" if kind.arn.split(":")[3] else ""
        sides = [_formula(each, kind.arn, name, region, more) for each in (allowed, unless) if each is not None]
        formulas = [each.allowed() for each in sides]
        patterns = tuple(sorted({*resources, *(text for each in sides for text in each.asked)} - {"*"}))
        solver = z3.Solver()
        solver.add(formulas[0], *(z3.Not(each) for each in formulas[1:]), *_world(more), _in("*") == True)  # noqa: E712
        if resources:
            solver.add(z3.Or([_in(text) for text in resources]))
        choice = []
        for matched, arns in classes(kind.arn, kind.closed, patterns).items():
            here = z3.Bool(f"is {arns[0]}")
            choice.append(here)
            solver.add(*(z3.Implies(here, _in(text) == (text in matched)) for text in patterns))
        solver.add(z3.Or(choice))
        if solver.check() == z3.sat:
            return True
    return False


class _OfAnybody(Formula):
    """Without the principals' own rules: documents are asked for any role or user."""

    def _must_be_granted(self) -> bool:
        return False

    def _condition(self, written: str, key: str, values: list[str]) -> Any:
        if key == "aws:PrincipalArn":
            return z3.Bool(f"{written} {key} {values}")
        return super()._condition(written, key, values)


def _formula(document: Document, kind: str, name: str, region: str, more: tuple[str, ...]) -> Formula:
    policies = Policies(identity=(policy(*document.value["Statement"]),))
    return _OfAnybody(policies, kind, "", name, region, False, more)


def _document(maker: Maker, chosen: random.Random) -> Document:
    maker.choose_by(chosen)
    return policy(*(maker.statement() for _ in range(chosen.randint(1, 4)))).document


def _compare(
    number: int, check: AccessCheck, allowed: Document, unless: Document | None, limits: Limits, tally: Tally
) -> None:
    """Compare for each action; the formulas have one account, so what is found in another one is left out."""
    named = any(ID in each.text for each in (allowed, unless) if each is not None)
    numbers = ([""], [ID if named else ACCOUNT])
    here = [each for each in check.grants if each.effect.resource.split(":", 5)[4:5] in numbers]
    found = {name: each.effect.witness for each in here for name in each.actions}
    tally.undecided += not check.computed
    for name in ASKED:
        more = tuple(dict.fromkeys(re.split("[:/]", found.get(name, ""))))
        exists = _exists(name, allowed, unless, limits, more)
        tally.asked += 1
        tally.exist += exists
        if exists and name not in found and check.computed:
            tally.wrong.append(f"pair {number}: {name} exists and was not found")
        elif not exists and name in found:
            tally.wrong.append(f"pair {number}: {name} was found and does not exist")


def run(numbers: Iterable[int], seed: int) -> Tally:
    maker, tally = Maker(seed), Tally()
    for number in numbers:
        chosen = random.Random(f"access {seed} {number}")
        old, new = _document(maker, chosen), _document(maker, chosen)
        if chosen.random() < 0.5:  # most changes are small
            kept = list(old.value["Statement"])
            new = policy(*kept[: len(kept) - chosen.randint(0, 1)], *new.value["Statement"][:1]).document
        tally.pairs += 1
        _compare(number, new_access(old, new, PolicyKind.IDENTITY), new, old, ([], []), tally)
        actions = chosen.sample(ACTIONS, 2)
        own = [text for text in PATTERNS if text.startswith("arn:") and "$" not in text and text.count(":") > 4]
        resources = chosen.sample(own, chosen.randint(0, 2))
        check = granted_access(new, PolicyKind.IDENTITY, actions, resources)
        _compare(number, check, new, None, (actions, resources), tally)
    return tally


def main(arguments: list[str]) -> int:
    number, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    return run(range(number), seed).report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
