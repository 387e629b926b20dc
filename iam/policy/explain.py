"""Explain a decision: the Allow statements that nearly matched, and the Deny statements that match.

An explanation uses the same compiled statements as the decision, element by element, so the two never disagree.
Elements are checked in the order Action, Principal, Resource, Condition. The first element that fails is the
statement's fault; the later it fails, the nearer the statement is to matching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import nsmallest

from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.conditions import Condition
from iam.policy.decision import ConditionFailure, Decision, Fault, NearMiss, Outcome
from iam.policy.evaluate import Matched, accounts_are_named, decide, match_layers, ready, setting
from iam.policy.layer import Layer, LayerResult
from iam.policy.match import ARN_PARTS, differing_part
from iam.policy.principal import Named
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Judge, KeyReading, Match, Readings, always_perhaps
from iam.policy.variables import plain
from iam.policy.words import fact, holding, least_unlike, listed, nearest_first, wish

MAX_NEAR_MISSES = 50
"""The maximum number of near misses returned for each layer: a document may have thousands of statements."""

_CLASS = {
    Fault.CONDITION_UNKNOWN: 1000,
    Fault.UNRESOLVED_VARIABLE: 1200,
    Fault.CONDITION_UNMET: 1400,
    Fault.RESOURCE_MISMATCH: 2000,
    Fault.PRINCIPAL_MISMATCH: 3000,
    Fault.NO_ACTION: 4000,
}
_EACH_FURTHER = 150  # for every further element that fails


@dataclass(frozen=True, slots=True)
class MetCondition:
    """A condition that the request meets.

    ``wanted`` are the policy's values and ``had`` the request's (None: it lacks the key). ``unresolved`` are the keys
    of policy variables in the policy's values that have no value.
    """

    operator: str
    key: str
    wanted: tuple[str, ...]
    had: tuple[str, ...] | None
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DenyingStatement:
    """A Deny statement that matches, and why it matches.

    ``covers`` lists the elements, each with its values that match the request, such as ``("NotAction", ("iam:*",))``; a
    Not… element has all its values here, because none of them exempts the request.
    """

    layer: Layer
    policy: NamedPolicy
    statement: int
    sid: str | None
    covers: tuple[tuple[str, tuple[str, ...]], ...]
    conditions: tuple[MetCondition, ...]
    sentence: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class LayerExplanation:
    """The explanation of one layer: its result, the matching Deny statements, and near misses if nothing allows."""

    layer: Layer
    result: LayerResult
    denials: tuple[DenyingStatement, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()


def explain(request: Request, policies: Policies) -> Decision:
    """Return the decision of `evaluate`, with the near misses of every layer that should have allowed the request.

    Near misses of the deciding layer come first; within a layer, the nearest come first. Raises `PolicyError` as
    `evaluate` does.
    """
    asked = Asked(request)
    where = setting(request, asked.caller)
    matched = match_layers(asked, policies, where)
    return _explained(decide(request, policies, where, matched, asked), asked, policies, _AS_GIVEN)


def explain_reading(readings: Readings, reading: KeyReading) -> Decision:
    """Return the decision under one assumption about the unknown keys, with its near misses.

    A near miss that would match if unknown keys had the right values has the fault ``condition-unknown``.
    """
    return _explained(readings.decision(reading), readings.asked, readings.policies, readings.judge)


class _AsGiven(Judge):
    """Judges a request as it was given. A key without a value is absent, but may turn out to have the right value."""

    def found(self, one: CompiledStatement, asked: Asked) -> tuple[Match, tuple[Condition, ...], tuple[str, ...], bool]:
        return (Match.YES if one.holds(asked) else Match.NO), (), (), False

    def resource(self, one: CompiledStatement, asked: Asked) -> tuple[Match, tuple[str, ...]]:
        return (Match.YES if one.resource is None or one.resource.names(asked, deny=False) else Match.NO), ()

    def condition(self, condition: Condition, asked: Asked) -> Match:
        if condition.holds(asked.lookup):
            return Match.YES
        dead = not condition.operator.negated and condition.unresolved(asked.lookup)
        return Match.NO if dead or asked.lookup(condition.block.key) is not None else Match.IF


_AS_GIVEN = _AsGiven(always_perhaps)


def _explained(decision: Decision, asked: Asked, policies: Policies, judge: Judge) -> Decision:
    if decision.outcome is Outcome.ALLOWED:
        return decision
    found: list[NearMiss] = []
    for layer, result in decision.layers.items():
        if result is LayerResult.IMPLICIT_DENY or (layer is Layer.SCP and result is not LayerResult.ALLOWED):
            found += near_misses(asked, policies, layer, judge)
    found.sort(key=lambda miss: (miss.layer is not decision.decided_by, miss.distance))
    return replace(decision, near_misses=tuple(found), missing_context=tuple(asked.missing.values()))


def explain_layer(request: Request, policies: Policies, layer: Layer) -> LayerExplanation:
    """Return the explanation of one layer by itself, whatever the overall decision is.

    Raises `PolicyError` as `evaluate` does.
    """
    asked = Asked(request)
    where = setting(request, asked.caller)
    found = match_layers(asked, policies, where).get(layer)
    if found is None:
        return LayerExplanation(layer, LayerResult.NOT_APPLICABLE)
    misses = () if found.result is LayerResult.ALLOWED else near_misses(asked, policies, layer, _AS_GIVEN)
    return LayerExplanation(layer, found.result, denials_of(asked, layer, found), misses)


def explicit_denials(request: Request, policies: Policies) -> tuple[DenyingStatement, ...]:
    """Return every matching Deny statement of every layer."""
    asked = Asked(request)
    where = setting(request, asked.caller)
    matched = match_layers(asked, policies, where)
    return tuple(denial for layer, found in matched.items() for denial in denials_of(asked, layer, found))


def near_misses(asked: Asked, policies: Policies, layer: Layer, judge: Judge) -> tuple[NearMiss, ...]:
    """Return a layer's Allow statements that do not match the request, nearest first.

    For SCPs and RCPs, only statements on levels that do not allow the request are returned.
    """
    found: list[_Miss] = []
    accounts = accounts_are_named(policies, layer)
    for level, listed_policies in _levels_that_fail(asked, policies, layer, judge):
        for policy in listed_policies:
            for one in ready(policy, layer).statements:
                if not one.deny:
                    miss = _miss(asked, layer, policy, one, level, accounts, judge)
                    if miss is not None:
                        found.append(miss)
    return tuple(miss.made() for miss in nsmallest(MAX_NEAR_MISSES, found, key=lambda miss: miss.distance))


def unmet_denies(asked: Asked, policies: Policies, layer: Layer, judge: Judge) -> tuple[NearMiss, ...]:
    """Return a layer's Deny statements that match except for conditions that are not met, nearest first."""
    accounts = accounts_are_named(policies, layer)
    found = (
        _miss(asked, layer, policy, one, None, accounts, judge)
        for policy in (*_policies_of(policies, layer), *_of_levels(policies, layer))
        for one in ready(policy, layer).statements
        if one.deny
    )
    nearest = sorted((miss for miss in found if miss is not None), key=lambda miss: miss.distance)
    return tuple(miss for miss in (each.made() for each in nearest) if miss.element == "Condition")


def _levels_that_fail(
    asked: Asked, policies: Policies, layer: Layer, judge: Judge
) -> Iterable[tuple[int | None, tuple[NamedPolicy, ...]]]:
    if layer is Layer.SCP:
        for number, level in enumerate(policies.scps or ()):
            if not any(
                not one.deny and judge.found(one, asked)[0] is Match.YES
                for policy in level
                for one in ready(policy, layer).naming(asked.action)
            ):
                yield number, level
        return
    yield None, _policies_of(policies, layer)


def _of_levels(policies: Policies, layer: Layer) -> Iterator[NamedPolicy]:
    levels = {Layer.SCP: policies.scps, Layer.RCP: policies.rcps}.get(layer)
    for level in levels or ():
        yield from level


def _policies_of(policies: Policies, layer: Layer) -> tuple[NamedPolicy, ...]:
    if layer is Layer.IDENTITY:
        return policies.identity
    if layer is Layer.BOUNDARY:
        return policies.boundary or ()
    if layer is Layer.VPC_ENDPOINT:
        return policies.vpc_endpoint or ()
    if layer is Layer.SESSION:
        return policies.session or ()
    single = policies.resource if layer is Layer.RESOURCE else None
    return (single,) if single is not None else ()


@dataclass(frozen=True, slots=True)
class _Description:
    """The description of an element that failed."""

    element: str
    wanted: tuple[str, ...]
    had: str
    sentence: str
    part: str | None = None
    conditions: tuple[ConditionFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """An element that does not match, and how far it is from matching.

    ``describe`` creates the element's description, and is called only if the description is needed.
    """

    fault: Fault
    describe: Callable[[], _Description]
    apart: int = 0  # 0 to 99: how much wanted and had differ
    failed: int = 1  # conditions


@dataclass(frozen=True, slots=True)
class _Miss:
    distance: int
    made: Callable[[], NearMiss]


def _miss(
    asked: Asked,
    layer: Layer,
    policy: NamedPolicy,
    one: CompiledStatement,
    level: int | None,
    accounts: bool,
    judge: Judge,
) -> _Miss | None:
    found = (_action(asked, one), _principal(asked, one, accounts), _resource(asked, one, judge))
    verdicts = [verdict for verdict in (*found, _conditions(asked, one, judge)) if verdict is not None]
    if not verdicts:
        return None
    first = verdicts[0]
    distance = _CLASS[first.fault] + first.apart + _EACH_FURTHER * (len(verdicts) - 1) + 10 * (first.failed - 1)

    def made() -> NearMiss:
        found = first.describe()
        return NearMiss(
            layer=layer,
            policy=policy,
            statement=one.statement.index,
            sid=one.statement.sid,
            fault=first.fault,
            element=found.element,
            wanted=found.wanted,
            had=found.had,
            distance=distance,
            part=found.part,
            conditions=found.conditions,
            sentence=found.sentence,
            level=level,
        )

    return _Miss(distance, made)


def _action(asked: Asked, one: CompiledStatement) -> _Verdict | None:
    element = one.action
    if element.names(asked.action):
        return None
    action = asked.action_as_written
    if element.negated:
        covering = element.covering(asked.action)

        def describe_exception() -> _Description:
            sentence = f"allows everything except {listed(element.patterns)}, and {action} is among those"
            return _Description("NotAction", element.patterns, action, sentence)

        return _Verdict(Fault.NO_ACTION, describe_exception, 50 if covering else 99)
    service = asked.action.partition(":")[0]
    same_service = [pattern for pattern in element.patterns if pattern.lower().startswith(f"{service}:")]

    def describe() -> _Description:
        sentence = f"names {listed(nearest_first(same_service or element.patterns, action))}, not {action}"
        return _Description("Action", element.patterns, action, sentence)

    return _Verdict(Fault.NO_ACTION, describe, least_unlike(same_service, action) // 2 if same_service else 99)


def _principal(asked: Asked, one: CompiledStatement, accounts: bool) -> _Verdict | None:
    element = one.principal
    if element is None:
        return None
    named = one.names_caller(asked, False, accounts)
    who = asked.caller.text or "an anonymous caller"
    values = tuple(value for _, value in element.pairs)
    if element.negated:
        if named is not Named.NOT:
            return None

        def describe_exception() -> _Description:
            sentence = f"names everyone except {listed(values)}, and {who} is among those"
            return _Description("NotPrincipal", values, who, sentence)

        return _Verdict(Fault.PRINCIPAL_MISMATCH, describe_exception, 90)
    if named is not Named.NOT:
        # This includes an element that names the entire account: it leaves the decision to identity policies, which is
        # no fault.
        return None

    def describe() -> _Description:
        sentence = f"names {listed(nearest_first(values, who))}, not {who}"
        if not accounts and one.names_caller(asked, False) is Named.ACCOUNT:
            sentence += ": in a gateway endpoint's policy, an account means only its root user"
        return _Description("Principal", values, who, sentence)

    return _Verdict(Fault.PRINCIPAL_MISMATCH, describe, least_unlike(values, who))


def _resource(asked: Asked, one: CompiledStatement, judge: Judge) -> _Verdict | None:
    element = one.resource
    matches, unknown = judge.resource(one, asked)
    if element is None or matches is Match.YES:
        return None
    patterns, had = element.patterns, asked.resource
    if unknown:

        def describe_unknown() -> _Description:
            variables = listed([f"${{{key}}}" for key in unknown])
            sentence = f"names a resource with {variables}, whose value is unknown here"
            failures = tuple(ConditionFailure("Resource", key, (), None, unknown=True) for key in unknown)
            return _Description("Resource", patterns, had, sentence, conditions=failures)

        return _Verdict(Fault.CONDITION_UNKNOWN, describe_unknown, 40)
    if element.negated:

        def describe_exception() -> _Description:
            sentence = f"allows everything except {listed(patterns)}, and {had} is among those"
            return _Description("NotResource", patterns, had, sentence)

        return _Verdict(Fault.RESOURCE_MISMATCH, describe_exception, 50)
    unresolved = tuple(
        dict.fromkeys(key for _, filled in element.open_near(asked) for key in filled.unresolved(asked.lookup))
    )
    if unresolved:

        def describe_unresolved() -> _Description:
            variables = listed([f"${{{key}}}" for key in unresolved])
            sentence = f"names a resource with {variables}, which has no value {_absence(unresolved, judge)}"
            failures = tuple(ConditionFailure("Resource", key, (), None) for key in unresolved)
            return _Description("Resource", patterns, had, sentence, conditions=failures)

        return _Verdict(Fault.UNRESOLVED_VARIABLE, describe_unresolved, 40)
    resolved = [plain(text) for text in element.resolved(asked)] or patterns

    def describe() -> _Description:
        ranked = nearest_first(resolved, had)
        part = differing_part(ranked[0], had) if ranked else None
        sentence = f"names {listed(ranked)}, not {had}"
        if part is not None and part != ARN_PARTS[-1] and len(ranked) == 1:
            sentence += f": the {part} differs"
        return _Description("Resource", patterns, had, sentence, part)

    return _Verdict(Fault.RESOURCE_MISMATCH, describe, least_unlike(resolved, had))


def _conditions(asked: Asked, one: CompiledStatement, judge: Judge) -> _Verdict | None:
    judged = [(condition, judge.condition(condition, asked)) for condition in one.conditions]
    failed = [(condition, match) for condition, match in judged if match is not Match.YES]
    if not failed:
        return None
    faults = [_condition_fault(asked, condition, match) for condition, match in failed]
    fault = next(
        worst
        for worst in (Fault.CONDITION_UNMET, Fault.UNRESOLVED_VARIABLE, Fault.CONDITION_UNKNOWN)
        if worst in faults
    )

    def describe() -> _Description:
        failures = tuple(
            ConditionFailure(
                condition.block.operator,
                condition.block.key,
                condition.matching(asked.lookup),
                asked.lookup(condition.block.key) if match is Match.IF else asked.stated(condition.block.key),
                match is Match.IF,
            )
            for condition, match in failed
        )
        decisive = [
            (condition, failure)
            for (condition, _), failure, its in zip(failed, failures, faults, strict=True)
            if its is fault
        ]
        condition, failure = decisive[0]
        if fault is Fault.UNRESOLVED_VARIABLE:
            lacking = condition.unresolved(asked.lookup)
            variables = listed([f"${{{key}}}" for key in lacking])
            sentence = f"compares {failure.key} with {variables}, which has no value {_absence(lacking, judge)}"
        else:
            wanted = wish(failure.operator, failure.key, failure.wanted)
            sentence = f"needs {wanted}, and {fact(failure.had)}"
        if len(decisive) > 1:
            others = listed(list(dict.fromkeys(condition.block.key for condition, _ in decisive[1:])))
            unknown = all(failure.had is None for _, failure in decisive[1:])
            sentence += f"; {others} {'unknown' if unknown else 'failed'} too"
        had = f"{failure.key} = {listed(failure.had)}" if failure.had is not None else f"no {failure.key}"
        return _Description("Condition", failure.wanted, had, sentence, conditions=failures)

    return _Verdict(fault, describe, failed=len(failed))


def _absence(keys: Iterable[str], judge: Judge) -> str:
    """Return words that qualify the claim that the keys have no value.

    The session's creator may have set session keys, and the caller may have sent other keys.
    """
    sent = [key.lower() for key in keys if judge.may_be_sent(key.lower())]
    if not sent:
        return "here"
    of_session = all(key.startswith(("aws:principaltag/", "aws:sourceidentity")) for key in sent)
    return "unless the session was created with one" if of_session else "unless the request sent one"


def _condition_fault(asked: Asked, condition: Condition, match: Match) -> Fault:
    if match is Match.IF:
        return Fault.CONDITION_UNKNOWN
    dead = not condition.operator.negated and condition.unresolved(asked.lookup)
    return Fault.UNRESOLVED_VARIABLE if dead else Fault.CONDITION_UNMET


def denials_of(asked: Asked, layer: Layer, found: Matched) -> tuple[DenyingStatement, ...]:
    """Return the Deny statements among a layer's matches, each with the reason why it matches."""
    return tuple(_denial(asked, layer, policy, one, level) for policy, one, level in found.denies)


def _denial(
    asked: Asked, layer: Layer, policy: NamedPolicy, one: CompiledStatement, level: int | None
) -> DenyingStatement:
    covers: list[tuple[str, tuple[str, ...]]] = []
    words: list[str] = []
    action = asked.action_as_written
    if one.action.negated:
        covers.append(("NotAction", one.action.patterns))
        words.append(f"every action except {listed(one.action.patterns)}")
    else:
        covering = one.action.covering(asked.action)
        covers.append(("Action", covering))
        words.append(action if covering == ("*",) or covering == (action,) else f"{action} ({listed(covering)})")
    if one.resource is not None:
        if one.resource.negated:
            covers.append(("NotResource", one.resource.patterns))
            words.append(f"on everything except {listed(one.resource.patterns)}")
        else:
            covering = one.resource.covering(asked)
            covers.append(("Resource", covering))
            words.append("on every resource" if "*" in covering else f"on {listed(covering)}")
    if one.principal is not None:
        values = tuple(value for _, value in one.principal.pairs)
        covers.append(("NotPrincipal" if one.principal.negated else "Principal", values))
        words.append(f"for everyone except {listed(values)}" if one.principal.negated else f"for {_everyone(values)}")
    held = tuple(
        MetCondition(
            condition.block.operator,
            condition.block.key,
            condition.matching(asked.lookup),
            asked.stated(condition.block.key),
            condition.unresolved(asked.lookup),
        )
        for condition in one.conditions
    )
    sentence = "denies " + " ".join(words)
    if held:
        sentence += " when " + " and ".join(_held_words(condition) for condition in held)
    return DenyingStatement(layer, policy, one.statement.index, one.statement.sid, tuple(covers), held, sentence, level)


def _everyone(values: tuple[str, ...]) -> str:
    return "everyone" if values == ("*",) else listed(values)


def _held_words(held: MetCondition) -> str:
    wanted = holding(held.operator, held.key, held.wanted)
    had = "no value is known" if held.had is None else listed(held.had) if held.had else "it is not in the request"
    if held.had is not None and held.unresolved:
        had += f", and {listed([f'${{{key}}}' for key in held.unresolved])} has no value"
    return f"{wanted} (here {had})"
