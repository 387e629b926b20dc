"""Group actions into classes that no policy distinguishes. One action of each class is then evaluated for all.

The policies of a role name only a few sets of actions. Two actions in exactly the same sets get the same decision on
the same resource. So only a few dozen of 22,000 actions must be evaluated.

Sets of actions are bit masks (see `iam.questions.catalogue`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from iam.facts.global_services import GLOBAL_SERVICES
from iam.policy.compiled import Compiled, CompiledStatement
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import TRUST_ACTIONS
from iam.policy.request import Policies
from iam.questions.catalogue import Catalogue, catalogue, first
from iam.service_reference import rcp_services


def named_by(one: CompiledStatement) -> int:
    """Return the set (a bit mask) of actions that a statement names."""
    return catalogue().named(one.action.patterns, one.action.negated)


def documents_of(policies: Policies) -> Iterator[Compiled]:
    """Yield every compiled document of the policies. Raises `PolicyError` for a document that cannot be evaluated."""
    groups = (
        (Layer.IDENTITY, policies.identity),
        (Layer.BOUNDARY, policies.boundary or ()),
        (Layer.RESOURCE, (policies.resource,) if policies.resource is not None else ()),
        (Layer.SESSION, policies.session or ()),
        (Layer.VPC_ENDPOINT, policies.vpc_endpoint or ()),
        *((Layer.SCP, level) for level in policies.scps or ()),
        *((Layer.RCP, level) for level in policies.rcps or ()),
    )
    for layer, group in groups:
        for policy in group:
            yield ready(policy, layer)


def cuts_of(documents: Iterable[Compiled]) -> tuple[int, ...]:
    """Return the sets (bit masks) of actions that the documents' statements name."""
    return tuple(dict.fromkeys(named_by(one) for document in documents for one in document.statements))


def classes(actions: int, cuts: Iterable[int], resource: str = "*") -> tuple[int, ...]:
    """Split a set of actions (a bit mask) into classes whose actions are treated alike.

    ``cuts`` are the sets of actions that statements name. AWS's built-in rules are taken into account too.
    """
    return tuple([part for _, part in named_classes(actions, cuts, resource)])


def named_classes(
    actions: int, cuts: Iterable[int], resource: str = "*", *, regions: bool = True, rcps: bool = True
) -> tuple[tuple[str, int], ...]:
    """Split a set of actions as `classes` does, and return each class with the name of its first action.

    ``regions``: a condition tests the Region, which is the same for all requests to global services. ``rcps``: there
    are RCPs, which apply only to some services.
    """
    parts = resource.split(":", 3)
    return _classes(actions, tuple(cuts), parts[2] if len(parts) > 3 else "", regions, rcps)


@lru_cache(maxsize=4096)
def _classes(
    actions: int, cuts: tuple[int, ...], service: str, regions: bool, rcps: bool
) -> tuple[tuple[str, int], ...]:
    parts = [actions] if actions else []
    rules, of_regions, of_rcps = _rules()
    for cut in (
        *rules,
        *(of_regions if regions else ()),
        *(of_rcps if rcps else ()),
        catalogue().service(service),
        *cuts,
    ):
        if not cut & actions:
            continue
        split = []
        for part in parts:
            inside = part & cut
            if inside and inside != part:
                split += [inside, part & ~cut]
            else:
                split.append(part)
        parts = split
    return tuple([(catalogue().names[first(part)], part) for part in parts])


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the sets of actions that AWS's own rules distinguish: always, by Region, and by RCPs."""
    known = catalogue()
    always = (
        known.without_resource,
        known.set_of(TRUST_ACTIONS),
        known.service("kms"),
        known.set_of(["sts:GetCallerIdentity"]),
    )
    return always, (_services(known, GLOBAL_SERVICES),), (_services(known, rcp_services()),)


def _services(known: Catalogue, prefixes: Iterable[str]) -> int:
    found = 0
    for prefix in prefixes:
        found |= known.service(prefix)
    return found


def applicable(actions: int, resource: str) -> int:
    """Return the actions in a set (a bit mask) that can apply to a resource.

    They are selected by the service in the resource's ARN, unless that is a pattern.
    """
    if resource == "*":
        return actions
    known = catalogue()
    parts = resource.split(":", 3)
    actions &= ~known.without_resource
    if len(parts) < 4 or not parts[2] or "*" in parts[2] or "?" in parts[2]:
        return actions
    return actions & (known.on_arns_of(parts[2]) | known.on_arns_of(""))
