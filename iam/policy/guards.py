"""Two sets of policies compared on one request, for every value that its unknown condition keys may have.

A condition on a key that nobody told is taken apart into guards: "the key has this value", "it is absent". A guard is
opaque, true or false, and the same guard wherever the same value stands. So a decision is a function of guards, and two
decisions are compared for every truth that guards can have: exactly, where the policies ask each key with operators for
one value. (A block of an operator for sets is one guard; of patterns, sizes, times and addresses it is not known which
exclude each other: more may be found than there is, never less.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from iam.frozen import field, frozen, mutable
from iam.policy.compiled import Asked, CompiledStatement, ResourceElement
from iam.policy.condition_keys import KnownAbsent
from iam.policy.conditions import Condition
from iam.policy.evaluate import decide, match_layers, setting
from iam.policy.operators import operator
from iam.policy.request import Policies, Request
from iam.policy.statements import ConditionBlock
from iam.policy.variables import Template, template

MOST_WORLDS = 2_000
"""Truths of guards that are looked at for one question. Policies that need more are not decided."""


class TooManyGuards(Exception):
    """A question needs more than `MOST_WORLDS`."""


class Guard(NamedTuple):
    """``form`` is the positive operator, ``value`` the value as the policy writes it. `ABSENT`: the key has no value.
    `SET`: a whole block of a set operator. `VARIABLE`: a resource pattern whose variables have the right values."""

    form: str
    key: str
    value: str


ABSENT, SET, VARIABLE = "absent", "set", "variable"
_EXACT = frozenset({"StringEquals", "Bool"})
"""Operators that tell the key's value where they are true."""

World = Mapping[Guard, bool]
_Wanted = tuple["bool | None", "bool | None"]


@frozen
class Clause:
    """True where one of the guards is; when ``negated`` where none is. ``block`` is the condition that it stands for,
    None for a resource whose variables are unknown."""

    negated: bool
    guards: frozenset[Guard]
    block: ConditionBlock | None = None

    def holds(self, world: World) -> bool | None:
        """None where the world does not say."""
        unknown = False
        for guard in self.guards:
            truth = world.get(guard)
            if truth:
                return not self.negated
            unknown = unknown or truth is None
        return None if unknown else self.negated


Clauses = tuple[Clause, ...]


@frozen
class Compared:
    """``before`` and ``after``: whether it can be allowed at all. ``gained`` is a world in which it was denied and is
    allowed, ``lost`` the reverse; None where there is none."""

    before: bool
    after: bool
    gained: Truth | None = None
    lost: Truth | None = None


@frozen
class Truth:
    """The conditions that are ``met`` and ``unmet`` in a world, as far as they matter there."""

    met: tuple[ConditionBlock, ...] = ()
    unmet: tuple[ConditionBlock, ...] = ()


def compared(
    request: Request,
    before: Policies,
    after: Policies,
    absent: KnownAbsent,
    false: frozenset[Guard] = frozenset(),
) -> Compared:
    """``false`` are guards that are not true of the request. Raises `PolicyError` as `iam.policy.evaluate` does, and
    `TooManyGuards`."""
    was, now = _Side(request, before, absent), _Side(request, after, absent)
    hopes = was.allowed({}, True), now.allowed({}, True)
    fears = was.at_worst(hopes[0]), now.at_worst(hopes[1])
    if hopes == fears:  # nothing hangs on a guard
        return Compared(
            *hopes, Truth() if hopes == (False, True) else None, Truth() if hopes == (True, False) else None
        )
    search = _Search(was, now, dict.fromkeys(false, False))
    gained, lost = search.world((False, True)), search.world((True, False))
    possible_before = fears[0] or (hopes[0] and (lost is not None or search.world((True, None)) is not None))
    possible_after = fears[1] or (hopes[1] and (gained is not None or search.world((None, True)) is not None))
    return Compared(possible_before, possible_after, search.truth(gained), search.truth(lost))


@mutable
class _Side:
    """The decisions of one set of policies."""

    request: Request
    policies: Policies
    absent: KnownAbsent
    asked: Asked = field(init=False)
    clauses: dict[int, Clauses | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.asked = Asked(self.request)
        self.where = setting(self.request, self.asked.caller)

    def allowed(self, world: World, hopeful: bool) -> bool:
        """What the world does not say is taken for the best, or for the worst."""

        def holds(one: CompiledStatement, asked: Asked) -> bool:
            clauses = self.of(one)
            if not clauses:
                return clauses is not None
            open_ended = False
            for clause in clauses:
                truth = clause.holds(world)
                if truth is False:
                    return False
                open_ended = open_ended or truth is None
            return not open_ended or hopeful is not one.deny

        matched = match_layers(self.asked, self.policies, self.where, holds)
        return decide(self.request, self.policies, self.where, matched, self.asked).allowed

    def at_worst(self, at_best: bool) -> bool:
        return self.allowed({}, False) if at_best and any(self.clauses.values()) else at_best

    def of(self, one: CompiledStatement) -> Clauses | None:
        if id(one) not in self.clauses:
            self.clauses[id(one)] = clauses_of(one, self.asked, self.absent)
        return self.clauses[id(one)]


class _Search:
    def __init__(self, was: _Side, now: _Side, given: dict[Guard, bool]) -> None:
        self._sides, self._given = (was, now), given
        self._clauses = [clause for side in (was, now) for clauses in side.clauses.values() for clause in clauses or ()]
        self._guards = list(dict.fromkeys(guard for clause in self._clauses for guard in sorted(clause.guards)))
        self._looked_at = 0

    def world(self, wanted: _Wanted) -> World | None:
        """A world in which both sides decide as is wanted, None where there is none."""
        found = self._from(self._given, wanted)
        for guard in [each for each in found or () if each not in self._given]:
            fewer = {each: truth for each, truth in (found or {}).items() if each != guard}
            found = fewer if self._is_as(wanted, fewer) else found
        return found

    def _from(self, world: dict[Guard, bool], wanted: _Wanted) -> World | None:
        self._looked_at += 1
        if self._looked_at > MOST_WORLDS:
            raise TooManyGuards
        settled = True
        for side, want in zip(self._sides, wanted, strict=True):
            if want is None or side.allowed(world, not want) is want:
                continue
            if side.allowed(world, want) is not want:
                return None
            settled = False
        if settled:
            return world
        guard = self._next(world)
        if guard is None:
            return None
        for truth in (True, False):
            more = self._with(world, guard, truth)
            found = self._from(more, wanted) if more is not None else None
            if found is not None:
                return found
        return None

    def _is_as(self, wanted: _Wanted, world: World) -> bool:
        return all(
            want is None or side.allowed(world, not want) is want
            for side, want in zip(self._sides, wanted, strict=True)
        )

    def _next(self, world: World) -> Guard | None:
        """One that some condition still hangs on."""
        for clause in self._clauses:
            if clause.holds(world) is None:
                return next(guard for guard in sorted(clause.guards) if guard not in world)
        return None

    def _with(self, world: World, guard: Guard, truth: bool) -> dict[Guard, bool] | None:
        """The world with one more guard told, and what follows from it for the others; None where it cannot be."""
        more = {**world, guard: truth}
        for other in self._guards if truth and guard.form not in (SET, VARIABLE) else ():
            if other.key != guard.key or other == guard or other.form in (SET, VARIABLE):
                continue
            follows = _follows(guard, other)
            if follows is None:
                continue
            if more.setdefault(other, follows) is not follows:
                return None
        return more if truth or self._close(more, guard.key) else None

    def _close(self, world: dict[Guard, bool], key: str) -> bool:
        """A key that is asked for true and for false and whether it is absent is one of the three: fills in the last.
        False where it cannot be."""
        its: dict[str, list[Guard]] = {}
        for guard in self._guards:
            if guard.key == key and guard.form in (ABSENT, "Bool"):
                its.setdefault(ABSENT if guard.form == ABSENT else guard.value.lower(), []).append(guard)
        if its.keys() != {ABSENT, "true", "false"}:
            return True
        left = [guards for guards in its.values() if not any(world.get(guard) is False for guard in guards)]
        if len(left) == 1:
            world.update(dict.fromkeys(left[0], True))
        return bool(left)

    def truth(self, world: World | None) -> Truth | None:
        if world is None:
            return None
        told = [(clause.block, clause.holds(world)) for clause in self._clauses if clause.block is not None]
        met, unmet = (tuple(dict.fromkeys(block for block, holds in told if holds is truth)) for truth in (True, False))
        return Truth(met, unmet)


def _follows(true: Guard, other: Guard) -> bool | None:
    """Whether another guard on the same key is true where one is; None where it may or may not be."""
    if ABSENT in (true.form, other.form):
        return False
    if true.form not in _EXACT or "${" in true.value or "${" in other.value:
        return None
    known = operator(other.form)
    return bool(known.form.prepare(other.value)(true.value)) if known is not None else None


def clauses_of(one: CompiledStatement, asked: Asked, absent: KnownAbsent) -> Clauses | None:
    """What a statement that names action and principal hangs on: nothing when it matches whatever the unknown values
    are, None when it never does."""
    found = []
    if one.resource is not None:
        resource = _resource_clause(one, one.resource, asked, absent)
        if resource is None:
            return None
        found += [resource] if resource.guards else []
    for condition in one.conditions:
        clause = _clause(condition, asked, absent)
        if clause is None:
            return None
        found += [clause] if clause.guards else []
    return tuple(found)


_ALWAYS = Clause(True, frozenset())


def _resource_clause(
    one: CompiledStatement, element: ResourceElement, asked: Asked, absent: KnownAbsent
) -> Clause | None:
    named = element.names(asked, one.deny)
    if element.in_doubt(asked, one.deny):
        doubtful = element.if_completed or element
        return Clause(False, frozenset({Guard(VARIABLE, asked.resource, " ".join(doubtful.patterns))}))
    if named is not element.negated:
        return _ALWAYS if named else None
    # No pattern matches as it stands: one with the right value of a variable may.
    guards = frozenset(
        Guard(VARIABLE, asked.resource, text)
        for text, filled in element.open_near(asked)
        if not any(absent(key.lower()) for key in filled.unresolved(asked.lookup))
    )
    if not guards:
        return _ALWAYS if named else None
    return Clause(element.negated, guards)


def _clause(condition: Condition, asked: Asked, absent: KnownAbsent) -> Clause | None:
    """A condition's clause; without guards where it is true, None where it is false."""
    block, parts = condition.block, condition.operator
    holds = condition.holds(asked.lookup)
    if asked.lookup(block.key) is not None:
        return _with_open_variables(condition, holds, asked, absent)
    if absent(condition.key):
        return _ALWAYS if holds else None
    if parts.base == "Null":
        wanted = {text.lower() for text in block.values}
        if len(wanted & {"true", "false"}) != 1:
            return _ALWAYS if wanted & {"true", "false"} else None
        return Clause("false" in wanted, frozenset({Guard(ABSENT, condition.key, "")}), block)
    if parts.over is not None:
        text = f"{parts.over} {parts.negated} {parts.base} {parts.if_exists} {sorted(block.values)}"
        return Clause(False, frozenset({Guard(SET, condition.key, text)}), block)
    guards = {Guard(parts.base, condition.key, text) for text in _values(condition, asked, absent)}
    if parts.if_exists and not parts.negated:
        guards.add(Guard(ABSENT, condition.key, ""))
    if not guards:
        return _ALWAYS if parts.negated else None
    return Clause(parts.negated, frozenset(guards), block)


def _with_open_variables(condition: Condition, holds: bool, asked: Asked, absent: KnownAbsent) -> Clause | None:
    """Of a key whose value is told. The value of a variable can only make a positive operator true, and a negated one
    false."""
    negated = condition.operator.negated
    guards = frozenset(
        Guard(condition.operator.base, condition.key, text)
        for text, filled in _templates(condition)
        if filled.unresolved(asked.lookup) and _may_have_value(filled, asked, absent)
    )
    if holds is not negated or not guards:
        return _ALWAYS if holds else None
    return Clause(negated, guards, condition.block)


def _values(condition: Condition, asked: Asked, absent: KnownAbsent) -> Iterator[str]:
    """The values that the key could be equal to: one with a variable that has no value is equal to nothing."""
    nothing = {text for text, filled in _templates(condition) if not _may_have_value(filled, asked, absent)}
    yield from (text for text in condition.block.values if text not in nothing)


def _may_have_value(filled: Template, asked: Asked, absent: KnownAbsent) -> bool:
    return not any(absent(key.lower()) for key in filled.unresolved(asked.lookup))


def _templates(condition: Condition) -> Iterator[tuple[str, Template]]:
    live = set(condition.templates)
    for text in condition.block.values if live else ():
        filled = template(text)
        if filled is not None and filled in live:
            yield text, filled
