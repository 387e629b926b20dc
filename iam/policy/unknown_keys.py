"""Evaluate a request with unknown condition keys: is it always allowed, allowed under conditions, or never allowed?

`iam.policy.evaluate` treats a key without a value as absent, as AWS does. Here a key that AWS always sends is unknown
instead (`iam.policy.condition_keys`), so a statement can match, not match, or match *if*. The request is evaluated by
the same rules under three assumptions: optimistic (every "if" of an Allow is met, none of a Deny), pessimistic (the
reverse) and cautious (no "if" is met). A request that is allowed under the pessimistic assumption is always allowed;
one that is denied under the optimistic assumption is never allowed; any other is allowed under conditions, which are
listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.condition_keys import (
    KeyPresence,
    KnownAbsent,
    Presence,
    known_absent,
    of_an_endpoint,
    through_an_endpoint,
)
from iam.policy.conditions import Condition
from iam.policy.decision import Decision
from iam.policy.evaluate import Holds, Matched, decide, match_layers, setting
from iam.policy.layer import Layer
from iam.policy.other_than import worlds
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock


class Certainty(Enum):
    CERTAIN = "certain"
    IF = "if"
    NEVER = "never"


class Match(Enum):
    """Whether a statement, or a part of it, matches a request. ``IF``: it depends on unknown keys."""

    NO = 0
    IF = 1
    YES = 2


class KeyReading(Enum):
    """An assumption about statements that may match: (whether such an Allow counts, whether such a Deny counts)."""

    OPTIMISTIC = (True, False)
    CAUTIOUS = (False, False)
    PESSIMISTIC = (False, True)

    __hash__ = object.__hash__  # Enum's own is slow, and these are looked up for every decision


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A condition key without a known value, on which a statement depends.

    ``operator`` and ``wanted`` are the operator and the values of its condition. For a policy variable in the
    statement's resources, ``operator`` is empty and ``wanted`` contains the values that the variable must have, if they
    can be determined.
    """

    key: str
    operator: str = ""
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement that contributed to a decision, and the conditions that it depends on.

    ``conditions`` is empty if the statement matches regardless of the values of the unknown keys. ``variables`` are the
    keys of policy variables in its resources that have no value. ``in_part``: a Deny applies only to some of the
    resources that a request with wildcards represents. ``keys`` are all keys that it depends on.
    """

    layer: Layer
    policy: NamedPolicy
    statement: int
    sid: str | None
    effect: str
    conditions: tuple[ConditionBlock, ...] = ()
    variables: tuple[str, ...] = ()
    level: int | None = None
    in_part: bool = False
    keys: tuple[UnknownKey, ...] = field(default=(), compare=False)

    @property
    def certain(self) -> bool:
        return not self.conditions and not self.variables and not self.in_part


@dataclass(frozen=True, slots=True)
class Possibility:
    """Whether a request can be allowed. ``decision`` is made under the optimistic assumption.

    ``statements`` are those that cause it: if the request is allowed, the Allow statements of every layer, and for an
    explicit deny the Deny statements. ``unless`` are Deny statements that may match too.
    """

    decision: Decision
    certainty: Certainty
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.certainty is not Certainty.NEVER

    @property
    def certain(self) -> bool:
        """Whether the outcome is the same for all values of the unknown keys."""
        return self.certainty is not Certainty.IF


def always_perhaps(_: str) -> Presence:
    """Return `Presence.PERHAPS`. If the principal is unknown, any key may be present."""
    return Presence.PERHAPS


def never(_: str) -> bool:
    """Return False. Used as a predicate that no condition key satisfies."""
    return False


def possible(request: Request, policies: Policies, presence: KeyPresence = always_perhaps) -> Possibility:
    """Return whether the request is allowed, and which conditions that depends on.

    Raises `PolicyError` as `evaluate` does.
    """
    readings = Readings(request, policies, presence)
    optimistic = readings.decision(KeyReading.OPTIMISTIC)
    found = readings.certainty
    return Possibility(optimistic, found, readings.statements(optimistic), readings.doubts() if readings.open else ())


def certainty(request: Request, policies: Policies, presence: KeyPresence = always_perhaps) -> Certainty:
    """Return only the certainty that `possible` finds, without the statements that cause it."""
    return Readings(request, policies, presence).certainty


class Readings:
    """Evaluates one request lazily under each assumption about unknown keys; every statement is judged once.

    If ``resource_known`` is False, the request's resource, ``*``, represents one unknown resource. ``may_be_sent``
    selects keys that the caller may have sent, although ``presence`` treats them as absent. They do not affect the
    decision, and are not reported as having no value.
    """

    __slots__ = ("_decisions", "_matched", "_where", "asked", "judge", "policies", "request")

    def __init__(
        self,
        request: Request,
        policies: Policies,
        presence: KeyPresence = always_perhaps,
        *,
        resource_known: bool = True,
        may_be_sent: KnownAbsent = never,
    ) -> None:
        self.request, self.policies = request, policies
        if through_an_endpoint(request.context):
            presence = of_an_endpoint(presence)
        self.asked = Asked(request)
        self.judge = Judge(presence, resource_known, may_be_sent)
        self._where = setting(request, self.asked.caller)
        self._matched: dict[KeyReading, dict[Layer, Matched]] = {}
        self._decisions: dict[KeyReading, Decision] = {}

    @property
    def open(self) -> bool:
        """Whether any statement judged so far depends on something unknown."""
        return self.judge.open

    @property
    def certainty(self) -> Certainty:
        if not self.decision(KeyReading.OPTIMISTIC).allowed:
            return Certainty.NEVER
        return Certainty.CERTAIN if self.decision(KeyReading.PESSIMISTIC).allowed else Certainty.IF

    def matched(self, reading: KeyReading) -> dict[Layer, Matched]:
        """Return, by layer, the statements that match under this assumption about the unknown keys."""
        found = self._matched.get(reading)
        if found is None:
            if self._matched and not self.open:
                return next(iter(self._matched.values()))
            found = match_layers(self.asked, self.policies, self._where, self.judge.holds(reading))
            self._matched[reading] = found
        return found

    def decision(self, reading: KeyReading) -> Decision:
        found = self._decisions.get(reading)
        if found is None:
            if self._decisions and not self.open:
                return next(iter(self._decisions.values()))
            found = decide(self.request, self.policies, self._where, self.matched(reading), self.asked)
            self._decisions[reading] = found
        return found

    def statements(self, decision: Decision) -> tuple[Judged, ...]:
        """Return the statements that cause the decision, which was made under the optimistic assumption.

        If a layer, or a level of it, has statements that match unconditionally, its conditional ones are left out.
        """
        found: list[Judged] = []
        for layer in self.matched(KeyReading.OPTIMISTIC):
            judged = self.judged(layer, KeyReading.OPTIMISTIC, deny=not decision.allowed)
            if self.open:
                sure = {one.level for one in judged if one.certain}
                judged = [one for one in judged if one.certain or one.level not in sure]
            found += judged
        return tuple(found)

    def doubts(self) -> tuple[Judged, ...]:
        """Return the Deny statements that may match but do not certainly match."""
        pessimistic = self.matched(KeyReading.PESSIMISTIC)
        return tuple(
            one for layer in pessimistic for one in self.judged(layer, KeyReading.PESSIMISTIC, True) if not one.certain
        )

    def judged(self, layer: Layer, reading: KeyReading, deny: bool) -> list[Judged]:
        """Return a layer's Deny (or Allow) statements that match under this assumption, and what they depend on."""
        its = self.matched(reading).get(layer)
        if its is None:
            return []
        found = []
        for policy, one, level in its.denies if deny else its.allows:
            match, conditions, variables, in_part = self.judge.found(one, self.asked)
            statement = one.statement
            place = (layer, policy, statement.index, statement.sid, statement.effect)
            if match is Match.YES:
                found.append(Judged(*place, level=level))
                continue
            blocks = tuple(condition.block for condition in conditions)
            found.append(Judged(*place, blocks, variables, level, in_part, tuple(self.judge.keys(one, self.asked))))
        return found


def _may_hold(condition: Condition, values: tuple[str, ...] | None, asked: Asked) -> bool:
    """Whether a condition can be met by a request whose unknown key has these values."""
    if condition.unresolved(asked.lookup):
        return True
    return condition.holds(lambda key: values if key.lower() == condition.key else asked.lookup(key))


_Found = tuple[Match, tuple[Condition, ...], tuple[str, ...], bool]
"""Whether a statement matches, its undecided conditions, its unset variables, and whether it matches in part."""
_NO: _Found = (Match.NO, (), (), False)
_YES: _Found = (Match.YES, (), (), False)


class Judge:
    """Decides whether the statements of one request match, each once."""

    __slots__ = ("_found", "_presence", "_resource_known", "may_be_sent", "open")

    def __init__(self, presence: KeyPresence, resource_known: bool = True, may_be_sent: KnownAbsent = never) -> None:
        self._presence = presence
        self._resource_known = resource_known
        self.may_be_sent = may_be_sent
        self._found: dict[int, _Found] = {}
        self.open = False

    def holds(self, reading: KeyReading) -> Holds:
        allow_if, deny_if = reading.value

        def holds(one: CompiledStatement, asked: Asked) -> bool:
            match = self.found(one, asked)[0]
            return match is Match.YES or (match is Match.IF and (deny_if if one.deny else allow_if))

        return holds

    def found(self, one: CompiledStatement, asked: Asked) -> _Found:
        """Return whether a statement's resource and conditions match, and what that depends on.

        The statement's action and principal must match already.
        """
        found = self._found.get(id(one))
        if found is None:
            found = self._found[id(one)] = self._look(one, asked)
            self.open = self.open or found[0] is Match.IF
        return found

    def _look(self, one: CompiledStatement, asked: Asked) -> _Found:
        matches, variables = self.resource(one, asked)
        part_of_all = matches is Match.NO and one.deny and asked.wild
        if matches is Match.NO and not part_of_all:
            return _NO
        in_part = matches is Match.IF and not variables
        hanging = []
        for condition in one.conditions:
            holds = self.condition(condition, asked)
            if holds is Match.NO:
                return _NO
            if holds is Match.IF:
                hanging.append(condition)
        if len(hanging) > 1 and self._contradict(hanging, asked):
            return _NO
        if one.deny and asked.wild and not hanging and not variables:
            asked.partial.add(id(one))
        if part_of_all:
            return _NO
        if hanging or matches is Match.IF:
            return Match.IF, tuple(hanging), variables, in_part
        return _YES

    def resource(self, one: CompiledStatement, asked: Asked) -> tuple[Match, tuple[str, ...]]:
        """Return whether a statement matches the resource, and the policy variables on which this depends."""
        element = one.resource
        if element is None:
            return Match.YES, ()
        names = element.names(asked, one.deny)
        if element.in_doubt(asked, one.deny):
            return Match.IF, ()
        if element.has_variables and (keys := self._open((key,) for key in element.defaulted(asked))):
            return Match.IF, keys
        if names is element.negated:
            # No pattern matches. One with unset variables would match if they had the right values.
            near = element.open_near(asked) if element.has_variables else ()
            if near and (variables := self._open(filled.unresolved(asked.lookup) for _, filled in near)):
                return Match.IF, variables
            if not names and not (one.deny and not self._resource_known and not element.negated):
                return Match.NO, ()
        elif not names:
            return Match.NO, ()
        if not one.deny or element.everything:
            return Match.YES, ()
        return (Match.YES if self._resource_known else Match.IF), ()

    def condition(self, condition: Condition, asked: Asked) -> Match:
        if asked.excluded and (found := self._of_others(condition, asked)) is not None:
            return found
        had = asked.lookup(condition.block.key)
        if had is None:
            presence = self._presence(condition.key)
            if presence is not Presence.NEVER:
                holds, fails = condition.outcomes
                if condition.templates and condition.is_dead(asked.lookup, known_absent(self._presence)):
                    holds, fails = condition.operator.negated, not condition.operator.negated
                if presence is not Presence.ALWAYS:
                    without = condition.holds(asked.lookup)
                    holds, fails = holds or without, fails or not without
                return Match.IF if holds and fails else Match.YES if holds else Match.NO
        if had and condition.templates:
            defaulted = (key for filled in condition.templates for key in filled.defaulted(asked.lookup))
            if self._open((key,) for key in defaulted):
                return Match.IF
        holds = condition.holds(asked.lookup)
        # The value of a variable can only make a positive operator true, and a negated one false.
        settled = not had or not condition.templates or holds is not condition.operator.negated
        if not settled and self._open(condition.may_resolve(had or (), asked.lookup)):
            return Match.IF
        return Match.YES if holds else Match.NO

    def _of_others(self, condition: Condition, asked: Asked) -> Match | None:
        """Return whether a condition matches, for a key of which only an excluded value is known.

        Return None for a condition that does not depend on such a key.
        """
        variables = [key for filled in condition.templates for key in filled.keys]
        here = condition.key in asked.excluded
        if not here and (
            asked.lookup(condition.key) is None or not any(key.lower() in asked.excluded for key in variables)
        ):
            return None
        if any(key.lower() not in asked.excluded and asked.lookup(key) is None for key in variables):
            return None  # some other value is unknown, too
        tried = worlds((condition,), asked.excluded, self._absent(asked), asked.lookup)
        if tried is None:
            return Match.IF
        outcomes = {condition.holds(lookup) for lookup in tried}
        return Match.IF if len(outcomes) > 1 else Match.YES if outcomes == {True} else Match.NO

    def _absent(self, asked: Asked) -> dict[str, bool]:
        return {key: self._presence(key) is Presence.NEVER for key in asked.excluded}

    def _contradict(self, conditions: Iterable[Condition], asked: Asked) -> bool:
        """Whether a statement's conditions on one unknown key contradict each other.

        No value then meets all of them. If one condition requires equality, the values that it lists are tried. If an
        excluded value of the key is known, an example of each other case is tried.
        """
        by_key: dict[str, list[Condition]] = {}
        for condition in conditions:
            if asked.lookup(condition.block.key) is None:
                by_key.setdefault(condition.key, []).append(condition)
        for key, its in by_key.items():
            if len(its) > 1 and key in asked.excluded and not any(one.templates for one in its):
                together = worlds(its, {key: asked.excluded[key]}, self._absent(asked), asked.lookup)
                if together is not None and not any(all(one.holds(each) for one in its) for each in together):
                    return True
                continue
            values = next((one.block.values for one in its if one.names_values), None) if len(its) > 1 else None
            if values is None:
                continue
            tried: list[tuple[str, ...] | None] = [(value,) for value in values]
            if self._presence(key) is not Presence.ALWAYS:
                tried.append(None)
            if not any(all(_may_hold(one, value, asked) for one in its) for value in tried):
                return True
        return False

    def keys(self, one: CompiledStatement, asked: Asked) -> Iterator[UnknownKey]:
        """Yield the keys on which a statement depends.

        These are the keys of its conditions, of variables in its conditions, and of variables in its resources.
        """
        _, conditions, variables, _ = self.found(one, asked)
        for condition in conditions:
            block, had = condition.block, asked.lookup(condition.block.key)
            if had is None:
                yield UnknownKey(block.key, block.operator, condition.matching(asked.lookup))
            else:
                for key in self._open(condition.may_resolve(had, asked.lookup)):
                    yield UnknownKey(key, block.operator)
        if variables and one.resource is not None:
            values = [filled.fitting(asked.lookup, asked.resource) for _, filled in one.resource.open_near(asked)]
            fitting = tuple(dict.fromkeys(filter(None, values))) if len(variables) == 1 else ()
            yield from (UnknownKey(key, "", fitting) for key in variables)

    def _open(self, variables: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
        """Return the keys whose value is unknown but may be present.

        ``variables`` contains the keys that each text uses. The keys of a text are returned only if all of them may
        have a value.
        """
        found: dict[str, None] = {}
        for keys in variables:
            if not any(self._presence(key.lower()) is Presence.NEVER for key in keys):
                found.update(dict.fromkeys(keys))
        return tuple(found)
