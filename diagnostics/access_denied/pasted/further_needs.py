"""Find a further action that the call needs and the text's policies do not allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, names_the_action
from diagnostics.access_denied.request.operation import operation_needs, operation_of
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.causes.denials.needs_of_settings import shown_setting
from diagnostics.who import Who
from iam.facts.next_actions import ROLE, ROLES, SAME, Need
from iam.policy.decision import Fault
from iam.policy.layer import Layer
from iam.policy.match import names_action
from iam.words import listing


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
    return _of_a_setting(denial, action, pasted)


def _of_a_setting(denial: Denial, action: str, pasted: Sequence[PastedPolicy]) -> Finding | None:
    """Return the action on the same resource that a setting in the text requires, and that no policy names; else None.

    Settings are tags and ACLs (`iam.facts.next_actions`).
    """
    statements = [each for one in pasted for each in one.document.statements]
    plain = all(one.whole for one in pasted) and all(each.effect == "Allow" and each.action for each in statements)
    own = [each for each in statements if names_action(each.action or (), action)]
    if not plain or not own or denial.principal:
        return None
    text = denial.pasted or denial.text
    for need in operation_needs(denial, action):
        if need.on != SAME or need.action.lower() == action.lower() or names_the_action(pasted, need.action):
            continue
        if not (setting := shown_setting(need, text).strip(" :=\"'")):
            continue
        said = f"the policy allows {action}, but not {need.action}"
        on = listing(list(dict.fromkeys(part for each in own for part in each.resource or ("*",))))
        sentence = (
            f"Allow {need.action} on {on}. In the text, {said}; the call most likely needs that action, too, "
            f"because of the setting “{setting}”. Or leave that setting out."
        )
        page = f" ({need.page})" if need.page else ""
        note = Note(
            "the policy in the text",
            f"Add {need.action} in addition to {action}{page}. If the call still fails, check the KMS key of the "
            "resource, and look for a Deny in the resource's own policy.",
        )
        fix = Fix(f"Allow {need.action}", Who.ACCOUNT_ADMIN, note)
        return Finding(f"identity.{Fault.NO_ACTION.value}", said, sentence, fix=fix)
    return None


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
