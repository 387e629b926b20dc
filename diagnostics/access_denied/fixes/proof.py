"""Changes tried out: is the request allowed with the change in place, and what else is allowed that was not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.edits import statements_of
from diagnostics.access_denied.fixes.modelled import condition_cautions
from diagnostics.access_denied.judge import session_unknown
from diagnostics.fix import Change, Fix, HangsOn, Situation, UnreadLayer, UntoldKey, Who
from iam.arn import account_of
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.match import covers
from iam.policy.possible import Judged, Possibility, possible
from iam.policy.principal import TRUST_ACTIONS, Kind, trust_needs
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.compare import access_change
from iam.service_reference import spelled

MOST_SHOWN = 50

_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


@dataclass(frozen=True, slots=True)
class Proof:
    """``verified`` and ``hangs_on`` of a `Fix`."""

    verified: bool | None
    hangs_on: tuple[HangsOn, ...] = ()


def proof_of(case: Case, changed: Policies, request: Request | None = None) -> Proof:
    """Whether the request (all that the caller needs of it) is allowed under ``changed`` alone, and what that hangs
    on: layers that could not be read, and keys whose value is unknown."""
    request = request or case.request
    proofs = [_proof(case, changed, replace(request, action=action)) for action in needed_actions(case)]
    if any(proof.verified is False for proof in proofs):
        return Proof(False)
    hangs_on = tuple(dict.fromkeys(on for proof in proofs for on in proof.hangs_on))
    return Proof(None if hangs_on else True, hangs_on)


def _proof(case: Case, changed: Policies, request: Request) -> Proof:
    if not case.resource_known:
        allowed = evaluate(request, case.hoped(changed)).allowed
        return Proof(None, (UntoldKey("resource"),)) if allowed else Proof(False)

    def absent(key: str) -> bool:
        return not case.is_open(key)

    found = possible(request, changed, absent)
    if found.allowed and found.unless and case.no_deny_matched:
        found = possible(request, _without(changed, found.unless), absent)
    if not found.allowed:
        return Proof(False)
    hangs_on = (*_unread(case), *(() if found.certain else map(UntoldKey, _keys(found, request))))
    return Proof(None if hangs_on else True, hangs_on)


def _without(policies: Policies, denies: tuple[Judged, ...]) -> Policies:
    """``policies`` without these Deny statements."""

    def left(policy: NamedPolicy) -> NamedPolicy:
        gone = {one.statement for one in denies if one.policy == policy}
        if not gone:
            return policy
        statements = statements_of(policy.document.value)
        kept = [one for index, one in enumerate(statements) if index not in gone]
        nothing = {**statements[min(gone)], "Action": "none:None"}
        nothing.pop("NotAction", None)
        value = {**policy.document.value, "Statement": kept or [nothing]}
        return replace(policy, document=Document.from_value(value))

    return policies.mapped(left)


def _keys(found: Possibility, request: Request) -> Iterator[str]:
    """The keys without a value that the outcome hangs on."""
    had = {key.lower() for key in request.context}
    keys: dict[str, str] = {}
    for one in (*found.statements, *found.unless):
        named = (*(block.key for block in one.conditions if block.key.lower() not in had), *one.variables)
        for key in named or tuple(block.key for block in one.conditions):
            keys.setdefault(key.lower(), key)
    yield from keys.values()


def _unread(case: Case) -> Iterator[UnreadLayer]:
    """The layers that could not be read and have a say."""
    words = set(case.unread)
    if case.no_deny_matched:
        words -= {"rcp"} if case.resource_must_allow else {"rcp", "resource"}
    if session_unknown(case):
        words.add("session")
    for word in sorted(words):
        yield UnreadLayer(word, _bound_account(case, word))


def _bound_account(case: Case, word: str) -> str | None:
    """The account for whose principals or resources the layer speaks, where it is known."""
    if word in ("resource", "trust", "rcp"):
        return case.request.resource_account or account_of(case.request.resource)
    return case.caller.account_id


def evaluated(
    case: Case,
    title: str,
    who: Who,
    change: Change,
    changed: Policies,
    *,
    condition: Mapping[str, Any] | None = None,
    cautions: tuple[str, ...] = (),
) -> Fix:
    """A fix of policies, evaluated with ``changed`` in their place; ``condition`` is what its statement asks for."""
    proof = proof_of(case, changed)
    return Fix(
        title,
        who,
        change,
        proof.verified,
        newly_allowed(case, changed),
        (*condition_cautions(case, condition), *cautions),
        hangs_on=proof.hangs_on,
        situation=Situation(case.request, changed),
    )


def evaluated_request(case: Case, title: str, who: Who, change: Change, request: Request | None) -> Fix:
    """A fix of the call, which is made again so; None where it is not known how."""
    if request is None:
        return Fix(title, who, change)
    proof = proof_of(case, case.effective_policies, request)
    situation = Situation(request, case.effective_policies)
    return Fix(title, who, change, proof.verified, hangs_on=proof.hangs_on, situation=situation)


def evaluated_call(
    case: Case, title: str, who: Who, change: Change, context: Mapping[str, tuple[str, ...]] | None
) -> Fix:
    """A fix of the call: it is made again with these condition keys; None where their values are not known."""
    return evaluated_request(case, title, who, change, None if context is None else with_keys(case.request, context))


def with_keys(request: Request, values: Mapping[str, tuple[str, ...]]) -> Request:
    """The request with these condition keys, in the place of what it has for them; no value is none sent."""
    lowered = {key.lower() for key in values}
    kept = {key: had for key, had in request.context.items() if key.lower() not in lowered}
    return replace(request, context={**kept, **{key: value for key, value in values.items() if value}})


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
