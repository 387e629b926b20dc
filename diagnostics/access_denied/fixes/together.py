"""Combine changes if several layers deny and no change is sufficient alone.

The result is the smallest set of changes that is sufficient, evaluated together. Each step makes one change and
evaluates the request again, until it is allowed. Changes to one document become one change. A change that the set does
not need is left out, so that the request is denied without any one of the remaining changes. If two resources must
permit the request (`Case.beside`: an access point and its bucket), the steps continue with the other resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.fixes.proof import allowed_with, beside_of, proof_of, with_keys
from diagnostics.access_denied.judge import DenialFinding, judge
from diagnostics.fix import Change, Fix, FixKind, Note, PolicyChange, Situation, Together, TrustChange
from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies

MOST_STEPS = 12

FixesOf = Callable[[DenialFinding, Case], Iterable[Fix]]
"""A function that returns the fixes for a finding about a case."""


_Slot = tuple[Layer, int, int]
"""The position of a policy: its layer, its level, and its place in that level.

In the resource layer, level 1 is the level of the second resource (`Case.beside`).
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """A fix and what it changes: policies by position, condition keys of the request, the request's resource."""

    fix: Fix
    policies: Mapping[_Slot, NamedPolicy]
    context: Mapping[str, tuple[str, ...]]
    resource: str | None


def completed(case: Case, finding: DenialFinding, fixes: list[Fix], fixes_of: FixesOf) -> Iterator[Fix]:
    """Yield the fixes for a finding.

    If none is sufficient alone, the smallest sufficient set replaces the first fix that belongs to it. Fixes with which
    the request is still denied are then left out.
    """
    if any(fix.verified or fix.hangs_on for fix in fixes):
        yield from (fix for fix in fixes if fix.verified is not False or fix.kind is FixKind.NOTE)
        return
    steps = _smallest(case, _steps(case, finding, fixes, fixes_of))
    if not steps:
        yield from _with_the_others(case, finding, fixes, fixes_of)
        return
    there, whole = _with(case, steps)
    proof = proof_of(there, whole.policies, whole.request)
    taken = {step.fix.title for step in steps}
    before = next((at for at, fix in enumerate(fixes) if fix.title in taken), 0)
    others = [fix for fix in fixes if fix.verified is not False and fix.title not in taken]
    yield from (fix for fix in fixes[:before] if fix in others)
    if len(steps) == 1:
        yield replace(steps[0].fix, verified=proof.verified, hangs_on=proof.hangs_on, situation=whole)
    else:
        together = Together(len(steps), proof.verified, proof.hangs_on)
        for step in steps:
            _, alone = _with(case, [step])
            forms = tuple(_in_set(form, together) for form in step.fix.forms)
            yield replace(_in_set(step.fix, together), situation=alone, forms=forms)
    yield from (fix for fix in fixes[before:] if fix in others)


def _with_the_others(case: Case, finding: DenialFinding, fixes: list[Fix], fixes_of: FixesOf) -> Iterator[Fix]:
    """Yield the fixes for a finding, and then the first fix for each other layer that denies.

    Whether they suffice together is unknown, because one of the layers cannot be evaluated.
    """
    several = case.opened.accounts is not None
    refused = several or any(fix.verified is False for fix in fixes)
    found = _of_others(case, finding, fixes_of) if fixes and refused else ()
    said = {fix.title for fix in fixes}
    others = list({fix.title: fix for fix in found if fix.title not in said}.values())  # one tag may help in two layers
    if not several:
        yield from fixes
        yield from (replace(fix, verified=None, hangs_on=(), cautions=(*fix.cautions, AS_WELL)) for fix in others)
        return
    if not others:
        yield from fixes
        return
    together = Together(1 + len(others), None)
    yield replace(_in_set(fixes[0], together), verified=fixes[0].verified)
    yield from (replace(fix, verified=None, hangs_on=(), together=together) for fix in others)
    yield from fixes[1:]


AS_WELL = "Needed as well: another layer also denies the request"


def _of_others(case: Case, finding: DenialFinding, fixes_of: FixesOf) -> Iterator[Fix]:
    """Yield the first fix for each other layer that denies, assuming that all layers before it allow."""
    policies, seen = case.effective_policies, {finding.word}
    for _ in Layer:
        policies = _opened(case, policies, finding.word)
        case = _in(case, Situation(case.request, policies))
        if case.optimistic.allowed:
            return
        finding = judge(case, Witness(), Changes())
        if not finding.word or finding.word in seen:
            return
        seen.add(finding.word)
        if (fix := next(iter(fixes_of(finding, case)), None)) is not None:
            yield fix


def _opened(case: Case, policies: Policies, word: str) -> Policies:
    """Return the policies with one layer replaced so that it denies nothing."""
    match word:
        case "identity":
            return replace(policies, identity=(EVERYTHING,))
        case "resource" | "trust":
            return replace(policies, resource=case.generous_resource_policy(always=True))
        case "boundary":
            return replace(policies, boundary=None)
        case "session":
            return replace(policies, session=None)
        case "scp":
            return replace(policies, scps=None)
        case "rcp":
            return replace(policies, rcps=None)
        case _:
            return replace(policies, vpc_endpoint=None)


EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


def _in_set(fix: Fix, together: Together) -> Fix:
    return replace(fix, verified=False, hangs_on=(), together=together)


def _steps(case: Case, finding: DenialFinding, fixes: Iterable[Fix], fixes_of: FixesOf) -> list[_Step]:
    """Return changes that in sequence make the request allowed, or an empty list if none do."""
    steps: list[_Step] = []
    level = 0
    while len(steps) < MOST_STEPS:
        for fix in fixes:
            leads_on, there = _leads_on(fix, case, finding)
            if leads_on and fix.situation is not None:
                break
        else:
            return []
        steps.append(_step(fix, Situation(case.request, case.effective_policies), fix.situation, level))
        if there is None:
            return steps
        case = there
        if case.beside is not None and case.optimistic.allowed:
            case, level = case.beside, 1 - level
        finding = judge(case, Witness(), Changes())
        fixes = fixes_of(finding, case)
    return []


def _leads_on(fix: Fix, case: Case, finding: DenialFinding) -> tuple[bool, Case | None]:
    """Return whether, with the fix, nothing denies the request or something else does.

    The second value is the case with the fix made, or None if nothing denies the request.
    """
    if fix.situation is None:
        return False, None
    if _allowed(case, fix.situation):
        return True, None
    there = _in(case, fix.situation)
    if there.optimistic.allowed:
        return there.beside is not None, there  # the second resource then denies the request
    return _refusal(judge(there, Witness(), Changes()), there) != _refusal(finding, case), there


def _refusal(finding: DenialFinding, case: Case) -> tuple[object, ...]:
    deny, near = finding.deny, finding.near
    place = (deny.policy.name, deny.policy.arn, deny.statement, deny.level) if deny else None
    lacks = (near.policy.name, near.statement, near.level, *(one.key for one in near.conditions)) if near else None
    if finding.word != "scp":
        return finding.cause, place, lacks, ()
    from diagnostics.access_denied.fixes.guardrails import levels_that_lack  # few denials need it

    return finding.cause, place, lacks, levels_that_lack(case)


def _in(case: Case, situation: Situation) -> Case:
    """Return the case in this situation.

    What the text states is left out, because that is about the original situation.
    """
    denial = replace(case.denial, stated_reason=None, policy_arn=None)
    there = replace(case, denial=denial, request=situation.request, policies=situation.policies, beside=None)
    if case.beside is not None:
        request, policies = beside_of(case.beside, situation.policies, situation.request)
        there.beside = replace(case.beside, denial=denial, request=request, policies=policies, beside=there)
    return there


def _allowed(case: Case, situation: Situation) -> bool:
    return allowed_with(case, situation.policies, situation.request)


# The smallest of them.


def _smallest(case: Case, steps: list[_Step]) -> list[_Step]:
    """Return only the steps that are needed.

    One exception: the first step is always kept if only the text shows that a Deny matched, and that Deny depends on an
    unknown key. The evaluation cannot show that this step is needed, because it assumes a value of the key that allows
    the request.
    """
    steps = _one_a_document(steps)
    denied = (case.denial.stated_reason or "").startswith("explicit:")
    by_text_alone = denied and case.optimistic.outcome is not Outcome.EXPLICIT_DENY
    for step in steps[1:] if by_text_alone else list(steps):
        others = [one for one in steps if one is not step]
        if others and _allowed(*_with(case, others)):
            steps = others
    return steps


def _one_a_document(steps: list[_Step]) -> list[_Step]:
    """Return the steps, with all changes to the same document combined into one step; empty if that is impossible."""
    found: list[_Step] = []
    for step in steps:
        same = next((one for one in found if one.policies.keys() & step.policies.keys()), None)
        if same is None:
            found.append(step)
            continue
        fix = _both(same.fix, step.fix)
        if fix is None:
            return []
        whole = replace(same, fix=fix, policies={**same.policies, **step.policies})
        found = [whole if one is same else one for one in found]
    return found


def _both(first: Fix, second: Fix) -> Fix | None:
    title = f"{first.title}; {second.title[:1].lower()}{second.title[1:]}"
    before, after = first.before, second.after
    match first.change, second.change:
        case (Note(target), _) | (_, Note(target)) if after is not None:
            # The guardrail owner's decision stays a note, whatever else is changed.
            change: Change = Note(target, f"{first.text}\n\n{second.text}", before=before, after=after)
        case (PolicyChange(place), PolicyChange()) | (_, PolicyChange(place)) if after is not None:
            change = PolicyChange(place, after.value, before, after)
        case _, TrustChange(target) if before is not None and after is not None:
            change = TrustChange(target, before, after)
        case _:
            return None
    cautions = tuple(dict.fromkeys((*first.cautions, *second.cautions)))
    return replace(second, title=title, change=change, cautions=cautions)


def _slots(policies: Policies, level: int = 0) -> dict[_Slot, NamedPolicy]:
    """Return every policy by its position: the layer, the level, and the place there.

    ``level`` is the level for the resource's policy.
    """
    resource = (policies.resource,) if policies.resource else ()
    groups: list[tuple[Layer, Iterable[Iterable[NamedPolicy]]]] = [
        (Layer.IDENTITY, (policies.identity,)),
        (Layer.RESOURCE, ((),) * level + (resource,)),
        (Layer.BOUNDARY, (policies.boundary or (),)),
        (Layer.SESSION, (policies.session or (),)),
        (Layer.SCP, policies.scps or ()),
        (Layer.RCP, policies.rcps or ()),
        (Layer.VPC_ENDPOINT, (policies.vpc_endpoint or (),)),
    ]
    return {
        (layer, level, place): policy
        for layer, levels in groups
        for level, its in enumerate(levels)
        for place, policy in enumerate(its)
    }


def _step(fix: Fix, before: Situation, after: Situation, level: int) -> _Step:
    was, now = _slots(before.policies, level), _slots(after.policies, level)
    had, has = before.request.context, after.request.context
    return _Step(
        fix,
        {slot: policy for slot, policy in now.items() if policy != was.get(slot)},
        {key: has.get(key, ()) for key in (*had, *has) if had.get(key) != has.get(key)},
        after.request.resource if level == 0 and after.request.resource != before.request.resource else None,
    )


_OF_BESIDE: _Slot = (Layer.RESOURCE, 1, 0)


def _with(case: Case, steps: Iterable[_Step]) -> tuple[Case, Situation]:
    """Return the case and its situation with the changes of the steps made, including those to `Case.beside`."""
    request, slots = case.request, _slots(case.effective_policies)
    for step in steps:
        slots |= step.policies
        request = replace(with_keys(request, step.context), resource=step.resource or request.resource)
    there = Situation(request, _of_slots(case.effective_policies, slots))
    if case.beside is not None and _OF_BESIDE in slots:
        policies = replace(case.beside.policies, resource=slots[_OF_BESIDE])
        case = replace(case, beside=replace(case.beside, policies=policies))
    return case, there


_Levels = tuple[tuple[NamedPolicy, ...], ...]


def _of_slots(policies: Policies, slots: dict[_Slot, NamedPolicy]) -> Policies:
    def group(layer: Layer, level: int = 0) -> tuple[NamedPolicy, ...]:
        return tuple(policy for slot, policy in sorted(slots.items()) if slot[:2] == (layer, level))

    def levels(layer: Layer, old: _Levels | None) -> _Levels | None:
        return None if old is None else tuple(group(layer, level) for level in range(len(old)))

    return replace(
        policies,
        identity=group(Layer.IDENTITY),
        resource=next(iter(group(Layer.RESOURCE)), None),
        boundary=None if policies.boundary is None else group(Layer.BOUNDARY),
        session=None if policies.session is None else group(Layer.SESSION),
        scps=levels(Layer.SCP, policies.scps),
        rcps=levels(Layer.RCP, policies.rcps),
        vpc_endpoint=None if policies.vpc_endpoint is None else group(Layer.VPC_ENDPOINT),
    )
