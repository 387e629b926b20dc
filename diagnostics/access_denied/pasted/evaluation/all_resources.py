"""Explain that a call was checked on all resources, but the statement names only some."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.claims import only
from iam.policy.match import names_action
from iam.service_reference import action as known_action
from iam.words import listing


def narrower_patterns(action: str, on: str, pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the resource patterns in the Allow statements for the action if AWS checked the call on all resources.

    These are * or all resources of a type. For any other call, the list is empty. A call that lists resources without
    an ID is checked on the pattern itself, which a narrower pattern does not match (IAM User Guide, "IAM JSON policy
    elements: Resource": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    known = known_action(action)
    named = [
        each
        for one in pasted
        for statement in one.document.statements
        if statement.effect == "Allow" and names_action(statement.action or (), action)
        for each in statement.resource or ()
    ]
    all_of_a_type = known is not None and known.level == "List" and re.search(r"[:/]\*$", on) is not None
    return named if (all_of_a_type or on == "*") and not any(fnmatchcase(on, each) for each in named) else []


def of_all_resources(action: str, on: str, named: Sequence[str]) -> Finding:
    names = only(listing(list(named)), complete=True)
    whole = "" if on == "*" else ", all of them,"
    said = f"AWS checked the call on {on}{whole}, but the statement names {names}"
    statement = json.dumps({"Effect": "Allow", "Action": action, "Resource": "*"})
    text = f"Add the statement {statement}. Keep {listing(list(named))} as the resource of the other actions."
    note = Note("the policy in the text", text)
    fix = Fix(f"Allow {action} on all resources, in a separate statement", Who.ACCOUNT_ADMIN, note)
    why = (
        "Only a statement with Resource * matches this call."
        if on == "*"
        else "A call that lists resources needs a statement with Resource *."
    )
    sentence = f"The policy in the text does not allow {action}: {said}. {why}"
    return Finding("identity.resource-mismatch", said, sentence, fix=fix)
