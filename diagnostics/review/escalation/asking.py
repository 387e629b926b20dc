"""Evaluate the requests of one step in each Region that policies name, and record on what the step depends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from diagnostics.diagnosis import Evidence
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.escalation.ways import ALTERNATIVE_TYPES
from diagnostics.review.finding import EscalationHop
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from iam.account import Account
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.match import covers, overlap
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.index import Principal
from iam.regions import REGION_NAME
from iam.risks.judged_account import statements
from iam.service_reference import VARIABLE, ResourceType
from iam.service_reference import action as service_reference_action


def is_omitted(key: str) -> bool:
    """Return whether a caller that wants more access omits this key (lower case) from its request.

    Such a caller sends no optional boundary or tags. Keys whose values come from the target of the request are passed
    separately.
    """
    return _absent_where_tagged(key) or ":resourcetag/" in key


def _absent_where_tagged(key: str) -> bool:
    """Return whether a caller omits this key in a request for an existing resource with unknown tags."""
    return key in ("iam:permissionsboundary", "iam:policyarn")


class Asking:
    """Evaluates the parts of one step, and records on what the step depends.

    With a ``region``, all requests except those to IAM and STS are for that Region.
    """

    def __init__(self, reviewed: ReviewedAccount, principal: Principal, region: str = "") -> None:
        self.reviewed = reviewed
        self.principal = principal
        self.region = region
        self.hangs: dict[str, None] = {}
        self.evidence: list[Evidence] = []
        self.statements: dict[Judged, None] = {}
        self.unless: dict[Judged, None] = {}

    def may(
        self,
        action: str,
        resource: str,
        context: Mapping[str, tuple[str, ...]] | None = None,
        trust: NamedPolicy | None = None,
        *,
        exists: bool = False,
    ) -> bool:
        """Return whether the principal may perform the action on the resource.

        If the resource ``exists``, its tags are unknown unless the account contains them. If not, the caller chooses
        the tags.
        """
        absent = _absent_where_tagged if exists else is_omitted
        if self.region and not action.startswith(("iam:", "sts:")):
            resource = self._placed(resource)
            context = {**(context or {}), "aws:RequestedRegion": (self.region,)}
        found = self.reviewed.may(self.principal, action, resource, context, absent=absent, trust=trust)
        if found.allowed:
            self._keep(found, action)
        return found.allowed

    def _placed(self, resource: str) -> str:
        """Return an ARN, or a pattern for ARNs, with the Region filled in."""
        parts = resource.split(":", 5)
        if self.region and len(parts) == 6 and parts[3] == "*":
            parts[3] = self.region
        return ":".join(parts)

    def may_somewhere(self, actions: Iterable[str], existing: str = "") -> bool:
        """Return whether all actions are allowed, each on some resource of every type that it requires.

        Actions on the same type must be allowed on the same resource: the one with the ARN ``existing``, if it is of
        that type.
        """
        by_type: dict[str, list[str]] = {}
        for action in actions:
            for pattern in required_patterns(action, self.reviewed.account):
                by_type.setdefault(self._placed(pattern), []).append(action)
        return all(
            all(self.may(action, existing, exists=True) for action in several)
            if existing and covers(pattern, existing)
            else self.may_together(pattern, several)
            for pattern, several in by_type.items()
        )

    def may_together(
        self, pattern: str, actions: Sequence[str], contexts: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    ) -> bool:
        """Return whether all actions are allowed on one of the resources that match ``pattern``.

        ``contexts`` are the condition keys by action.
        """
        given = contexts or {}
        if not all(self.may(action, pattern, given.get(action)) for action in actions):
            return False
        named = [self._named(action, pattern) for action in actions]
        narrowest = min(named, key=lambda each: (pattern in each, len(each)))
        return pattern in narrowest or any(
            all(self.may(action, resource, given.get(action)) for action in actions) for resource in narrowest
        )

    def _named(self, action: str, pattern: str) -> tuple[str, ...]:
        """Return the resources matching ``pattern`` that the principal's Allow statements for an action name.

        Return ``pattern`` itself if one statement covers the pattern, or if the two cannot be compared.
        """
        found: dict[str, None] = {}
        for policy in self.principal.identity:
            for one in statements(policy):
                if one.deny or not one.action.names(action.lower()):
                    continue
                for each in one.statement.resource or (pattern,):
                    if "${" in each or covers(each, pattern):
                        found[pattern] = None
                    elif overlap(each, pattern):
                        found[each] = None
        return tuple(found)

    def _keep(self, found: Possibility, action: str) -> None:
        self.hangs.update(dict.fromkeys(self.reviewed.hangs_on(found, self.principal)))
        self.unless.update(dict.fromkeys(found.unless))
        for one in found.statements:
            if one.policy is not OPEN_TO_ALL:
                self.statements[one] = None
            if one.layer in (Layer.IDENTITY, Layer.RESOURCE) and one.policy is not OPEN_TO_ALL:
                proof = trust_evidence(one, f"allows {action}")
                if proof not in self.evidence:
                    self.evidence.append(proof)

    def step(
        self,
        actions: Iterable[str],
        on: str,
        gives: str,
        target: str = "",
        hangs: Iterable[str] = (),
        ids: Iterable[str] = (),
        page: str = "",
        *,
        deliberate: bool = False,
    ) -> EscalationStep:
        hop = EscalationHop(self.principal.entity.arn, tuple(actions), on, gives, tuple(self.evidence))
        hangs_on = tuple(dict.fromkeys((*self.hangs, *hangs)))
        references = (*(f"pathfinding:{id}" for id in ids if id), *([page] if page else []))
        decided = tuple(self.statements), tuple(self.unless)
        return EscalationStep(hop, target, hangs_on, references, deliberate, *decided)


@cache
def _required_types(action: str) -> tuple[ResourceType, ...]:
    known = service_reference_action(action)
    if known is None:
        return ()
    spared = ALTERNATIVE_TYPES.get(action.partition(":")[0], frozenset())
    return tuple(each for each in known.resource_types if each.name in known.required - spared)


def required_patterns(action: str, account: Account) -> tuple[str, ...]:
    """Return a pattern, within the account, for each resource type that requests for this action require.

    Return only ``*`` if the action requires no resource type.
    """
    types = _required_types(action)
    return tuple(VARIABLE.sub("*", each.filled(account.partition, "*", account.id)) for each in types) or ("*",)


def asked(asking: Asking, ask: Callable[..., bool], *more: str) -> Asking | None:
    return asking if ask(asking, *more) else None


def surest(several: Iterable[Asking | None]) -> Asking | None:
    """Return the first evaluation that depends on nothing unknown; otherwise the first evaluation, or None."""
    best = None
    for one in several:
        if one is not None and not one.hangs:
            return one
        best = best or one
    return best


_A_REGION = regex(rf"\b{REGION_NAME}\b")
"""A Region name in a policy's text."""


@lru_cache(maxsize=8192)
def _regions_in(text: str) -> frozenset[str]:
    """Return the Regions that a policy's text names, and "" if it tests aws:RequestedRegion, perhaps by a pattern."""
    named = frozenset(_A_REGION.findall(text))
    return named | {""} if "requestedregion" in text.lower() else named


def named_regions(reviewed: ReviewedAccount, principal: Principal) -> tuple[str, ...]:
    """Return the Regions in which the principal's policies and the limits above it may decide differently.

    They are the Regions in the policies and the account's own. The result is empty if no policy names a Region.
    """
    above = (policy for level in reviewed.shared.scps or () for policy in level)
    policies = (*principal.identity, *(principal.boundary or ()), *above)
    named = frozenset[str]().union(*(_regions_in(policy.document.text) for policy in policies))
    return tuple(dict.fromkeys((*sorted(named - {""}), *reviewed.regions, _ANY_REGION))) if named else ()


_ANY_REGION = "rolescope-1"
"""A Region that no policy names."""


def in_one_region(first: Asking, ask: Callable[[Asking], bool]) -> Asking | None:
    """Return the evaluation for one Region in which everything is allowed, or None.

    ``first`` is the evaluation for any Region.
    """
    reviewed, principal = first.reviewed, first.principal
    regions = named_regions(reviewed, principal)
    return surest(asked(Asking(reviewed, principal, each), ask) for each in regions) if regions else first


def can_name(reviewed: ReviewedAccount, principal: Principal, actions: Iterable[str]) -> bool:
    """Return whether the principal's Allow statements name each of the actions.

    This is fast for a principal whose policies are those in the account.
    """
    number = reviewed.index.by_arn.get(principal.entity.arn)
    if number is not None and reviewed.index.principals[number] is principal:
        return all(number in reviewed.able(action) for action in actions)
    allowing = [one for policy in principal.identity for one in statements(policy) if not one.deny]
    return all(any(one.action.names(action.lower()) for one in allowing) for action in actions)


OPEN_TO_ALL = NamedPolicy(
    Document.from_value(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
        }
    ),
    "policy of the caller's own resource",
)
"""A resource policy that allows everything, for a resource that the caller owns in another account."""
