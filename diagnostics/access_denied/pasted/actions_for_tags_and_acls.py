"""Find the action that a setting of the call (tags, an ACL) needs, and no policy in the text names."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, names_the_action
from diagnostics.access_denied.request.operation import operation_needs
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.causes.denials.needs_of_settings import shown_setting
from diagnostics.who import Who
from iam.facts.next_actions import SAME
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing


def of_a_setting(denial: Denial, action: str, pasted: Sequence[PastedPolicy]) -> Finding | None:
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
