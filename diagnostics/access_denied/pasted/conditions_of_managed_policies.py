"""Say under which condition an AWS managed policy that is attached to the caller allows the denied request."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import remedy
from diagnostics.who import Who
from iam.policy.decision import Fault, NearMiss


def under_conditions(action: str, name: str, near: NearMiss) -> Finding:
    """Return the finding that an attached policy allows the action on the resource only under conditions.

    The text need not show whether they are met.
    """
    needs = [each for each in near.conditions if not each.key.lower().startswith("aws:tagkeys")] or [*near.conditions]
    said = f"{name} allows {action} only under a condition: it {near.sentence}"
    first = needs[0]
    present = first.operator.lower().startswith("null")
    how = remedy(first.key, () if present else first.wanted, present=present)
    note = Note("the request and its resource", f"{how[0].upper()}{how[1:]}. The policy of AWS stays as it is.")
    fix = Fix(f"Meet the condition of {name} on {first.key}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.CONDITION_UNKNOWN.value}", said, f"In the text, {said}.", fix=fix)
