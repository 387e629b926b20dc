"""Differences as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from diagnostics.differences.access import AccessOf, WhoAssumes
from diagnostics.differences.entities import EntityDifference
from diagnostics.effect_words import provided_words, when
from iam.arn import name_of
from iam.foreign_text import visible
from iam.policy.words import listed
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import KINDS, AccessChange, Changed
from iam.words import listing, plural

MOST_ACTIONS = 100
MOST_NAMED, MOST_RESOURCES, MOST_SERVICES = 5, 8, 12
"""The maximum numbers in one group of a text: of principals, of lines before they are counted by service, of
services.
"""
_WORDS = {
    "newly_allowed": ("gained", "+"),
    "newly_denied": ("lost", "-"),
    "loosened": ("loosened", "+"),
    "tightened": ("tightened", "-"),
}
_SAID = {
    "newly_allowed": "gained",
    "newly_denied": "lost",
    "loosened": "gained in more cases",
    "tightened": "lost in some cases",
}


def entity_json(one: EntityDifference) -> dict[str, Any]:
    return {"kind": one.kind, "arn": one.arn, "change": one.happened.value, "parts": list(one.parts)}


def access_json(one: AccessOf) -> dict[str, Any]:
    """Return the JSON with ``gained``, ``lost``, ``loosened`` and ``tightened``.

    Each contains at most `MOST_ACTIONS` actions.
    """
    found: dict[str, Any] = {"arn": one.arn}
    for kind in KINDS:
        found[_WORDS[kind][0]] = [_changed(each) for each in getattr(one.change, kind)]
    found["fully_computed"] = one.change.fully_computed and not one.trouble
    if one.trouble:
        found["error"] = one.trouble
    return found


def _changed(each: Changed) -> dict[str, Any]:
    names = each.names()
    return {
        "actions": list(names[:MOST_ACTIONS]),
        "action_count": len(names),
        "resource": each.pattern or each.resource,
        "conditions": list(_conditions(each)),
    }


def _conditions(each: Changed) -> Iterator[str]:
    """Yield the conditions of an effect as clauses."""
    yield from (when((block,), ()) for block in each.conditions)
    yield from (when((), (block,)) for block in each.unless)
    if each.provided:
        yield provided_words(each.provided)


def assuming_json(one: WhoAssumes) -> dict[str, Any]:
    return {"role": one.role, "gained": list(one.gained), "lost": list(one.lost), "fully_computed": one.complete}


def entity_lines(found: Iterable[EntityDifference]) -> Iterator[str]:
    for one in found:
        parts = f": {', '.join(one.parts)}" if one.parts else ""
        yield visible(f"{one.happened.value:<8} {one.kind} {name_of(one.arn) or one.arn}{parts}")


def access_summary(found: Sequence[AccessOf], of: int) -> str:
    """Return one sentence that says how many of ``of`` roles and users gain and lose access."""
    gain = sum(bool(one.change.newly_allowed or one.change.loosened) for one in found)
    lose = sum(bool(one.change.newly_denied or one.change.tightened) for one in found)
    unknown = sum(bool(one.trouble) for one in found)
    parts = [f"{gain:,} {'gains' if gain == 1 else 'gain'} something"] if gain else []
    if lose:
        parts.append(f"{lose:,} {'loses' if lose == 1 else 'lose'} something")
    parts += [f"{unknown:,} could not be computed"] if unknown else []
    return f"Of {plural(of, 'role and user', 'roles and users')} {listing(parts)}." if parts else ""


def access_lines(found: Iterable[AccessOf]) -> Iterator[str]:
    """Yield the principals with their changes. Those with the same changes are grouped, the largest group first."""
    alike: dict[tuple[AccessChange, str], list[str]] = {}
    for one in found:
        alike.setdefault((one.change, one.trouble), []).append(one.arn)
    for (change, trouble), arns in sorted(alike.items(), key=lambda item: -len(item[1])):
        yield ""
        yield visible(_group(arns))
        if trouble:
            yield visible(f"  could not be computed: {trouble}")
        for kind in KINDS:
            yield from (visible(line) for line in _lines_of(kind, getattr(change, kind)))
        if not change.fully_computed:
            yield "  ? there may be more"


def _lines_of(kind: str, changed: tuple[Changed, ...]) -> Iterator[str]:
    """Yield one line for each resource or, if there are many, totals by service."""
    word, sign = _SAID[kind], _WORDS[kind][1]
    by_conditions: dict[str, list[Changed]] = {}
    for each in changed:
        clauses = list(_conditions(each))
        by_conditions.setdefault(f", if {' and '.join(clauses)}" if clauses else "", []).append(each)
    for hangs, several in by_conditions.items():
        if len(several) <= MOST_RESOURCES:
            for each in several:
                yield f"  {sign} {word}: {listed(each.names())} on {each.pattern or each.resource}{hangs}"
            continue
        actions = 0
        for each in several:
            actions |= each.actions
        known = catalogue()
        services = {service: (actions & known.service(service)).bit_count() for service in known.services_of(actions)}
        most = sorted(services.items(), key=lambda item: (-item[1], item[0]))
        counted = listing([f"{service} ({count:,})" for service, count in most], limit=MOST_SERVICES)
        resources = plural(len(several), "pattern of resources", "patterns of resources")
        yield f"  {sign} {word}: {plural(actions.bit_count(), 'action')} on {resources}: {counted}{hangs}"


def assuming_lines(found: Iterable[WhoAssumes]) -> Iterator[str]:
    """Yield lines about the roles that principals can newly assume, or can no longer assume.

    Roles with the same principals are grouped, the largest group first.
    """
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[str]] = {}
    for one in found:
        alike.setdefault((one.gained, one.lost, one.complete), []).append(one.role)
    for (gained, lost, complete), roles in sorted(alike.items(), key=lambda item: -len(item[1])):
        yield ""
        yield visible(_group(roles))
        yield from (visible(f"  + can now assume it: {who}") for who in gained)
        yield from (visible(f"  - can no longer assume it: {who}") for who in lost)
        if not complete:
            yield "  ? there may be more"


def _group(arns: list[str]) -> str:
    names = [each.rpartition(":")[2] for each in arns]
    return arns[0] if len(arns) == 1 else f"{len(arns):,} alike: {listing(names, limit=MOST_NAMED)}"
