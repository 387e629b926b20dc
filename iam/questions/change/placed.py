"""The statements involved in a change, each with its place (layer and level) and the sides that have it.

The sides are the policies before and after the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import Named
from iam.policy.request import NamedPolicy, Policies
from iam.policy.statements import Statement

Place = tuple[Layer, object]
Places = dict[Place, dict[tuple[str, Statement], CompiledStatement]]
"""The statements in each place. A statement is identified by its document's version and its meaning."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement, its place, and whether the policies before and after the change have it."""

    place: Place
    one: CompiledStatement
    before: bool
    after: bool

    @property
    def changed(self) -> bool:
        return self.before is not self.after


def all_placed(was: Places, now: Places) -> Iterator[Placed]:
    for place in dict.fromkeys((*was, *now)):
        mine, its = was.get(place, {}), now.get(place, {})
        for meaning, one in {**its, **mine}.items():
            yield Placed(place, one, meaning in mine, meaning in its)


def places_of(policies: Policies, principal: Asked) -> Places:
    """Return the statements by layer and level, without those that can never apply to the principal.

    A statement that is repeated within a level is listed once.
    """
    groups: list[tuple[Place, Iterable[NamedPolicy] | None]] = [
        ((Layer.IDENTITY, None), policies.identity),
        ((Layer.RESOURCE, None), None if policies.resource is None else (policies.resource,)),
        ((Layer.BOUNDARY, None), policies.boundary),
        ((Layer.SESSION, None), policies.session),
        ((Layer.VPC_ENDPOINT, policies.vpc_endpoint_type), policies.vpc_endpoint),
        *(((Layer.SCP, number), level) for number, level in enumerate(policies.scps or ())),
        *(((Layer.RCP, number), level) for number, level in enumerate(policies.rcps or ())),
    ]
    bounded = policies.boundary is not None
    places: Places = {}
    for place, group in groups:
        if group is None:
            continue
        found = places[place] = {}
        for policy in group:
            for one in ready(policy, place[0]).statements:
                named = one.principal is None or one.names_caller(principal, bounded) is not Named.NOT
                if named and (meaning := meaning_of(one, principal)) is not None:
                    found[policy.document.version, meaning] = one
        if all_of_it := {meaning: one for meaning, one in found.items() if _allows_everything(one)}:
            # Such a statement makes every other Allow in its place irrelevant, so all administrators are treated alike.
            places[place] = {meaning: one for meaning, one in found.items() if one.deny} | all_of_it
    return places


def _allows_everything(one: CompiledStatement) -> bool:
    unconditional = not (one.deny or one.conditions or one.principal or one.action.negated)
    everywhere = one.resource is not None and one.resource.everything and not one.resource.negated
    return unconditional and everywhere and "*" in one.action.patterns


def meaning_of(one: CompiledStatement, principal: Asked) -> Statement | None:
    """Return the statement as it applies to the principal, regardless of its position in the document.

    Conditions that depend only on the principal are removed if they are true; None if one is false.
    """
    left = []
    for condition in one.conditions:
        settled = condition.key.startswith(_OF_PRINCIPAL) and not condition.templates
        if not settled or principal.lookup(condition.block.key) is None:
            left.append(condition.block)
        elif not condition.holds(principal.lookup):
            return None
    return replace(one.statement, index=0, sid=None, first_line=0, last_line=0, conditions=tuple(left))


def has_variables(statement: Statement) -> bool:
    values = (value for block in statement.conditions for value in block.values)
    return any("${" in text for text in (*(statement.resource or ()), *(statement.not_resource or ()), *values))


_OF_PRINCIPAL = ("aws:principal", "aws:userid", "aws:username")
