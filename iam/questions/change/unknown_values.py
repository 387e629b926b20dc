"""Compare two sets of policies on one request, for every value that its unknown condition keys may have.

A world is an assignment of values to all families of unknown keys (`iam.questions.change.key_values`). Both sets of
policies are evaluated in it by the normal rules; keys without a value yet count as unknown, so that few worlds are
needed. The result lists all ways in which the decision changes: conditions that are met, and conditions that are not. A
resource pattern with variables whose values are unknown may match or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from iam.policy.compiled import Asked, CompiledStatement, ResourceElement
from iam.policy.condition_keys import KeyPresence, Presence
from iam.policy.conditions import Condition
from iam.policy.evaluate import decide, evaluate, match_layers, setting
from iam.policy.request import Policies, Request
from iam.policy.statements import ConditionBlock
from iam.policy.variables import Lookup, Template, plain, template
from iam.questions.catalogue import PROBE
from iam.questions.change.key_values import (
    Point,
    Shape,
    Surroundings,
    Tested,
    TooManyValues,
    Values,
    family_of,
    points,
    subsets,
)

MOST_WORLDS = 2_000
"""The maximum number of worlds that are evaluated for one request. If more are needed, the request is not decided."""
MOST_WAYS = 12
"""The maximum number of ways that are listed for one changed decision; if there are more, the result is incomplete."""


class TooManyWorlds(Exception):
    """Raised if a comparison needs more than `MOST_WORLDS`, or too many values of a key."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a decision changes: the conditions that must be met for it, and those that must not be met.

    ``met`` and ``unmet`` contain only the conditions that make a difference.

    ``context`` contains values of the unknown keys that cause the change; it is None if such values could not be found
    because policy variables are unknown.
    """

    met: tuple[ConditionBlock, ...] = ()
    unmet: tuple[ConditionBlock, ...] = ()
    context: Mapping[str, Values] | None = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison of one request. ``before`` and ``after`` say whether the request can be allowed at all.

    ``gained``: the ways in which a denied request is now allowed; ``lost``: the reverse. If ``complete`` is False,
    there may be more ways.
    """

    before: bool
    after: bool
    gained: tuple[Way, ...] = ()
    lost: tuple[Way, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """The condition keys for which a request has no value.

    ``hidden`` are keys that count as unknown although the principal has values for them, because it represents many
    principals. ``shape`` is the pattern of their ARNs. ``since`` is the earliest time of the request, in seconds since
    1970. ``but`` maps keys (in lower case) to values that they do not have.
    """

    presence: KeyPresence
    hidden: frozenset[str] = frozenset()
    shape: Shape | None = None
    since: int = 0
    but: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def asked(self, request: Request) -> Asked:
        """Return the request prepared for evaluation, with the hidden keys unknown."""
        return _Hiding(request, self.hidden) if self.hidden else Asked(request)

    def absent(self, key: str) -> bool:
        return self.presence(key) is Presence.NEVER


class _Hiding(Asked):
    """A request in which some keys of the principal are unknown."""

    __slots__ = ("_hidden",)

    def __init__(self, request: Request, hidden: frozenset[str]) -> None:
        super().__init__(request)
        self._hidden = hidden

    def lookup(self, key: str) -> tuple[str, ...] | None:
        return None if key.lower() in self._hidden else super().lookup(key)


def with_values(asked: Request, context: Mapping[str, Values]) -> Request:
    """Return the request with these values for condition keys (in lower case). A key with the value None is absent."""
    given = {key: had for key, had in asked.context.items() if key.lower() not in context}
    given |= {key: values for key, values in context.items() if values is not None}
    arn = context.get("aws:principalarn")
    return replace(asked, principal=arn[0] if arn else asked.principal, context=given)


def compared(request: Request, before: Policies, after: Policies, unknown: Unknown) -> Compared:
    """Return whether and how the decision on a request changes. Raises `PolicyError` and `TooManyWorlds`."""
    clauses = _Clauses(unknown)
    was, now = _Side(request, before, clauses), _Side(request, after, clauses)
    hopes = was.allowed((), True), now.allowed((), True)
    fears = was.at_worst(hopes[0]), now.at_worst(hopes[1])
    if hopes == fears:  # no unknown key matters
        return Compared(*hopes, (Way(),) if hopes == (False, True) else (), (Way(),) if hopes == (True, False) else ())
    try:
        search = _Search(was, now, clauses.families())
    except TooManyValues as error:
        raise TooManyWorlds from error
    gained, lost = search.ways((False, True)), search.ways((True, False))
    possible_before = fears[0] or (hopes[0] and (bool(lost) or search.is_possible((True, None))))
    possible_after = fears[1] or (hopes[1] and (bool(gained) or search.is_possible((None, True))))
    return Compared(possible_before, possible_after, gained, lost, search.complete)


_Truths = tuple["bool | None", ...]
"""The truth values of clauses, by number. None means unknown. Clauses beyond the end are unknown too."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a statement whose truth depends on unknown keys.

    It is either a condition (``tested``) or a list of texts with unset variables. A list is true if one of its texts
    has the right value; with ``negated``, it is true if none has.
    """

    family: str
    tested: Tested | None = None
    block: ConditionBlock | None = None
    texts: tuple[str, ...] = ()
    negated: bool = False

    @property
    def open_texts(self) -> tuple[str, ...]:
        """The texts with variables whose values are unknown."""
        return self.tested.open if self.tested is not None else self.texts


@dataclass(frozen=True, slots=True)
class _Family:
    """Clauses that depend on the same keys, by number, and all their possible combined truth values."""

    clauses: tuple[int, ...]
    points: tuple[Point, ...]


_ARN = "aws:principalarn"
_NO_VALUE = "\ue000 no value"
"""A condition value that never equals the key's value."""


class _Clauses:
    """The clauses on which statements of both sides depend."""

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown
        self.numbers: dict[_Clause, int] = {}

    def of(self, one: CompiledStatement, asked: Asked) -> tuple[int, ...] | None:
        """Return the clauses on which a statement depends. Its action and principal must match already.

        Empty if it matches whatever the unknown values are; None if it never matches.
        """
        found: list[int] = []
        if one.resource is not None:
            matches = self._resource(one, one.resource, asked)
            if matches is False:
                return None
            found += [matches] if matches is not True else []
        for condition in one.conditions:
            holds = self._condition(condition, asked)
            if holds is False:
                return None
            found += [holds] if holds is not True else []
        return tuple(found)

    def _number(self, clause: _Clause) -> int:
        return self.numbers.setdefault(clause, len(self.numbers))

    def _resource(self, one: CompiledStatement, element: ResourceElement, asked: Asked) -> int | bool:
        if element.in_doubt(asked, one.deny):
            text = f"part of {' '.join((element.if_completed or element).patterns)}"
            return self._number(_Clause(f"{text} in {asked.resource}", texts=(text,)))
        named, texts = element.without_open(asked, one.deny, self.unknown.absent)
        # If no pattern without unknown variables matches, one with the right value for its variable may match.
        if named is not element.negated or not texts:
            return named
        return self._number(_Clause("resource", texts=texts, negated=element.negated))

    def _condition(self, condition: Condition, asked: Asked) -> int | bool:
        had = asked.lookup(condition.block.key)
        key = condition.key
        if had is not None:
            return self._open_variables(condition, asked)
        if self.unknown.absent(key):
            return condition.holds(asked.lookup)
        fixed, open_texts = self._values(condition, asked)
        if not fixed and not open_texts:  # each value contains a variable that is absent, so nothing equals it
            fixed = (_NO_VALUE,)
        written = condition.block.operator
        if condition.operator.over is not None and open_texts:
            text = f"{written} {key} {condition.block.values}"
            return self._number(_Clause(text, None, condition.block, (text,)))
        return self._number(_Clause(family_of(key), Tested(written, key, fixed, open_texts), condition.block))

    def _open_variables(self, condition: Condition, asked: Asked) -> int | bool:
        """Return the clause of a condition on a known key, or the condition's truth if no value is unknown.

        The value of a variable can only make a positive operator true, and a negated one false.
        """
        fixed, open_texts = self._values(condition, asked) if condition.templates else ((), ())
        if not open_texts:
            return condition.holds(asked.lookup)
        block, negated = condition.block, condition.operator.negated
        known = Condition(ConditionBlock(block.operator, block.key, fixed or (_NO_VALUE,)), False).holds(asked.lookup)
        if known is not negated:
            return known
        if (turned := _turned(condition, asked, open_texts)) is not None:
            return self._number(_Clause(family_of(turned.key), turned, block))
        family = f"variable {condition.key} {' '.join(open_texts)}"
        return self._number(_Clause(family, None, block, open_texts, negated))

    def _values(self, condition: Condition, asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the values with their variables resolved, and the texts with variables whose values are unknown."""
        if not condition.templates:
            return condition.block.values, ()
        fixed, open_texts = [], []
        for text, filled in _templates(condition):
            if filled is None:
                fixed.append(text)
            elif filled.is_void(asked.lookup, self.unknown.absent):
                continue
            elif filled.open_keys(asked.lookup, self.unknown.absent):
                open_texts.append(text)
            else:
                fixed.append(filled.resolve(asked.lookup) or "")
        return tuple(fixed), tuple(open_texts)

    def families(self) -> list[_Family]:
        """Return the clauses grouped by the keys that they depend on, with all possible truth values of each group.

        Raises `TooManyValues`.
        """
        groups: dict[str, list[tuple[int, _Clause]]] = {}
        for clause, number in self.numbers.items():
            groups.setdefault(clause.family, []).append((number, clause))
        return [self._family(family, group) for family, group in groups.items()]

    def _family(self, family: str, group: list[tuple[int, _Clause]]) -> _Family:
        numbers = tuple(number for number, _ in group)
        tested = tuple(clause.tested for _, clause in group if clause.tested is not None)
        if len(tested) < len(group):
            return _Family(numbers, _filled([clause for _, clause in group]))
        unknown = self.unknown
        keys = {one.key for one in tested}
        but = unknown.but.get(_ARN if family == "caller" else tested[0].key, frozenset())
        surroundings = Surroundings(
            any(unknown.presence(key) is not Presence.ALWAYS for key in keys),
            unknown.shape if family == "caller" else None,
            unknown.since if family == "time" else 0,
            but,
        )
        return _Family(numbers, points(family, tested, surroundings))


def _turned(condition: Condition, asked: Asked, open_texts: tuple[str, ...]) -> Tested | None:
    """Turn the comparison of a known value with one variable into a condition on the variable's key, or return None."""
    had, filled = asked.lookup(condition.block.key), template(open_texts[0])
    base = condition.operator.base
    if had is None or len(had) != 1 or len(open_texts) > 1 or filled is None or condition.operator.over is not None:
        return None
    variable = filled.whole
    if variable is None or base not in ("StringEquals", "StringEqualsIgnoreCase", "StringLike"):
        return None
    ignores = base.removeprefix("StringEquals") if base != "StringLike" else ""
    negated = "Not" if condition.operator.negated else ""
    name = f"String{negated}Equals{ignores}"
    if variable.default is not None and _equals(variable.default, had[0], bool(ignores)):
        # Without the key, the variable's default equals the value.
        name = f"ForAnyValue:{name}" if negated else f"{name}IfExists"
    return Tested(name, variable.key.lower(), had)


def _equals(one: str, other: str, ignores_case: bool) -> bool:
    return one.lower() == other.lower() if ignores_case else one == other


def _filled(clauses: list[_Clause]) -> tuple[Point, ...]:
    """Return all combinations in which texts with unset variables can have the right value. Raises `TooManyValues`."""
    texts = tuple(dict.fromkeys(text for clause in clauses for text in clause.texts))
    found: dict[tuple[bool, ...], Point] = {}
    for filled in subsets(texts):
        truths = tuple(any(text in filled for text in clause.texts) is not clause.negated for clause in clauses)
        found.setdefault(truths, Point({}, filled, truths))
    return tuple(found.values())


def _templates(condition: Condition) -> Iterator[tuple[str, Template | None]]:
    live = set(condition.templates)
    for text in condition.block.values:
        filled = template(text)
        yield text, filled if filled in live else None


class _Side:
    """The decisions of one set of policies on a request."""

    def __init__(self, request: Request, policies: Policies, clauses: _Clauses) -> None:
        self.request, self._policies, self.clauses = request, policies, clauses
        self.asked = clauses.unknown.asked(request)
        self._where = setting(request, self.asked.caller)
        self._of: dict[int, tuple[int, ...] | None] = {}

    def decides(self, context: Mapping[str, Values]) -> bool:
        """Whether the request is allowed with these values of its unknown keys."""
        return evaluate(with_values(self.request, context), self._policies).allowed

    def allowed(self, truths: _Truths, optimistic: bool) -> bool:
        """Whether the request is allowed with these truth values. Unknown clauses count in its favor, or against it."""
        known = len(truths)

        def holds(one: CompiledStatement, asked: Asked) -> bool:
            clauses = self.of(one)
            if not clauses:
                return clauses is not None
            open_ended = False
            for number in clauses:
                truth = truths[number] if number < known else None
                if truth is False:
                    return False
                open_ended = open_ended or truth is None
            return not open_ended or optimistic is not one.deny

        matched = match_layers(self.asked, self._policies, self._where, holds)
        return decide(self.request, self._policies, self._where, matched, self.asked).allowed

    def at_worst(self, at_best: bool) -> bool:
        return self.allowed((), False) if at_best and any(self._of.values()) else at_best

    def of(self, one: CompiledStatement) -> tuple[int, ...] | None:
        if id(one) not in self._of:
            self._of[id(one)] = self.clauses.of(one, self.asked)
        return self._of[id(one)]


_Wanted = tuple["bool | None", "bool | None"]
_Term = dict[int, bool]
"""Clauses, by number, with the truth values that together determine a decision."""


class _Search:
    """A search for worlds in which both sides give the required decisions.

    ``complete`` is False if not all ways were found.
    """

    def __init__(self, was: _Side, now: _Side, families: list[_Family]) -> None:
        self._sides, self._families = (was, now), families
        self._number = sum(len(family.clauses) for family in families)
        self._family_of = {number: at for at, family in enumerate(families) for number in family.clauses}
        self._clauses = {number: clause for clause, number in was.clauses.numbers.items()}
        self._looked_at = 0
        self.complete = True

    def is_possible(self, wanted: _Wanted) -> bool:
        return self._world({}, wanted, []) is not None

    def ways(self, wanted: _Wanted) -> tuple[Way, ...]:
        """Return all ways in which the policies before and after the change give the required decisions."""
        terms: list[_Term] = []
        found: dict[Way, None] = {}
        while (world := self._world({}, wanted, terms)) is not None:
            if len(found) == MOST_WAYS:
                self.complete = False
                break
            term = self._shortened(world, wanted)
            terms.append(term)
            found.setdefault(self._way(term, world, wanted))
            if not term:
                break
        return tuple(found)

    def _world(self, chosen: dict[int, Point], wanted: _Wanted, but: list[_Term]) -> dict[int, Point] | None:
        """Return the points of a world in which both sides give the required decisions and no term is true, or None."""
        self._looked_at += 1
        if self._looked_at > MOST_WORLDS:
            raise TooManyWorlds
        truths = self._truths(chosen)
        settled = True
        for side, want in zip(self._sides, wanted, strict=True):
            if want is None or side.allowed(truths, not want) is want:
                continue
            if side.allowed(truths, want) is not want:
                return None
            settled = False
        hanging: Iterable[int] = ()
        for term in but:
            its = [truths[number] is truth for number, truth in term.items() if truths[number] is not None]
            if not all(its):
                continue
            if len(its) == len(term):
                return None
            hanging = term
        if settled and not hanging:
            return chosen
        at = self._next(chosen, hanging)
        if at is None:
            return None
        for point in self._families[at].points:
            found = self._world({**chosen, at: point}, wanted, but)
            if found is not None:
                return found
        return None

    def _next(self, chosen: dict[int, Point], hanging: Iterable[int]) -> int | None:
        """Return the next family to choose a point for, or None if all are chosen.

        Families on which a term depends come first.
        """
        first = next((self._family_of[number] for number in hanging if self._family_of[number] not in chosen), None)
        if first is not None:
            return first
        return next((at for at in range(len(self._families)) if at not in chosen), None)

    def _truths(self, chosen: Mapping[int, Point]) -> _Truths:
        truths: list[bool | None] = [None] * self._number
        for at, point in chosen.items():
            for number, truth in zip(self._families[at].clauses, point.truths, strict=True):
                truths[number] = truth
        return tuple(truths)

    def _shortened(self, world: Mapping[int, Point], wanted: _Wanted) -> _Term:
        """Return a minimal set of a world's clauses that determines its decisions; false clauses are dropped first."""
        term = {number: truth for number, truth in enumerate(self._truths(world)) if truth is not None}
        for number in sorted(term, key=lambda each: (term[each], each)):
            fewer = {each: truth for each, truth in term.items() if each != number}
            truths = self._following(fewer)
            if all(
                want is None or side.allowed(truths, not want) is want
                for side, want in zip(self._sides, wanted, strict=True)
            ):
                term = fewer
        return term

    def _following(self, term: _Term) -> _Truths:
        """Return the truth value of every clause that follows from the given ones; None for the other clauses."""
        truths: list[bool | None] = [None] * self._number
        for family in self._families:
            its = [(place, term[number]) for place, number in enumerate(family.clauses) if number in term]
            left = [point.truths for point in family.points if all(point.truths[at] is truth for at, truth in its)]
            for place, number in enumerate(family.clauses):
                values = {each[place] for each in left}
                truths[number] = values.pop() if len(values) == 1 else None
        return tuple(truths)

    def _way(self, term: _Term, world: Mapping[int, Point], wanted: _Wanted) -> Way:
        met, unmet = (
            tuple(
                dict.fromkeys(
                    block for number, holds in term.items() if holds is truth and (block := self._clauses[number].block)
                )
            )
            for truth in (True, False)
        )
        every = [world.get(at, family.points[0]) for at, family in enumerate(self._families)]
        context = {key: values for point in every for key, values in point.values.items()}
        if any(clause.open_texts for clause in self._clauses.values()):
            return Way(met, unmet, self._filled(every, context, wanted))
        return Way(met, unmet, context)

    def _filled(self, every: list[Point], context: dict[str, Values], wanted: _Wanted) -> dict[str, Values] | None:
        """Return the context with values for variables that make the required texts equal, and no others.

        None if the decisions differ with these values.
        """
        asked = Asked(self._sides[0].request)  # hidden keys without another value have the principal's own values here

        def lookup(key: str) -> tuple[str, ...] | None:
            return context[key.lower()] if key.lower() in context else asked.lookup(key)

        for family, point in zip(self._families, every, strict=True):
            for clause in (self._clauses[number] for number in family.clauses):
                for text in clause.open_texts:
                    filled = template(text)
                    if filled is not None and not self._fill(clause, filled, text in point.filled, context, lookup):
                        return None
        decided = [side.decides(context) for side in self._sides]
        return context if all(want in (None, got) for want, got in zip(wanted, decided, strict=True)) else None

    def _fill(
        self, clause: _Clause, filled: Template, is_equal: bool, context: dict[str, Values], lookup: Lookup
    ) -> bool:
        """Set a policy variable, or the condition key compared with it, so that their values are equal or differ.

        Return False if that is impossible.
        """
        key = clause.tested.key if clause.tested else clause.block.key if clause.block else ""
        free = clause.tested is not None and clause.family != "caller"
        variables = {each for each in filled.keys if lookup(each) is None}
        if not is_equal:
            if free and lookup(key) == (plain(filled.resolve(lookup) or ""),):
                context[key] = (f"{PROBE}-other",)
        elif variables:
            had = (lookup(key) or ("",))[0] if key else self._sides[0].asked.resource
            value = had if filled.whole is not None else filled.fitting(lookup, had)
            if value is None or len(variables) > 1:
                return False
            context[variables.pop().lower()] = (value,)
        elif free:
            context[key] = (plain(filled.resolve(lookup) or ""),)
        elif filled.whole is not None and key:
            context[filled.whole.key.lower()] = lookup(key)
        return True
