"""Explain what the closest statement lacks, if the text's policies do not allow the request. The text may omit some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from diagnostics.access_denied.near_misses import farthest_first
from diagnostics.access_denied.pasted.evaluation.evaluated import Evaluated
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.nearest_statement.finding import of_near_misses
from diagnostics.access_denied.pasted.placeholders import resource_texts, stated_name, stated_pattern
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from iam.policy.decision import Fault
from iam.policy.explain import LayerExplanation
from iam.policy.match import names_action, overlap


def what_no_policy_allows(case: Evaluated) -> Iterator[Finding]:
    """Yield what the closest statement lacks, if it is certain enough that the text's policies deny the request."""
    action, word = case.action, case.word
    if not _is_denied(case):
        return
    named = [each for one in case.pasted for had in one.written for each in resource_texts(had.get("Resource", []))]
    explained = _as_written(case.explained, case.pasted)
    lacking = of_near_misses(explained, action, word, case.request, case.keys, named)
    wanted = Fault.CONDITION_UNMET.value if case.presumed else ""
    names_part = not case.whole or any(overlap(stated_pattern(each), case.on) for each in named)
    yield from (
        one
        for one in lacking
        if (one.code or "").endswith(wanted)
        and not (case.on_a_pattern and names_part and (one.code or "").endswith(Fault.RESOURCE_MISMATCH.value))
    )


def _is_denied(case: Evaluated) -> bool:
    """Return whether what the documents lack explains the denial, even though the text may omit statements."""
    action, word = case.action, case.word
    is_for_this_resource = (
        case.shown is not None
        or case.takes_no_resource
        or word == "trust"
        or _covers_every_resource(case.pasted, action)
    )
    return (
        (case.whole and is_for_this_resource)
        or ((case.whole or _is_a_list_in_prose(case.pasted, case.denial, word)) and not _may_allow(case.pasted, action))
        or case.presumed
        or _fails_by_condition(case.explained)
    )


def _fails_by_condition(explained: LayerExplanation) -> bool:
    """Return whether the closest statement allows the request except for a condition."""
    nearest = farthest_first(explained.near_misses)
    return bool(nearest) and nearest[0].fault in (Fault.CONDITION_UNMET, Fault.CONDITION_UNKNOWN)


def _covers_every_resource(pasted: Sequence[PastedPolicy], action: str) -> bool:
    """Return whether every Allow of the action covers every resource, so that the call's resource does not matter."""
    named = [
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or (), action)
    ]
    return bool(named) and all("*" in (resources or ()) for resources in named)


def _is_a_list_in_prose(pasted: Sequence[PastedPolicy], denial: Denial, word: str) -> bool:
    """Return whether the layer's policies are lists in prose, and AWS says that none of them allows the request.

    Such a list may omit permissions, but AWS's message shows that the omitted ones do not allow the request either.
    """
    return denial.stated_reason == f"implicit:{word}" and all(one.listed for one in pasted)


def _may_allow(pasted: Sequence[PastedPolicy], action: str) -> bool:
    """Whether an Allow statement covers the action on some resource."""
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    return any(
        names_action(each.action, action)
        if each.action is not None
        else not names_action(each.not_action or (), action)
        for each in allows
    )


def _as_written(explained: LayerExplanation, pasted: Sequence[PastedPolicy]) -> LayerExplanation:
    """Return the near misses with the resources as in the text.

    These replace the resources that match the request best.
    """
    originals: dict[str, str] = {}
    for one in pasted:
        for statement, filled in zip(one.written, one.document.statements, strict=True):
            if "Resource" in statement:
                originals.update(zip(filled.resource or (), resource_texts(statement["Resource"]), strict=False))
    misses = tuple(
        replace(
            near,
            wanted=tuple(dict.fromkeys(stated_name(originals.get(each, each)) for each in near.wanted)),
            part=near.part if near.part == "region" else None,
            sentence="",
        )
        if any(originals.get(each, each) != each for each in near.wanted)
        else near
        for near in explained.near_misses
    )
    return replace(explained, near_misses=misses)
