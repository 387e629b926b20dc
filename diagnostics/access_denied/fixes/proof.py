"""Changes tried out: is the request allowed with the change in place, and what else is allowed that was not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.match import covers
from iam.policy.principal import TRUST_ACTIONS, Kind, trust_needs
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.compare import access_change
from iam.service_reference import spelled

MOST_SHOWN = 50

_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


def allowed_with(case: Case, changed: Policies, request: Request | None = None) -> bool:
    """Whether the request is allowed under ``changed``, conditions on untold keys being met."""
    return evaluate(request or case.request, case.hoped(changed)).allowed


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
        found = list(
            _trusted_too(case, lambda probe: evaluate(probe, after).allowed and not evaluate(probe, before).allowed)
        )
    else:
        found = _beyond(case, before, after)
    if len(found) > MOST_SHOWN:
        return (*found[:MOST_SHOWN], f"and {len(found) - MOST_SHOWN} more")
    return tuple(found)


def _beyond(case: Case, before: Policies, after: Policies) -> list[str]:
    request = case.request
    beside = (request.resource, *siblings(request.resource))
    change = access_change(before, after, request, case.account, resources=beside)
    found = [
        f"{action} on {any_name(changed.resource)}"
        for changed in change.newly_allowed
        for action in changed.names()
        if action.lower() != request.action.lower() or not covers(request.resource, changed.witness)
    ]
    return found if change.fully_computed else [*found, "perhaps more: not fully computed"]


def any_name(resource: str) -> str:
    """A resource that stands for any of its kind, in words: ``arn:aws:s3:::assets/<any other name>``."""
    return resource.replace(PROBE, "<any other name>")


def needed_actions(case: Case) -> tuple[str, ...]:
    """The actions of a trust policy that the caller needs: the one that was refused, and a service's others."""
    needs = trust_needs(case.caller.arn or "") if case.caller.kind is Kind.SERVICE else ()
    action = spelled(case.request.action)
    return needs if action in needs else (action,)


def _trusted_too(case: Case, newly: Callable[[Request], bool]) -> Iterator[str]:
    """What else is ``newly`` let in, in words: other trust actions by the same principal, the same action by others and
    by other subjects."""
    request, account = case.request, case.account
    own = {request.action.lower(), *(action.lower() for action in needed_actions(case))}
    for low in sorted(TRUST_ACTIONS - own):
        name = _TRUST_SPELLED[low]
        if newly(replace(request, action=name)):
            yield f"{name} by {request.principal}"
    iam, sts = (f"arn:{account.partition}:{service}::{account.id}" for service in ("iam", "sts"))
    others = {
        f"{iam}:root": f"the root user of account {account.id}",
        f"{iam}:user/{PROBE}": f"any other user of account {account.id}",
        f"{sts}:assumed-role/{PROBE}/{PROBE}": f"any other role of account {account.id}",
        f"arn:{account.partition}:iam::000000000000:root": "any other account",
        f"{PROBE}.amazonaws.com": "any other service",
    }
    for other, words in others.items():
        if other != request.principal and newly(replace(request, principal=other)):
            yield f"{request.action} by {words}"
    for key, values in request.context.items():
        if key.lower().endswith(":sub") and values:
            subjects = {PROBE: f"any other {key}", f"{values[0]}-{PROBE}": f"every {key} that begins with {values[0]}"}
            for subject, words in subjects.items():
                if newly(replace(request, context={**request.context, key: (subject,)})):
                    yield f"{request.action} by {words}"
                    break


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
        found.append(f"{head}:{rest[: cut + 1]}{PROBE}")
    while cut > 0:
        rest = rest[:cut]
        found.append(f"{head}:{rest}")
        cut = max(rest.rfind("/"), rest.rfind(":"))
    kind = re.match(r"[\w-]+(?=[/:])", resource[len(head) + 1 :])
    found.append(f"{head}:{kind[0]}/{PROBE}" if kind and head.split(":")[2] != "s3" else f"{head}:{PROBE}")
    return tuple(dict.fromkeys(entry for entry in found if entry != resource))


def replaced(policies: Policies, old: NamedPolicy, document: Document) -> Policies:
    """``policies`` with the document of one policy changed, in whichever layer it stands."""

    def swap(policy: NamedPolicy) -> NamedPolicy:
        return replace(policy, document=document) if policy == old else policy

    return policies.mapped(swap)


def with_identity(policies: Policies, policy: NamedPolicy) -> Policies:
    return replace(policies, identity=(*policies.identity, policy))
