"""What else a fix changes: for the caller, for all others that carry the same policy, and for whom a resource's own
policy or a trust policy names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.needed import needed_actions
from iam.frozen import replace
from iam.policy.match import covers
from iam.policy.principal import Kind
from iam.policy.request import Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.carriers import effects_on_carriers
from iam.questions.change.compare import access_change
from iam.questions.change.effects import GAINS, NOT_COMPUTED, AccessEffect, Effects, effects_of, together

_LASTING = ("aws:principal", "aws:user", "aws:federatedprovider", "aws:sourceidentity")
"""Beginnings of the keys that a caller has in every request."""


def side_effects(case: Case, changed: Policies) -> Effects:
    """What ``changed`` in the place of the case's policies changes beyond the request. May block."""
    before, request = case.effective_policies, case.request
    entity = case.caller.role or case.caller.user
    own = _own(case, before, changed, _anywhere(case))
    carriers = effects_on_carriers(
        before,
        changed,
        case.account,
        case.reader,
        resource=request.resource,
        but=entity.arn if entity is not None else request.principal,
    )
    others = [carriers]
    if before.resource != changed.resource:
        from iam.questions.change.let_in import let_in

        others.append(let_in(before, changed, request, case.account))
        others += _of_other_subjects(case, before, changed)
    if "identity" in case.unread and before.identity != changed.identity:
        # Beside policies that could not be read nothing is known to be new.
        others.append(NOT_COMPUTED)
    return together((own, *others))


def _own(case: Case, before: Policies, changed: Policies, request: Request) -> Effects:
    """The caller's own, without the request itself."""
    entity = case.caller.role or case.caller.user
    beside = (request.resource, *siblings(request.resource))
    change = access_change(before, changed, request, case.account, entity=entity, resources=beside)
    found = effects_of(change, request.principal or "")
    return replace(found, found=tuple(one for one in found.found if not _asked_for(case, one)))


def _asked_for(case: Case, effect: AccessEffect) -> bool:
    if case.trust:
        from iam.questions.change.let_in import can_make

        if not can_make(case.request.principal or "", effect.action):
            return True
    wanted = {action.lower() for action in needed_actions(case)}
    return (
        effect.kind in GAINS
        and effect.action.lower() in wanted
        and (covers(case.request.resource, effect.witness) or case.request.resource == effect.witness)
    )


def _anywhere(case: Case) -> Request:
    """The request without the keys that only this request has: who has a provider's token keeps what the token says."""
    if case.caller.kind is Kind.PROVIDER:
        return case.request
    kept = {key: had for key, had in case.request.context.items() if key.lower().startswith(_LASTING)}
    return replace(case.request, context=kept)


def _of_other_subjects(case: Case, before: Policies, changed: Policies) -> Iterator[Effects]:
    """The same call with a token of the same provider for somebody else."""
    request = case.request
    for key, values in request.context.items():
        if not key.lower().endswith(":sub") or not values:
            continue
        others = replace(request, context={name: had for name, had in request.context.items() if name != key})
        but = {key.lower(): frozenset(values)}
        change = access_change(before, changed, others, case.account, but=but)
        found = effects_of(change, request.principal or "")
        action = request.action.lower()
        yield replace(
            found, found=tuple(replace(one, other_than=key) for one in found.found if one.action.lower() == action)
        )


def siblings(resource: str) -> tuple[str, ...]:
    """Resources beside this one: another of the same parent, the parents, another of the same kind."""
    if not resource.startswith("arn:"):
        return ()
    head = ":".join(resource.split(":")[:5])
    rest = resource[len(head) + 1 :]
    found = []
    cut = max(rest.rfind("/"), rest.rfind(":"))
    if cut > 0:
        found.append(f"{head}:{rest[: cut + 1]}{PROBE}")
    while cut > 0:
        rest = rest[:cut]
        found.append(f"{head}:{rest}")
        cut = max(rest.rfind("/"), rest.rfind(":"))
    kind = re.match(r"[\w-]+(?=[/:])", resource[len(head) + 1 :])
    found.append(f"{head}:{kind[0]}/{PROBE}" if kind and head.split(":")[2] != "s3" else f"{head}:{PROBE}")
    return tuple(dict.fromkeys(entry for entry in found if entry != resource))
