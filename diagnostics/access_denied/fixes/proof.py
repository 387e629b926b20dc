"""Evaluate changes: whether the request is allowed once a change is made, and on what the result depends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.owners import owner_of
from diagnostics.access_denied.fixes.copied_conditions import condition_cautions
from diagnostics.access_denied.fixes.effects import session_effects, side_effects
from diagnostics.access_denied.fixes.trust_actions import needed_actions
from diagnostics.access_denied.judge import session_unknown
from diagnostics.effect_words import when
from diagnostics.fix import Change, Fix, HangsOn, Situation, UnknownValue, UnreadLayer
from diagnostics.who import Who
from iam.arn import service_of
from iam.claims import verified
from iam.policy.condition_keys import through_an_endpoint
from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Judged, KeyReading
from iam.questions.change.effects import NOTHING_ELSE


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a fix is verified, and on what its effect depends: the values for `Fix`."""

    verified: bool | None
    hangs_on: tuple[HangsOn, ...] = ()


def proof_of(case: Case, changed: Policies, request: Request | None = None) -> Proof:
    """Return whether ``changed`` allows the request and every action it needs, and on what the result depends.

    The result may depend on layers that could not be read and on keys whose values are unknown.
    """
    request = request or case.request
    proofs = [
        _proof(side, policies, replace(asked, action=action))
        for side, policies, asked in _sides(case, changed, request)
        for action in needed_actions(case)
    ]
    if any(proof.verified is False for proof in proofs):
        return Proof(verified(False))
    hangs_on = tuple(dict.fromkeys(on for proof in proofs for on in proof.hangs_on))
    return Proof(verified(True, hangs_on=hangs_on), hangs_on)


def _sides(case: Case, changed: Policies, request: Request) -> Iterator[tuple[Case, Policies, Request]]:
    """Yield the request under the changed policies, and also for the second resource (`Case.beside`), if any."""
    yield case, changed, request
    if case.beside is not None:
        there, policies = beside_of(case.beside, changed, request)
        yield case.beside, policies, there


def beside_of(beside: Case, changed: Policies, request: Request) -> tuple[Request, Policies]:
    """Return the request and the changed policies for the second resource (`Case.beside`), which has its own policy."""
    own = beside.request
    there = replace(request, resource=own.resource, resource_account=own.resource_account)
    return there, replace(changed, resource=beside.effective_policies.resource)


def _proof(case: Case, changed: Policies, request: Request) -> Proof:
    if not case.resource_known:
        unnamed = (UnknownValue("resource"),) if case.may_be_allowed(changed, request) else ()
        return Proof(verified(bool(unnamed), hangs_on=unnamed), unnamed)

    changed, unread_endpoint = _through_its_endpoint(case, changed, request)
    readings = case.doubting(changed, request, presumed=True)
    optimistic = readings.decision(KeyReading.OPTIMISTIC)
    if not optimistic.allowed:
        return Proof(verified(False))
    # If AWS says that no Deny matched, the Deny statements that only may match are ignored.
    settled = KeyReading.CAUTIOUS if case.no_deny_matched else KeyReading.PESSIMISTIC
    judged = () if readings.decision(settled).allowed else readings.statements(optimistic)
    if judged and not case.no_deny_matched:
        judged = (*judged, *readings.doubts())
    if not case.no_deny_matched:
        # A Deny may test something that the caller may have sent without the text showing it.
        judged = (*judged, *case.doubting(changed, request).doubts())
    layers = (*_unread(case, changed), *unread_endpoint)
    own = _if_its_own(case, layers) if changed.resource == case.effective_policies.resource else ()
    assumed = (UnknownValue(key, _came_through(request, key)) for key in case.assumed)
    hangs_on: tuple[HangsOn, ...] = (*layers, *own, *assumed, *_unknown_values(judged))
    return Proof(verified(True, hangs_on=hangs_on), hangs_on)


def _came_through(request: Request, key: str) -> str:
    """Return a clause naming the endpoint that the call is assumed to have used; "" for another key."""
    present = next((had for name, had in request.context.items() if name.lower() == key.lower()), ())
    return f"the call came through {present[0]}" if key == "aws:SourceVpce" and present else ""


def _unknown_values(judged: Sequence[Judged]) -> Iterator[UnknownValue]:
    """Yield the unknown keys that the statements depend on, each with the required condition if there is only one."""
    clauses: dict[str, set[str]] = {}
    keys: dict[str, str] = {}
    for one in judged:
        for key in one.keys:
            lower = keys.setdefault(key.key.lower(), key.key).lower()
            blocks = tuple(block for block in one.conditions if block.key.lower() == lower)
            plain = key.operator and len(blocks) == 1 and not any("${" in value for value in blocks[0].values)
            allows = one.effect == "Allow"
            sole = plain and (allows or len(one.conditions) == 1)
            clause = when(blocks if allows else (), () if allows else blocks) if sole else ""
            clauses.setdefault(lower, set()).add(clause)
    for lower, name in keys.items():
        yield UnknownValue(name, clauses[lower].pop() if len(clauses[lower]) == 1 else "")


def _through_its_endpoint(case: Case, changed: Policies, request: Request) -> tuple[Policies, tuple[UnreadLayer, ...]]:
    """Return the policies with the policy of the VPC endpoint that the request would use.

    If the endpoint's policy cannot be read, the policies are returned unchanged, with the unread layer.
    """
    if not through_an_endpoint(request.context) or case.through_an_endpoint or changed.vpc_endpoint:
        return changed, ()
    present = next((had for key, had in request.context.items() if key.lower() == "aws:sourcevpce"), ())
    listed = case.reader.vpc_endpoints(service_of(request.action)).value or ()
    one = next((each for each in listed if each.id in present), None)
    if one is None or one.document is None:
        return changed, (UnreadLayer("vpce", None, False),)
    return replace(changed, vpc_endpoint=(NamedPolicy(one.document, one.id),)), ()


def _unread(case: Case, changed: Policies) -> Iterator[UnreadLayer]:
    """Yield the unread layers that matter.

    If ``changed`` makes a layer allow, only the layer's Deny statements matter.
    """
    words = set(case.unread)
    if case.no_deny_matched:
        words -= {"rcp"} if resource_must_allow(case) else {"rcp", "resource"}
    if session_unknown(case):
        words.add("session")
    for word in sorted(words):
        allowed = word in ("resource", "trust") and changed.resource != case.effective_policies.resource
        need_not_allow = allowed or word == "rcp" or (word == "resource" and not resource_must_allow(case))
        if word == "identity":  # within one account, the resource policy's Allow for the caller is sufficient
            need_not_allow = case.may_be_allowed(replace(changed, identity=()))
        yield UnreadLayer(word, _bound_account(case, word), need_not_allow)


def _if_its_own(case: Case, layers: Iterable[UnreadLayer]) -> Iterator[UnknownValue]:
    """Yield the condition that the bucket belongs to the caller's account, if the fix works only in that case.

    It does if the bucket's policy and owner are unknown, and no Allow in that policy is assumed to be needed: S3 ARNs
    contain no account, and the policy of a bucket in another account has to allow the caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    only_denies = any(each.layer == "resource" and each.need_not_allow for each in layers)
    home = case.caller.account_id
    if only_denies and case.owner is None and home and not case.resource_must_allow:
        yield UnknownValue("aws:ResourceAccount", f"the bucket belongs to account {home}")


def resource_must_allow(case: Case) -> bool:
    """Return whether the resource's own policy has to allow the request, or probably has to.

    The policy probably has to if the text says that this policy does not allow the request, or if there are signs that
    the resource is in another account.
    """
    stated = (case.denial.stated_reason or "").endswith(":resource")
    owner = owner_of(case)
    elsewhere = owner is not None and not owner.known
    return case.resource_must_allow or stated or elsewhere


def _bound_account(case: Case, word: str) -> str | None:
    """Return the account whose principals or resources the layer limits, or None if it is unknown."""
    if word in ("resource", "trust", "rcp"):
        return case.owner
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
    """Return a fix that changes the policies to ``changed``, with the evaluation of its effect.

    ``condition`` is the condition of its new statement.
    """
    proof = proof_of(case, changed)
    return Fix(
        title,
        who,
        change,
        proof.verified,
        side_effects(case, changed),
        (*condition_cautions(case, condition), *cautions),
        hangs_on=proof.hangs_on,
        situation=Situation(case.request, changed),
    )


def evaluated_request(case: Case, title: str, who: Who, change: Change, request: Request | None) -> Fix:
    """Return a fix that changes the call, evaluated with the changed ``request`` unless that is None."""
    if request is None:
        return Fix(title, who, change)
    proof = proof_of(case, case.effective_policies, request)
    effects = NOTHING_ELSE
    if proof.verified is not False:
        others = {key: had for key, had in request.context.items() if case.request.context.get(key) != had}
        effects = session_effects(case, others)
    situation = Situation(request, case.effective_policies)
    return Fix(title, who, change, proof.verified, effects, hangs_on=proof.hangs_on, situation=situation)


def evaluated_call(
    case: Case, title: str, who: Who, change: Change, context: Mapping[str, tuple[str, ...]] | None
) -> Fix:
    """Return a fix that repeats the call with these condition keys; not evaluated if ``context`` is None."""
    return evaluated_request(case, title, who, change, None if context is None else with_keys(case.request, context))


def with_keys(request: Request, values: Mapping[str, tuple[str, ...]]) -> Request:
    """Return the request with these condition keys replaced; an empty value removes the key."""
    lowered = {key.lower() for key in values}
    kept = {key: had for key, had in request.context.items() if key.lower() not in lowered}
    return replace(request, context={**kept, **{key: value for key, value in values.items() if value}})


def allowed_with(case: Case, changed: Policies, request: Request | None = None) -> bool:
    """Return whether the request is allowed under ``changed`` if the conditions on unknown keys are met."""
    sides = _sides(case, changed, request or case.request)
    return all(side.may_be_allowed(policies, asked) for side, policies, asked in sides)


def replaced(policies: Policies, old: NamedPolicy, document: Document) -> Policies:
    """Return ``policies`` with the document of ``old`` replaced in every layer that contains it."""

    def swap(policy: NamedPolicy) -> NamedPolicy:
        return replace(policy, document=document) if policy == old else policy

    return policies.mapped(swap)


def with_identity(policies: Policies, policy: NamedPolicy) -> Policies:
    return replace(policies, identity=(*policies.identity, policy))
