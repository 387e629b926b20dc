"""The actions and tags that a call needs in addition to the action that its caller lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.request_tags import why_tags_are_set
from diagnostics.failure import Denial
from diagnostics.fix import Note
from iam.facts.client_calls import client_call
from iam.facts.next_actions import SAME, next_actions
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing


def with_next_ones(finding: Finding, action: str, pasted: Sequence[PastedPolicy]) -> Finding:
    """Return the finding about a missing action, with the actions that the operation always needs afterwards."""
    fix = finding.fix
    if finding.code != f"identity.{Fault.NO_ACTION.value}" or fix is None or not isinstance(fix.change, Note):
        return finding
    if not (lacks := _lacking_too(action, pasted)):
        return finding
    also = (
        f" The call that usually follows needs {listing(lacks)} on the same resource, and no policy in the text "
        "allows this."
    )
    return replace(finding, fix=replace(fix, change=replace(fix.change, text=f"{fix.change.text}{also}")))


def with_client_calls(finding: Finding, denial: Denial, action: str) -> Finding:
    """Return the finding about a missing action, with all actions that the calling program needs."""
    fix, lacks = finding.fix, {f"identity.{each.value}" for each in (Fault.NO_ACTION, Fault.RESOURCE_MISMATCH)}
    if finding.code not in lacks or fix is None or not isinstance(fix.change, Note):
        return finding
    said = client_call(action, denial.resource or "", denial.pasted or denial.text)
    return replace(finding, fix=replace(fix, change=replace(fix.change, text=f"{fix.change.text} {said}".rstrip())))


def with_set_tags(finding: Finding, action: str, denial: Denial) -> Finding:
    """Return the finding. If only the tags of a creation lack an Allow, the finding gets a sentence on the tags."""
    why = why_tags_are_set(action, denial.operation, denial.pasted or denial.text)
    lacks = finding.code == f"identity.{Fault.NO_ACTION.value}"
    return replace(finding, sentence=f"{finding.sentence} {why}") if why and lacks else finding


def next_ones(action: str, pasted: Sequence[PastedPolicy]) -> str:
    """Return a sentence on the further actions that the operation always needs and no Allow in the text covers."""
    lacks = _lacking_too(action, pasted)
    return f" Also add {listing(lacks)}, which the operation needs on the same resource." if lacks else ""


def _lacking_too(action: str, pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the further actions on the resource that the operation always needs and no Allow in the text covers.

    The list is empty if no policy was read, because it is then unknown what the policies lack.
    """
    following = next_actions(action)
    needs = [each.action for each in following.needs if each.on == SAME and not each.when] if following else []
    allows = [each.action or ("*",) for one in pasted for each in one.document.statements if each.effect == "Allow"]
    return [each for each in needs if pasted and not any(names_action(named, each) for named in allows)]
