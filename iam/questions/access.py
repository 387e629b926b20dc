"""Compute everything that a role or user may do: every AWS action, limited by the boundary, SCPs and Deny statements.

An action counts as allowed if it is allowed on at least one resource. The resources of Allow statements are evaluated
one by one, so that an Allow and a Deny on the same bucket are combined. If no policy distinguishes some actions, only
one of them is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from iam.account import Account, Role, User
from iam.key_presence import key_presence, kind_of
from iam.policy.compiled import Asked
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.request import Policies
from iam.policy.unknown_keys import Certainty, certainty
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.action_classes import applicable, classes, cuts_of, documents_of, named_by
from iam.questions.catalogue import catalogue, first
from iam.questions.relevant import narrowed
from iam.service_reference import LEVELS


@dataclass(frozen=True, slots=True)
class Access:
    """What one principal may do, as sets of actions. A set is a bit mask (see `Catalogue`).

    ``allowed``: allowed whatever the values of unknown condition keys. ``conditional``: allowed under conditions.
    ``denied``: denied although an Allow statement names them. ``on`` maps each resource pattern to two sets: the
    actions allowed on it, and those allowed under conditions.
    """

    allowed: int
    conditional: int
    denied: int
    on: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def services(self) -> tuple[str, ...]:
        """The prefixes of all services that have an allowed or a denied action."""
        known = catalogue()
        every = self.allowed | self.conditional | self.denied
        return tuple(service for service in sorted(known.services) if every & known.service(service))

    def row(self, service: str) -> tuple[LevelAccess, ...]:
        """Return a service's access by access level, without levels that have no actions."""
        known = catalogue()
        whole = known.service(service)
        rows = []
        for level in LEVELS:
            of_level = whole & known.level(level)
            row = LevelAccess(
                level,
                self.allowed & of_level,
                self.conditional & of_level,
                self.denied & of_level,
                of_level.bit_count(),
            )
            if row.allowed or row.conditional or row.denied:
                rows.append(row)
        return tuple(rows)

    def resources(self, service: str) -> tuple[str, ...]:
        """Return the resource patterns on which an action of the service is allowed."""
        whole = catalogue().service(service)
        return tuple(resource for resource, (sure, perhaps) in self.on.items() if (sure | perhaps) & whole)


@dataclass(frozen=True, slots=True)
class LevelAccess:
    """A service's actions at one access level, as bit masks.

    ``total`` is the number of all its actions at that level.
    """

    level: str
    allowed: int
    conditional: int
    denied: int
    total: int

    @property
    def all(self) -> bool:
        """Whether all actions of the level are allowed, without conditions."""
        return self.allowed.bit_count() == self.total

    def names(self, actions: int) -> tuple[str, ...]:
        """Return the names of the actions in a set (a bit mask), without the service prefix."""
        return tuple(name.partition(":")[2] for name in catalogue().actions(actions))


def access(
    entity: Role | User,
    policies: Policies,
    account: Account,
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Access:
    """Return what a role or user may do according to its identity policies, its boundary and SCPs.

    `iam.layers.gather` collects the policies. Resource-based policies are ignored: they belong to resources, and no
    particular resource is evaluated. Raises `PolicyError` for a document that cannot be evaluated.
    """
    question = AccessQuestion("*", "*", account, context or {})
    # Whether a role's trust policy accepts the caller is a separate question: here that side counts as not read.
    policies = replace(policies, unread=policies.unread | {Layer.RESOURCE})
    cuts = cuts_of(documents_of(policies))
    wanted = _named(entity, policies, question)
    sure = perhaps = named = 0
    on: dict[str, tuple[int, int]] = {}
    for resource, actions in wanted.items():
        yes, maybe = _decided(entity, policies, question, resource, classes(actions, cuts, resource))
        named |= actions
        sure |= yes
        perhaps |= maybe
        if yes or maybe:
            on[resource] = (yes, maybe)
    return Access(sure, perhaps & ~sure, named & ~sure & ~perhaps, on)


def _decided(
    entity: Role | User, policies: Policies, question: AccessQuestion, resource: str, parts: Iterable[int]
) -> tuple[int, int]:
    """Return the actions that are allowed unconditionally, and those allowed under conditions."""
    names = catalogue().names
    presence = key_presence(kind_of(entity), entity, question.account)
    sure = perhaps = 0
    for part in parts:
        action = names[first(part)]
        request = question.request(entity.arn, entity, action, resource)
        found = certainty(request, applicable_policies(policies, action, resource), presence)
        if found is Certainty.CERTAIN:
            sure |= part
        elif found is Certainty.IF:
            perhaps |= part
    return sure, perhaps


def _named(entity: Role | User, policies: Policies, question: AccessQuestion) -> dict[str, int]:
    """Return, for each resource pattern, the actions that Allow statements name on it and that can apply to it."""
    asked = Asked(question.request(entity.arn, entity, "*", "*"))
    found: dict[str, int] = {}
    for policy in policies.identity:
        for one in ready(policy, Layer.IDENTITY).statements:
            if one.deny:
                continue
            actions = named_by(one)
            for resource in narrowed(one, asked):
                fit = applicable(actions, resource)
                if fit:
                    found[resource] = found.get(resource, 0) | fit
    return found
