"""Compute the other effects of a fix.

A fix may affect the caller, everyone else with the same policy, and the principals that a changed resource policy or
trust policy names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import filterfalse

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.trust_actions import needed_actions
from iam.arn import service_of
from iam.policy.document import PolicyError
from iam.policy.match import covers
from iam.policy.principal import Kind
from iam.policy.request import Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.carriers import effects_on_carriers
from iam.questions.change.compare import RESOURCE_POLICY, access_change
from iam.questions.change.effects import (
    GAINS,
    NOT_COMPUTED,
    NOTHING_ELSE,
    AccessEffect,
    Effects,
    effects_of,
    together,
)

_LASTING = ("aws:principal", "aws:user", "aws:federatedprovider", "aws:sourceidentity")
"""Prefixes of the condition keys that have the same value in every request of a caller."""


def side_effects(case: Case, changed: Policies) -> Effects:
    """Return the effects of ``changed`` other than on the request, compared with the case's policies. May block."""
    before, request = case.effective_policies, case.request
    if _beside_unread(case, before, changed):
        return NOT_COMPUTED
    before, changed = _of_every_call(case, before, changed)
    entity = case.caller.role or case.caller.user
    own = _own(case, before, changed, _anywhere(case))
    if "resource" in case.unread:
        own = _beside_unread_resource_policy(own, request)
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
        from iam.questions.change.callers_of_resource import let_in

        others.append(let_in(before, changed, request, case.account))
        others += _of_other_subjects(case, before, changed)
    found = together((own, *others))
    if before.vpc_endpoint != changed.vpc_endpoint:
        # An endpoint is for one service only (VPC guide, "AWS services that integrate with PrivateLink").
        service = service_of(request.action)
        return replace(found, found=tuple(one for one in found.found if service_of(one.action) == service))
    return found


def _of_every_call(case: Case, before: Policies, changed: Policies) -> tuple[Policies, Policies]:
    """Return both sets of policies without the policies that limit only this request.

    Those are the policies of the request's VPC endpoint and session, because the caller's other calls may use neither.
    """
    if before.vpc_endpoint == changed.vpc_endpoint:
        before, changed = (replace(each, vpc_endpoint=None) for each in (before, changed))
    if before.session == changed.session and case.caller.kind is not Kind.FEDERATED_USER:
        before, changed = (replace(each, session=None) for each in (before, changed))
    return before, changed


def _beside_unread(case: Case, before: Policies, changed: Policies) -> bool:
    """Return whether the change is in a layer that could not be read, so that the effects cannot be compared."""
    if "identity" in case.unread and before.identity != changed.identity:
        return True
    return bool(case.unread & {"resource", "trust"}) and before.resource != changed.resource


def _beside_unread_resource_policy(effects: Effects, request: Request) -> Effects:
    """Return the effects, with a note that the requested resource's unread policy may deny the access gained."""
    owner = request.resource.partition("/")[0]

    def provided(one: AccessEffect) -> AccessEffect:
        open_ = one.kind in GAINS and not one.provided and one.resource.partition("/")[0] == owner
        return replace(one, provided=RESOURCE_POLICY) if open_ else one

    return replace(effects, found=tuple(provided(one) for one in effects.found))


def tag_effects(case: Case, tag: str, value: str) -> Effects:
    """Return the other effects of tagging the caller's role or user, on the caller and on everyone else. May block."""
    from iam.questions.change.tags import tag_changes

    entity = case.caller.role or case.caller.user
    if entity is None or entity.tags is None:
        return NOT_COMPUTED
    tagged = tag_changes(entity, replace(entity, tags={**entity.tags, tag: value}), case.account, case.reader)
    found = together(effects_of(change, arn) for arn, change in tagged.of.items())
    asked_for, caller = _asked_for(case), (entity.arn,)
    return replace(
        found,
        found=tuple(one for one in found.found if one.principals != caller or not asked_for(one)),
        fully_computed=found.fully_computed and tagged.complete,
    )


def session_effects(case: Case, context: Mapping[str, tuple[str, ...]]) -> Effects:
    """Return how a session's access changes if its tags and source identity have the values in ``context``."""
    from iam.policy.assigned import NotAssignable
    from iam.questions.change.tags import principal_change

    lasting = {key.lower(): had for key, had in context.items() if key.lower().startswith(_LASTING)}
    if not lasting:
        return NOTHING_ELSE
    known = {key.lower(): had for key, had in case.request.context.items()}
    before = {key: known.get(key, ()) for key in lasting}
    request, entity = _anywhere(case), case.caller.role or case.caller.user
    try:
        change = principal_change(case.effective_policies, before, lasting, request, case.account, entity)
    except (NotAssignable, PolicyError):
        return NOT_COMPUTED
    found = effects_of(change, request.principal or "")
    own = tuple(filterfalse(_asked_for(case), found.found))
    return replace(found, found=own, fully_computed=found.fully_computed and not case.unread)


def _own(case: Case, before: Policies, changed: Policies, request: Request) -> Effects:
    """Return the effects on the caller, apart from the request itself."""
    entity = case.caller.role or case.caller.user
    beside = (request.resource, *siblings(request.resource))
    change = access_change(before, changed, request, case.account, entity=entity, resources=beside)
    found = effects_of(change, request.principal or "")
    return replace(found, found=tuple(filterfalse(_asked_for(case), found.found)))


def _asked_for(case: Case) -> Callable[[AccessEffect], bool]:
    """Return a function that says whether an effect is the denied request, or one the caller could never request."""
    wanted = {action.lower() for action in needed_actions(case)}
    resource = case.request.resource

    def asked_for(effect: AccessEffect) -> bool:
        if case.trust:
            from iam.questions.change.callers_of_resource import can_make

            if not can_make(case.request.principal or "", effect.action):
                return True
        wished = effect.kind in GAINS and effect.action.lower() in wanted
        return wished and (covers(resource, effect.witness) or resource == effect.witness)

    return asked_for


def _anywhere(case: Case) -> Request:
    """Return the request without the keys that only this request has.

    A token's claims are kept, because they are in each request.
    """
    if case.caller.kind is Kind.PROVIDER:
        return case.request
    kept = {key: had for key, had in case.request.context.items() if key.lower().startswith(_LASTING)}
    return replace(case.request, context=kept)


def _of_other_subjects(case: Case, before: Policies, changed: Policies) -> Iterator[Effects]:
    """Yield the effects on the same call made with a token for another subject from the same provider."""
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
    """Return resources similar to this one: another with the same parent, its parents, another of the same kind."""
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
