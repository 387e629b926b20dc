"""What a request's outcome can be while some of its condition keys are not told.

The engine takes a key without a value for absent, as AWS does. Asked of an account ("who may …") most keys of a call
are not absent but unknown: where it comes from, at what time, with which tags. So a statement can hold, not hold, or
hold *if*. A request is then decided twice by the same rules: hopefully, with every "if" of an Allow granted and every
"if" of a Deny not, and fearfully, the other way round. What is allowed fearfully is allowed whatever the keys are; what
is not allowed hopefully never is; what lies between is allowed under conditions, which are named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.conditions import Condition
from iam.policy.decision import Decision, Layer
from iam.policy.evaluate import Matched, decide, match_layers, setting
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock

KnownAbsent = Callable[[str], bool]
"""Whether a condition key (lower case) that has no value is known to be absent from every such request."""


class Holds(Enum):
    NO = 0
    IF = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement of a decision, and the conditions that it hangs on: none when it holds whatever the keys are.
    ``variables`` are the keys without a value in its resources; ``in_part`` says that a Deny spares some of the
    resources that were asked for by a pattern."""

    layer: Layer
    policy: NamedPolicy
    statement: int
    sid: str | None
    effect: str
    conditions: tuple[ConditionBlock, ...] = ()
    variables: tuple[str, ...] = ()
    level: int | None = None
    in_part: bool = False

    @property
    def certain(self) -> bool:
        return not self.conditions and not self.variables and not self.in_part


@dataclass(frozen=True, slots=True)
class Possibility:
    """``decision`` is the hopeful one. ``certain`` says that it does not hang on a key that nobody told: only then is
    an Allow sure. ``statements`` are those that make it: for an Allow the granting ones of every layer, for an explicit
    deny the denying ones. ``unless`` are the Deny statements that may match after all."""

    decision: Decision
    certain: bool
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.decision.allowed


def _never_known(_: str) -> bool:
    return False


def possible(request: Request, policies: Policies, absent: KnownAbsent = _never_known) -> Possibility:
    """Decide hopefully and fearfully. Raises `PolicyError` as `evaluate` does."""
    asked = Asked(request)
    where = setting(request, asked.caller)
    judge = _Judge(absent)
    hopeful = match_layers(asked, policies, where, judge.hopeful)
    decision = decide(request, policies, where, hopeful, asked)
    if not judge.open:
        return Possibility(decision, True, judge.statements(hopeful, decision))
    fearful = match_layers(asked, policies, where, judge.fearful)
    certain = not decision.allowed or decide(request, policies, where, fearful, asked).allowed
    return Possibility(decision, certain, judge.statements(hopeful, decision), judge.doubts(fearful))


def holds_in_all(request: Request, policies: Policies, absent: KnownAbsent = _never_known) -> tuple[bool, bool]:
    """Whether the request is allowed hopefully, and whether also fearfully: `possible` without its reasons."""
    asked = Asked(request)
    where = setting(request, asked.caller)
    judge = _Judge(absent)
    hopeful = decide(request, policies, where, match_layers(asked, policies, where, judge.hopeful), asked).allowed
    if not judge.open or not hopeful:
        return hopeful, hopeful
    return True, decide(request, policies, where, match_layers(asked, policies, where, judge.fearful), asked).allowed


_Found = tuple[Holds, tuple[Condition, ...], tuple[str, ...], bool]
"""Whether a statement holds, the conditions and the variables that it hangs on, and whether it spares a part."""


class _Judge:
    """Judges statements for one request, each once."""

    __slots__ = ("_absent", "_judged", "open")

    def __init__(self, absent: KnownAbsent) -> None:
        self._absent = absent
        self._judged: dict[int, _Found] = {}
        self.open = False

    def hopeful(self, one: CompiledStatement, asked: Asked) -> bool:
        holds = self._judge(one, asked)[0]
        return holds is Holds.YES or (holds is Holds.IF and not one.deny)

    def fearful(self, one: CompiledStatement, asked: Asked) -> bool:
        holds = self._judge(one, asked)[0]
        return holds is Holds.YES or (holds is Holds.IF and one.deny)

    def _judge(self, one: CompiledStatement, asked: Asked) -> _Found:
        found = self._judged.get(id(one))
        if found is None:
            found = self._judged[id(one)] = self._look(one, asked)
            self.open = self.open or found[0] is Holds.IF
        return found

    def _look(self, one: CompiledStatement, asked: Asked) -> _Found:
        variables: tuple[str, ...] = ()
        if one.resource is not None and not one.resource.names(asked, one.deny):
            variables = self._unknown(one.resource.unresolved_near(asked)) if not one.resource.negated else ()
            if not variables:
                return Holds.NO, (), (), False
        in_part = one.deny and one.resource is not None and one.resource.spares_a_part(asked)
        hanging = []
        for condition in one.conditions:
            holds = self.condition(condition, asked)
            if holds is Holds.NO:
                return Holds.NO, (), (), False
            if holds is Holds.IF:
                hanging.append(condition)
        if hanging or variables or in_part:
            return Holds.IF, tuple(hanging), variables, in_part
        return Holds.YES, (), (), False

    def condition(self, condition: Condition, asked: Asked) -> Holds:
        if asked.lookup(condition.block.key) is None:
            # Where the key itself is known to be absent, no variable's value matters.
            known = self._absent(condition.key)
            return Holds.IF if not known else Holds.YES if condition.holds(asked.lookup) else Holds.NO
        holds = condition.holds(asked.lookup)
        # The value of a variable can only make a positive operator true, and a negated one false.
        if holds is condition.operator.negated and self._unknown(condition.unresolved(asked.lookup)):
            return Holds.IF
        return Holds.YES if holds else Holds.NO

    def _unknown(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of variables that may have a value; all of one text need one."""
        return () if any(self._absent(key.lower()) for key in keys) else keys

    def statements(self, matched: dict[Layer, Matched], decision: Decision) -> tuple[Judged, ...]:
        """The statements that make the outcome. Of a layer's (and level's) grants, those without an "if" suffice."""
        found: list[Judged] = []
        for layer, its in matched.items():
            listed = its.allows if decision.allowed else its.denies
            judged = [self._as_judged(layer, policy, one, level) for policy, one, level in listed]
            sure = {one.level for one in judged if one.certain}
            found += [one for one in judged if one.certain or one.level not in sure]
        return tuple(found)

    def doubts(self, fearful: dict[Layer, Matched]) -> tuple[Judged, ...]:
        judged = [
            self._as_judged(layer, policy, one, level)
            for layer, its in fearful.items()
            for policy, one, level in its.denies
        ]
        return tuple(one for one in judged if not one.certain)

    def _as_judged(self, layer: Layer, policy: NamedPolicy, one: CompiledStatement, level: int | None) -> Judged:
        _, conditions, variables, in_part = self._judged[id(one)]
        statement = one.statement
        blocks = tuple(condition.block for condition in conditions)
        place = (layer, policy, statement.index, statement.sid, statement.effect)
        return Judged(*place, blocks, variables, level, in_part)
