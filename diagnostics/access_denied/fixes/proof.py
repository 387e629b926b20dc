"""Changes tried out: is the request allowed with the change in place, and what else is allowed that was not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.engine import is_allowed
from diagnostics.wording import TRUST_ACTIONS
from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change import access_change

MOST_SHOWN = 50

_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


def allowed_with(case: Case, changed: Policies, request: Request | None = None) -> bool:
    """Whether the request is allowed under ``changed``, conditions on untold keys being met."""
    return is_allowed(request or case.request, case.hoped(changed))


def newly_allowed(case: Case, changed: Policies) -> tuple[str, ...]:
    """What ``changed`` allows beyond the request: every action that the change names, on this resource, on those
    beside it and on what the changed statements name.

    Each is ``action on resource``, for trust policies ``action by principal``; at most `MOST_SHOWN` and a count.
    """
    effective = case.effective_policies
    before, after = case.hoped(effective), case.hoped(changed)
    trust = case.trust and changed.resource != effective.resource
    if trust:
        # Others are probed too, and the caller's own policies say nothing of them.
        before, after = (replace(policies, identity=(_EVERYTHING,), boundary=None) for policies in (before, after))
        probes = _trust_probes(case)
        found = [words for probe, words in probes if is_allowed(probe, after) and not is_allowed(probe, before)]
    else:
        found = _beyond(case, before, after)
    if len(found) > MOST_SHOWN:
        return (*found[:MOST_SHOWN], f"and {len(found) - MOST_SHOWN} more")
    return tuple(found)


def _beyond(case: Case, before: Policies, after: Policies) -> list[str]:
    request = case.request
    beside = (request.resource, *siblings(request.resource))
    change = access_change(before, after, request, case.account, resources=beside)
    return [
        f"{action} on {changed.resource}"
        for changed in change.newly_allowed
        for action in changed.names()
        if (action.lower(), changed.resource) != (request.action.lower(), request.resource)
    ]


def _trust_probes(case: Case) -> Iterator[tuple[Request, str]]:
    """Other trust actions by the same principal, and the same action by others and by other subjects."""
    request = case.request
    for low in sorted(TRUST_ACTIONS):
        name = _TRUST_SPELLED[low]
        if low != request.action.lower():
            yield replace(request, action=name), f"{name} by {request.principal}"
    account = case.account
    others = [
        f"arn:{account.partition}:iam::{account.id}:root",
        f"arn:{account.partition}:iam::{account.id}:user/rolescope-probe",
        f"arn:{account.partition}:sts::{account.id}:assumed-role/rolescope-probe/probe",
        f"arn:{account.partition}:iam::000000000000:root",
        "rolescope-probe.amazonaws.com",
    ]
    for other in others:
        if other != request.principal:
            yield replace(request, principal=other), f"{request.action} by {other}"
    for key, values in request.context.items():
        if key.lower().endswith(":sub") and values:
            changed = {**request.context, key: (f"{values[0]}-probe",)}
            yield replace(request, context=changed), f"{request.action} with {key} = {values[0]}-probe"


_TRUST_SPELLED = {
    "sts:assumerole": "sts:AssumeRole",
    "sts:assumerolewithsaml": "sts:AssumeRoleWithSAML",
    "sts:assumerolewithwebidentity": "sts:AssumeRoleWithWebIdentity",
    "sts:tagsession": "sts:TagSession",
    "sts:setsourceidentity": "sts:SetSourceIdentity",
    "sts:setcontext": "sts:SetContext",
}


def siblings(resource: str) -> tuple[str, ...]:
    """Resources beside this one: another of the same parent, the parents, another of the same kind."""
    if not resource.startswith("arn:"):
        return ()
    head = ":".join(resource.split(":")[:5])
    rest = resource[len(head) + 1 :]
    found = []
    cut = max(rest.rfind("/"), rest.rfind(":"))
    if cut > 0:
        found.append(f"{head}:{rest[: cut + 1]}rolescope-probe")
    while cut > 0:
        rest = rest[:cut]
        found.append(f"{head}:{rest}")
        cut = max(rest.rfind("/"), rest.rfind(":"))
    kind = re.match(r"[\w-]+(?=[/:])", resource[len(head) + 1 :])
    found.append(
        f"{head}:{kind[0]}/rolescope-probe" if kind and head.split(":")[2] != "s3" else f"{head}:rolescope-probe"
    )
    return tuple(dict.fromkeys(entry for entry in found if entry != resource))


def replaced(policies: Policies, old: NamedPolicy, document: Document) -> Policies:
    """``policies`` with the document of one policy changed, in whichever layer it stands."""

    def swap(policy: NamedPolicy) -> NamedPolicy:
        return replace(policy, document=document) if policy == old else policy

    return policies.mapped(swap)


def with_identity(policies: Policies, policy: NamedPolicy) -> Policies:
    return replace(policies, identity=(*policies.identity, policy))
