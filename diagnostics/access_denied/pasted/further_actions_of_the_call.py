"""Find a further action that the call needs, such as iam:PassRole, and the text's policies do not allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.actions_for_tags_and_acls import of_a_setting
from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, names_the_action
from diagnostics.access_denied.request.operation import operation_needs, operation_of
from diagnostics.failure import Denial
from iam.facts.next_actions import ROLE, ROLES, Need
from iam.policy.decision import Fault
from iam.policy.layer import Layer


def of_a_further_need(
    denial: Denial, action: str, pasted: Sequence[PastedPolicy], values: tuple[tuple[int, int, Any], ...]
) -> Finding | None:
    """Return what the caller's policies lack for a further action that the call needs; None if they lack nothing.

    Only for a denial without a stated reason, because IAM's own message names the denied action. An action that no
    policy names counts only if the call shows that it passes a role.
    """
    if denial.stated_reason or denial.missing_action or not pasted:
        return None
    for need in operation_needs(denial, action):
        if need.when or need.action.lower() == action.lower():
            continue
        role = _role_of(denial, action) if need.on == ROLE else ""
        if not (role or names_the_action(pasted, need.action)) or need.on not in (ROLE, "*"):
            continue
        asked = replace(denial, action=need.action, resource=role if ":role/" in role else None)
        whole = all(one.whole for one in pasted)
        lacking = list(judge(asked, need.action, pasted, Layer.IDENTITY, "identity", values, whole=whole))
        if lacking and all(_decides(each) for each in lacking):
            return _beside_the_call(lacking[0], need, action)
    return of_a_setting(denial, action, pasted)


def _decides(finding: Finding) -> bool:
    return finding.code is not None and not finding.code.endswith(Fault.CONDITION_UNKNOWN.value)


def _role_of(denial: Denial, action: str) -> str:
    """Return the ARN or name of the role that the call passes; "" if the text does not show it."""
    parameters = operation_of(denial, action).parameters
    return next((parameters[each][0] for each in ROLES if parameters.get(each)), "")


def _beside_the_call(finding: Finding, need: Need, action: str) -> Finding:
    """Return the finding with the reason why the call needs the action."""
    why = "it passes a role" if need.on == ROLE else "it does that, too"
    lead = f"The call needs {need.action} in addition to {action}, because {why}."
    return replace(finding, sentence=f"{lead} {finding.sentence}")
