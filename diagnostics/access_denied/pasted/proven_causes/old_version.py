"""Find an Allow with policy variables in a policy whose version treats variables as plain text."""

from __future__ import annotations

import json
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.fix import Fix, Note
from diagnostics.text.policy_questions.mistakes import variable_as_text
from diagnostics.who import Who
from iam.policy.match import names_action


def of_an_old_version(documents: Sequence[PastedPolicy], text: str, action: str) -> Finding | None:
    """Return a finding if every Allow of the action has a variable, in Version 2008-10-17; else None."""
    allows = [
        each
        for one in documents
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or (), action)
    ]
    faults = [
        variable_as_text(text, json.dumps([each.resource, each.not_resource, each.conditions], default=str))
        for each in allows
    ]
    fault = faults[0] if faults else None
    if fault is None or None in faults:
        return None
    said = f"In the text, {_which(allows[0].sid)} names {action}. {fault.sentence}"
    change = Note("the policy in the text", fault.change)
    fix = Fix("Set the policy's Version to 2012-10-17", Who.ACCOUNT_ADMIN, change)
    return Finding("identity.resource-mismatch", fault.sentence.rstrip("."), said, fix=fix)


def _which(sid: str | None) -> str:
    return f"statement {sid}" if sid else "a statement"
